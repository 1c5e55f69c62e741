/**
 * The pinball loss of quantile regression at level q: q t above 0 and (q − 1) t below, with a kink at 0.
 * Its minimiser over a constant shift is the q-quantile. Smooth near it: q t + w softplus(−t/w).
 */
import { elementwiseAtom, numberParameter } from './elementwise.ts';
import { number } from './formula.ts';
import { interval } from './interval.ts';
import { piecewiseLinearBound, slopesWithin } from './piecewise-linear.ts';

export const pinball = elementwiseAtom({
  name: 'pinball',
  documentation: {
    signature: 'pinball(t : any shape, level : number from 0 to 1) : same shape',
    summary: 'loss of quantile regression of the residual t at level q; not differentiable at 0',
    formula: 'max(q t, (q − 1) t)',
  },
  constants: [{ name: 'level', least: 0, most: 1 }],
  range: (t, parameters) => {
    const level = numberParameter(parameters, 'level');
    const value = (end: number): number => {
      const slope = end >= 0 ? level : level - 1;
      return slope === 0 ? 0 : slope * end;
    };
    const ends = [value(t.lower), value(t.upper)];
    return interval(t.lower <= 0 && t.upper >= 0 ? 0 : Math.min(...ends), Math.max(...ends));
  },
  monotonicity: (t, parameters) => {
    const level = numberParameter(parameters, 'level');
    const slopes = slopesWithin([0], [level - 1, level], t);
    if (slopes.every((slope) => slope >= 0)) return 'increasing';
    return slopes.every((slope) => slope <= 0) ? 'decreasing' : 'none';
  },
  curvature: (t) => (t.lower >= 0 || t.upper <= 0 ? 'affine' : 'convex'),
  smoothness: 0,
  derivativeBound: (order, lower, upper, parameters) => {
    const level = numberParameter(parameters, 'level');
    return piecewiseLinearBound([0], [level - 1, level], order, lower, upper);
  },
  leastCurvature: () => number(0),
  // q t + max(−t, 0): the two slopes differ by 1 exactly, whatever the rounding of 1 − q.
  lower: (graph, t, parameters) =>
    graph.add(
      graph.scale(t, numberParameter(parameters, 'level')),
      graph.binary('maximum', graph.negate(t), graph.constant(0)),
    ),
});
