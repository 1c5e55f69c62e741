/** t^2 of each entry; phi' = 2t, phi'' = 2, phi''' = 0. Also what `t .^ 2` means. */
import { farthest } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { multiply, number } from './formula.ts';
import { squareInterval } from './interval.ts';

export const square = elementwiseAtom({
  name: 'square',
  documentation: {
    signature: 'square(t : any shape) : same shape',
    summary: 'square of each entry',
    formula: 't²',
  },
  range: squareInterval,
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) =>
    order === 1 ? multiply(number(2), farthest(lower, upper)) : number(order === 2 ? 2 : 0),
  leastCurvature: () => number(2),
  lower: (graph, t) => graph.power(t, 2),
});
