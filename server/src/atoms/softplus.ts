/**
 * softplus(t) = log(1 + e^t), a smooth max(t, 0); phi' is the logistic function, so |phi'| <= 1,
 * |phi''| <= 1/4, |phi'''| <= 1/(6 sqrt 3). phi''(t) = e^-|t|/(1 + e^-|t|)^2 >= e^-|t|/4.
 */
import { farthest, sigmoidSecond } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { exponential, multiply, negate, number } from './formula.ts';
import { increasingImage } from './interval.ts';

const bounds = { 1: 1, 2: 1 / 4, 3: sigmoidSecond } as const;

/** log(1 + e^t) without overflow. */
export function softplusValue(t: number): number {
  return Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
}

export const softplus = elementwiseAtom({
  name: 'softplus',
  documentation: {
    signature: 'softplus(t : any shape) : same shape',
    summary: 'smooth positive part of each entry, without overflow',
    formula: 'ln(1 + eᵗ)',
  },
  range: (t) => increasingImage(t, softplusValue),
  monotonicity: () => 'increasing',
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order) => number(bounds[order]),
  leastCurvature: (lower, upper) => multiply(number(1 / 4), exponential(negate(farthest(lower, upper)))),
  lower: (graph, t) => graph.unary('softplus', t),
});
