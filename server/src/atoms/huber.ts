/**
 * Huber's function as CVXPY defines it: t^2 up to the threshold M, 2 M |t| - M^2 beyond. Once
 * continuously differentiable: phi'' jumps from 2 to 0 at M, so no Lipschitz Hessian.
 */
import { farthest } from './ball-bounds.ts';
import { elementwiseAtom, numberParameter } from './elementwise.ts';
import { minimum, multiply, number } from './formula.ts';
import { absoluteInterval, increasingImage } from './interval.ts';

export const huber = elementwiseAtom({
  name: 'huber',
  documentation: {
    signature: 'huber(t : any shape, threshold : number > 0 = 1) : same shape',
    summary: 'square up to the threshold M, linear beyond; only once differentiable (smooth_abs is smooth)',
    formula: 't² if |t| ≤ M, else 2M|t| − M²',
  },
  constants: [{ name: 'threshold', default: 1, least: 0, exclusive: true }],
  range: (t, parameters) => {
    const threshold = numberParameter(parameters, 'threshold');
    return increasingImage(absoluteInterval(t), (end) =>
      end <= threshold ? end ** 2 : 2 * threshold * end - threshold ** 2,
    );
  },
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: () => 'convex',
  smoothness: 1,
  derivativeBound: (order, lower, upper, parameters) => {
    if (order === 3) return number(Infinity);
    if (order === 2) return number(2);
    return multiply(
      number(2),
      minimum(farthest(lower, upper), number(numberParameter(parameters, 'threshold'))),
    );
  },
  leastCurvature: () => number(0),
  // c (2t - c) with c = t clipped to [-M, M]: no |t|, whose second derivative at 0 would be lost.
  lower: (graph, t, parameters) => {
    const threshold = numberParameter(parameters, 'threshold');
    const clipped = graph.binary(
      'maximum',
      graph.binary('minimum', t, graph.constant(threshold)),
      graph.constant(-threshold),
    );
    return graph.multiply(clipped, graph.subtract(graph.scale(t, 2), clipped));
  },
});
