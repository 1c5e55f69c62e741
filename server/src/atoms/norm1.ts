/** Sum of the absolute values of all entries, or along one axis; convex, with kinks where an entry is 0. */
import type { Expression } from './expression.ts';
import { abs } from './abs.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, graphAxes, reducedCount, reducedShape } from './axis.ts';
import { applied } from './definition.ts';
import { wholeLine } from './expression.ts';
import { absoluteInterval, sumInterval } from './interval.ts';
import { sum } from './sum.ts';
import { normMonotonicity } from './sumsq.ts';

export const norm1: Atom = {
  name: 'norm1',
  documentation: {
    signature: 'norm1(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary:
      'sum of absolute values, of all entries or along one axis; not differentiable where an entry is 0',
    formula: '‖x‖₁ = Σᵢ |xᵢ|',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x], parameters) =>
    sumInterval(absoluteInterval(x?.range ?? wholeLine), reducedCount(x?.shape ?? [], parameters)),
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: 0,
  definition: ([x], parameters, span) =>
    applied(sum, [applied(abs, [x as Expression], span)], span, parameters),
  lower: (graph, [x], parameters) => graph.sum(graph.unary('absolute', x as NodeId), graphAxes(parameters)),
};
