/** Each entry kept within [lower, upper]: increasing, neither convex nor concave, with kinks at both ends. */
import type { Parameters } from './atom.ts';
import { elementwiseAtom, numberParameter } from './elementwise.ts';
import { increasingImage } from './interval.ts';
import { piecewiseLinearBound } from './piecewise-linear.ts';

function ends(parameters: Parameters): readonly [number, number] {
  return [numberParameter(parameters, 'least'), numberParameter(parameters, 'most')];
}

export const clip = elementwiseAtom({
  name: 'clip',
  documentation: {
    signature: 'clip(t : any shape, least : number, most : number) : same shape',
    summary:
      'each entry, moved to the nearer end where it lies outside [a, b]; not differentiable at the ends',
    formula: 'min(max(t, a), b)',
  },
  constants: [{ name: 'least' }, { name: 'most', notBelow: 'least' }],
  range: (t, parameters) => {
    const [least, most] = ends(parameters);
    return increasingImage(t, (end) => Math.min(Math.max(end, least), most));
  },
  monotonicity: () => 'increasing',
  curvature: (t, parameters) => {
    const [least, most] = ends(parameters);
    if (t.upper <= least || t.lower >= most || (t.lower >= least && t.upper <= most)) return 'affine';
    if (t.upper <= most) return 'convex';
    return t.lower >= least ? 'concave' : 'none';
  },
  smoothness: 0,
  derivativeBound: (order, lower, upper, parameters) =>
    piecewiseLinearBound(ends(parameters), [0, 1, 0], order, lower, upper),
  lower: (graph, t, parameters) => {
    const [least, most] = ends(parameters);
    return graph.binary('minimum', graph.binary('maximum', t, graph.constant(least)), graph.constant(most));
  },
});
