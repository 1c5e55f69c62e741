/** Largest absolute value of all entries, or along one axis; convex, with kinks at ties and at 0. */
import type { Expression } from './expression.ts';
import { abs } from './abs.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, graphAxes, reducedShape } from './axis.ts';
import { applied } from './definition.ts';
import { wholeLine } from './expression.ts';
import { absoluteInterval } from './interval.ts';
import { max } from './max.ts';
import { normMonotonicity } from './sumsq.ts';

export const normInf: Atom = {
  name: 'norm_inf',
  documentation: {
    signature: 'norm_inf(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary: 'largest absolute value, of all entries or along one axis; not differentiable at ties',
    formula: '‖x‖∞ = maxᵢ |xᵢ|',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x]) => absoluteInterval(x?.range ?? wholeLine),
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: 0,
  definition: ([x], parameters, span) =>
    applied(max, [applied(abs, [x as Expression], span)], span, parameters),
  lower: (graph, [x], parameters) =>
    graph.largest(graph.unary('absolute', x as NodeId), graphAxes(parameters)),
};
