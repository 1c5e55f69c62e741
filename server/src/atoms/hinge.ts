/** The hinge loss max(1 − t, 0) at margin t of each entry; convex and decreasing, with a kink at 1. */
import { elementwiseAtom } from './elementwise.ts';
import { number } from './formula.ts';
import { decreasingImage } from './interval.ts';
import { piecewiseLinearBound } from './piecewise-linear.ts';

export const hinge = elementwiseAtom({
  name: 'hinge',
  documentation: {
    signature: 'hinge(t : any shape) : same shape',
    summary: 'hinge loss at margin t (label −1 or 1 times score); not differentiable at 1 (logistic_loss is)',
    formula: 'max(1 − t, 0)',
  },
  range: (t) => decreasingImage(t, (end) => Math.max(1 - end, 0)),
  monotonicity: () => 'decreasing',
  curvature: (t) => (t.lower >= 1 || t.upper <= 1 ? 'affine' : 'convex'),
  smoothness: 0,
  derivativeBound: (order, lower, upper) => piecewiseLinearBound([1], [-1, 0], order, lower, upper),
  leastCurvature: () => number(0),
  lower: (graph, t) => graph.binary('maximum', graph.subtract(graph.constant(1), t), graph.constant(0)),
});
