/**
 * Arcus tangent of each entry: phi' = 1/(1 + t²) <= 1 (at 0), |phi''| = 2|t|/(1 + t²)² <= 3√3/8 at
 * |t| = 1/√3, |phi'''| = |6t² − 2|/(1 + t²)³, 2 at 0 and 1/2 at |t| = 1.
 */
import { nearest, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { bendOf, mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { add, divide, one, power } from './formula.ts';
import { increasingImage } from './interval.ts';

/** Infinite t stand for limits, which are 0; so does what overflows. */
const isFar = (t: number): boolean => Math.abs(t) > 1e50;

const profiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: (t) => (isFar(t) ? 1e-100 : 1 / (1 + t * t)),
    extremes: [{ at: 0, size: 1 }],
    formula: (lower, upper) => divide(one, add(one, power(nearest(lower, upper), 2))),
  },
  2: {
    size: (t) => (isFar(t) ? 1e-149 : (2 * Math.abs(t)) / (1 + t * t) ** 2),
    extremes: mirrored({ at: 1 / Math.sqrt(3), size: roundedUp((3 * Math.sqrt(3)) / 8) }),
  },
  3: {
    size: (t) => (isFar(t) ? 1e-199 : Math.abs(6 * t * t - 2) / (1 + t * t) ** 3),
    extremes: mirrored({ at: 0, size: 2 }, { at: 1, size: 1 / 2 }),
  },
};

export const atan = elementwiseAtom({
  name: 'atan',
  documentation: {
    signature: 'atan(t : any shape) : same shape',
    summary: 'arcus tangent of each entry, between −π/2 and π/2',
    formula: 'arctan t',
  },
  range: (t) => increasingImage(t, Math.atan),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'concave' : t.upper <= 0 ? 'convex' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(profiles[order], lower, upper),
  bend: bendOf(profiles[2], (t) => t < 0),
  lower: (graph, t) => graph.unary('atan', t),
});
