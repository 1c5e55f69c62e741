/**
 * log cosh t, a smooth |t|: phi' = tanh, so |phi'| <= 1, phi'' <= 1, |phi'''| <= 4/(3 sqrt 3).
 * phi'' = 1/cosh^2 t >= e^(-2|t|). Lowered as softplus(2t) - t - log 2, which is smooth at 0 (the
 * form with |t| would lose the second derivative there) and does not overflow.
 */
import { farthest, tanhSecond } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { exponential, multiply, number } from './formula.ts';
import { absoluteInterval, increasingImage } from './interval.ts';

const bounds = { 1: 1, 2: 1, 3: tanhSecond } as const;

export const logCosh = elementwiseAtom({
  name: 'log_cosh',
  documentation: {
    signature: 'log_cosh(t : any shape) : same shape',
    summary: 'logarithm of the hyperbolic cosine of each entry, a smooth absolute value',
    formula: 'ln cosh t',
  },
  range: (t) =>
    increasingImage(absoluteInterval(t), (end) =>
      // Beyond 20 the correction is below the rounding of t itself, and cosh may overflow.
      end > 20 ? end - Math.LN2 : Math.log(Math.cosh(end)),
    ),
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order) => number(bounds[order]),
  leastCurvature: (lower, upper) => exponential(multiply(number(-2), farthest(lower, upper))),
  lower: (graph, t) =>
    graph.subtract(
      graph.subtract(graph.unary('softplus', graph.scale(t, 2)), t),
      graph.unary('log', graph.constant(2)),
    ),
});
