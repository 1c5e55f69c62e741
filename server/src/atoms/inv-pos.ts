/** 1/t of each entry for t > 0, where it is convex and decreasing (`1 ./ t` is defined for t < 0 too). */
import { positivePart } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { divide, multiply, number, power } from './formula.ts';
import { decreasingImage, interval, intersect, nonNegative } from './interval.ts';

/** k! */
const factors = { 1: 1, 2: 2, 3: 6 } as const;

export const invPos = elementwiseAtom({
  name: 'inv_pos',
  documentation: {
    signature: 'inv_pos(t : any shape) : same shape',
    summary: 'reciprocal of each entry, which must be positive; convex there',
    formula: '1/t, t > 0',
  },
  domain: () => ({ interval: interval(0, Infinity), words: 'positive' }),
  range: (t) => decreasingImage(intersect(t, nonNegative), (end) => 1 / end),
  monotonicity: () => 'decreasing',
  curvature: () => 'convex',
  smoothness: Infinity,
  // k!/t^(k+1) is largest at the lower end; infinite when that may reach 0.
  derivativeBound: (order, lower) =>
    multiply(number(factors[order]), power(positivePart(lower), -(order + 1))),
  leastCurvature: (_lower, upper) => divide(number(2), power(positivePart(upper), 3)),
  lower: (graph, t) => graph.unary('reciprocal', t),
});
