/** max(t, 0) of each entry; convex with a kink at 0. */
import { elementwiseAtom } from './elementwise.ts';
import { number } from './formula.ts';
import { increasingImage } from './interval.ts';
import { piecewiseLinearBound } from './piecewise-linear.ts';

export const relu = elementwiseAtom({
  name: 'relu',
  documentation: {
    signature: 'relu(t : any shape) : same shape',
    summary: 'positive part of each entry; not differentiable at 0 (softplus is)',
    formula: 'max(t, 0)',
  },
  range: (t) => increasingImage(t, (end) => Math.max(end, 0)),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 || t.upper <= 0 ? 'affine' : 'convex'),
  smoothness: 0,
  derivativeBound: (order, lower, upper) => piecewiseLinearBound([0], [0, 1], order, lower, upper),
  leastCurvature: () => number(0),
  lower: (graph, t) => graph.binary('maximum', t, graph.constant(0)),
});
