/** |t| of each entry; convex with a kink at 0, so no certificate rests on its derivatives there. */
import { elementwiseAtom } from './elementwise.ts';
import { number } from './formula.ts';
import { absoluteInterval } from './interval.ts';
import { piecewiseLinearBound } from './piecewise-linear.ts';

export const abs = elementwiseAtom({
  name: 'abs',
  documentation: {
    signature: 'abs(t : any shape) : same shape',
    summary: 'absolute value of each entry; not differentiable at 0 (smooth_abs is)',
    formula: '|t|',
  },
  range: absoluteInterval,
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: (t) => (t.lower >= 0 || t.upper <= 0 ? 'affine' : 'convex'),
  smoothness: 0,
  derivativeBound: (order, lower, upper) => piecewiseLinearBound([0], [-1, 1], order, lower, upper),
  leastCurvature: () => number(0),
  lower: (graph, t) => graph.unary('absolute', t),
});
