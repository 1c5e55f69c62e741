/** Square root of each entry: increasing and concave on t >= 0, derivatives unbounded at 0. */
import { positivePart } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { multiply, number, power } from './formula.ts';
import { increasingImage, intersect, nonNegative } from './interval.ts';

// |phi^(k)| = factor t^(1/2 - k)
const factors = { 1: 1 / 2, 2: 1 / 4, 3: 3 / 8 } as const;

export const sqrt = elementwiseAtom({
  name: 'sqrt',
  documentation: {
    signature: 'sqrt(t : any shape) : same shape',
    summary: 'square root of each entry; t must not be negative',
    formula: '√t',
  },
  domain: () => ({ interval: nonNegative, words: 'at least 0' }),
  range: (t) => increasingImage(intersect(t, nonNegative), Math.sqrt),
  monotonicity: () => 'increasing',
  curvature: () => 'concave',
  smoothness: Infinity,
  derivativeBound: (order, lower) =>
    multiply(number(factors[order]), power(positivePart(lower), 1 / 2 - order)),
  leastCurvature: (_lower, upper) => multiply(number(factors[2]), power(positivePart(upper), -3 / 2)),
  lower: (graph, t) => graph.unary('sqrt', t),
});
