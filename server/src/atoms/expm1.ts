/** e^t − 1 of each entry, accurate for small t; every derivative is e^t. */
import { elementwiseAtom } from './elementwise.ts';
import { exponential } from './formula.ts';
import { increasingImage } from './interval.ts';

export const expm1 = elementwiseAtom({
  name: 'expm1',
  documentation: {
    signature: 'expm1(t : any shape) : same shape',
    summary: 'exponential of each entry minus 1, accurate near 0',
    formula: 'eᵗ − 1',
  },
  range: (t) => increasingImage(t, Math.expm1),
  monotonicity: () => 'increasing',
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (_order, _lower, upper) => exponential(upper),
  leastCurvature: (lower) => exponential(lower),
  lower: (graph, t) => graph.unary('expm1', t),
});
