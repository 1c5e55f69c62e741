/** log(1 + t) of each entry, accurate for small t. */
import { positivePart } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { add, multiply, number, power } from './formula.ts';
import { increasingImage, interval, intersect } from './interval.ts';

export const log1p = elementwiseAtom({
  name: 'log1p',
  documentation: {
    signature: 'log1p(t : any shape) : same shape',
    summary: 'logarithm of 1 + t for each entry, accurate near 0; t must exceed −1',
    formula: 'ln(1 + t)',
  },
  domain: () => ({ interval: interval(-1, Infinity), words: 'larger than −1' }),
  range: (t) => increasingImage(intersect(t, interval(-1, Infinity)), Math.log1p),
  monotonicity: () => 'increasing',
  curvature: () => 'concave',
  smoothness: Infinity,
  derivativeBound: (order, lower) => {
    const bound = power(positivePart(add(number(1), lower)), -order);
    return order === 3 ? multiply(number(2), bound) : bound;
  },
  leastCurvature: (_lower, upper) => power(positivePart(add(number(1), upper)), -2),
  lower: (graph, t) => graph.unary('log1p', t),
});
