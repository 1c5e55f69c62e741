/**
 * The logistic function s of each entry. s' = s(t) s(−t) <= 1/4 (at 0); s'' = −s' tanh(t/2), at most
 * 1/(6√3) at |t| = ln(2 + √3); s''' = s'(1 − 6 s'), 1/8 at 0 and 1/24 at |t| = ln(5 + 2√6).
 */
import { sigmoid as logistic } from '../graph/scalar-functions.ts';
import { logisticSlope, nearest, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { bendOf, mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { increasingImage } from './interval.ts';

const slope = (t: number): number => logistic(t) * logistic(-t);

export const logisticProfiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: slope,
    extremes: [{ at: 0, size: 1 / 4 }],
    formula: (lower, upper) => logisticSlope(nearest(lower, upper)),
  },
  2: {
    size: (t) => slope(t) * Math.abs(Math.tanh(t / 2)),
    extremes: mirrored({ at: Math.log(2 + Math.sqrt(3)), size: roundedUp(1 / (6 * Math.sqrt(3))) }),
  },
  3: {
    size: (t) => slope(t) * Math.abs(1 - 6 * slope(t)),
    extremes: mirrored(
      { at: 0, size: 1 / 8 },
      { at: Math.log(5 + 2 * Math.sqrt(6)), size: roundedUp(1 / 24) },
    ),
  },
};

export const sigmoid = elementwiseAtom({
  name: 'sigmoid',
  documentation: {
    signature: 'sigmoid(t : any shape) : same shape',
    summary: 'logistic function of each entry, between 0 and 1',
    formula: '1/(1 + e⁻ᵗ)',
  },
  range: (t) => increasingImage(t, logistic),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'concave' : t.upper <= 0 ? 'convex' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(logisticProfiles[order], lower, upper),
  bend: bendOf(logisticProfiles[2], (t) => t < 0),
  lower: (graph, t) => graph.unary('sigmoid', t),
});
