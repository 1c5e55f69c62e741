/**
 * Hyperbolic tangent of each entry. With T = tanh t: phi' = 1 − T² <= 1 (at 0), phi'' = −2T(1 − T²),
 * at most 4/(3√3) where T² = 1/3, phi''' = (1 − T²)(6T² − 2), 2 at 0 and 2/3 where T² = 2/3.
 */
import { hyperbolicSlope, nearest, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { bendOf, mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { increasingImage } from './interval.ts';

/** 1/cosh² t, without the cancellation of 1 − tanh² t. */
const slope = (t: number): number => {
  const e = Math.exp(-2 * Math.abs(t));
  return (4 * e) / (1 + e) ** 2;
};

export const tanhProfiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: slope,
    extremes: [{ at: 0, size: 1 }],
    formula: (lower, upper) => hyperbolicSlope(nearest(lower, upper)),
  },
  2: {
    size: (t) => 2 * Math.abs(Math.tanh(t)) * slope(t),
    extremes: mirrored({ at: Math.atanh(1 / Math.sqrt(3)), size: roundedUp(4 / (3 * Math.sqrt(3))) }),
  },
  3: {
    size: (t) => slope(t) * Math.abs(6 * Math.tanh(t) ** 2 - 2),
    extremes: mirrored({ at: 0, size: 2 }, { at: Math.atanh(Math.sqrt(2 / 3)), size: roundedUp(2 / 3) }),
  },
};

export const tanh = elementwiseAtom({
  name: 'tanh',
  documentation: {
    signature: 'tanh(t : any shape) : same shape',
    summary: 'hyperbolic tangent of each entry, between −1 and 1',
    formula: '(eᵗ − e⁻ᵗ)/(eᵗ + e⁻ᵗ)',
  },
  range: (t) => increasingImage(t, Math.tanh),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'concave' : t.upper <= 0 ? 'convex' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(tanhProfiles[order], lower, upper),
  bend: bendOf(tanhProfiles[2], (t) => t < 0),
  lower: (graph, t) => graph.unary('tanh', t),
});
