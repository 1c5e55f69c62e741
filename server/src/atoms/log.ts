/** Natural logarithm of each entry; derivatives are bounded where the argument stays away from 0. */
import { positivePart } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { multiply, number, power } from './formula.ts';
import { increasingImage, interval, intersect, nonNegative } from './interval.ts';

export const log = elementwiseAtom({
  name: 'log',
  documentation: {
    signature: 'log(t : any shape) : same shape',
    summary: 'natural logarithm of each entry; t must be positive',
    formula: 'ln t',
  },
  domain: () => ({ interval: interval(0, Infinity), words: 'positive' }),
  range: (t) => increasingImage(intersect(t, nonNegative), Math.log),
  monotonicity: () => 'increasing',
  curvature: () => 'concave',
  smoothness: Infinity,
  // |log^(k)| = (k - 1)! / t^k, largest at the lower end; infinite when that may reach 0.
  derivativeBound: (order, lower) => {
    const bound = power(positivePart(lower), -order);
    return order === 3 ? multiply(number(2), bound) : bound;
  },
  leastCurvature: (_lower, upper) => power(positivePart(upper), -2),
  lower: (graph, t) => graph.unary('log', t),
});
