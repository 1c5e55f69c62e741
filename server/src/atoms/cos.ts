/** Cosine of each entry: the sine a quarter of a period ahead. */
import { elementwiseAtom } from './elementwise.ts';
import { sineBend, sineBound, sineCurvature, sineMonotonicity, sineRange } from './sin.ts';

export const cos = elementwiseAtom({
  name: 'cos',
  documentation: {
    signature: 'cos(t : any shape) : same shape',
    summary: 'cosine of each entry, in radians',
    formula: 'cos t',
  },
  range: (t) => sineRange(t, 1),
  monotonicity: (t) => sineMonotonicity(t, 1),
  curvature: (t) => sineCurvature(t, 1),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => sineBound(lower, upper, order + 1),
  bend: (way, lower, upper) => sineBend(way, lower, upper, 1),
  lower: (graph, t) => graph.unary('cos', t),
});
