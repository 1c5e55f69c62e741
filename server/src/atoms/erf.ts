/**
 * The error function of each entry. phi' = 2/√π exp(−t²), largest at 0; |phi''| = 2|t| phi', largest at
 * |t| = 1/√2; |phi'''| = |4t² − 2| phi', largest at 0, with another peak at |t| = √(3/2).
 */
import { erf as errorFunction } from '../graph/error-function.ts';
import { nearest, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { bendOf, mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { exponential, multiply, negate, number, power } from './formula.ts';
import { increasingImage } from './interval.ts';

const top = 2 / Math.sqrt(Math.PI);
const slope = (t: number): number => top * Math.exp(-t * t);
/** 0 · infinity is the limit 0 here. */
const weighted = (factor: number, t: number): number => (Math.abs(t) > 30 ? 0 : factor * slope(t));

const profiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: slope,
    extremes: [{ at: 0, size: roundedUp(top) }],
    formula: (lower, upper) =>
      multiply(number(roundedUp(top)), exponential(negate(power(nearest(lower, upper), 2)))),
  },
  2: {
    size: (t) => weighted(2 * Math.abs(t), t),
    extremes: mirrored({ at: Math.SQRT1_2, size: roundedUp(Math.SQRT2 * slope(Math.SQRT1_2)) }),
  },
  3: {
    size: (t) => weighted(Math.abs(4 * t * t - 2), t),
    extremes: mirrored(
      { at: 0, size: roundedUp(2 * top) },
      { at: Math.sqrt(1.5), size: roundedUp(4 * slope(Math.sqrt(1.5))) },
    ),
  },
};

export const erf = elementwiseAtom({
  name: 'erf',
  documentation: {
    signature: 'erf(t : any shape) : same shape',
    summary: 'error function of each entry; the normal distribution function is (1 + erf(t / 2 ^ 0.5)) / 2',
    formula: '2/√π ∫₀ᵗ exp(−s²) ds',
  },
  range: (t) => increasingImage(t, errorFunction),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'concave' : t.upper <= 0 ? 'convex' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(profiles[order], lower, upper),
  bend: bendOf(profiles[2], (t) => t < 0),
  lower: (graph, t) => graph.unary('erf', t),
});
