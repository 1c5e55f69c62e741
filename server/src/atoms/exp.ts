/** exp(t), entry by entry: increasing, convex, every derivative equal to itself. */
import { elementwiseAtom } from './elementwise.ts';
import { exponential } from './formula.ts';
import { increasingImage } from './interval.ts';

export const exp = elementwiseAtom({
  name: 'exp',
  documentation: {
    signature: 'exp(t : any shape) : same shape',
    summary: 'exponential of each entry',
    formula: 'eᵗ',
  },
  range: (t) => increasingImage(t, Math.exp),
  monotonicity: () => 'increasing',
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (_order, _lower, upper) => exponential(upper),
  leastCurvature: (lower) => exponential(lower),
  lower: (graph, t) => graph.unary('exp', t),
});
