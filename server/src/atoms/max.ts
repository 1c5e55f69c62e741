/** Largest of all entries, or along one axis; convex, with kinks where two entries are equally large. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, graphAxes, reducedShape } from './axis.ts';
import { wholeLine } from './expression.ts';

export const max: Atom = {
  name: 'max',
  documentation: {
    signature: 'max(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary:
      'largest entry, of all or along one axis; not differentiable at ties (logsumexp is). Of two arrays: maximum(a, b)',
    formula: 'maxᵢ xᵢ',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'convex',
  smoothness: 0,
  lower: (graph, [x], parameters) => graph.largest(x as NodeId, graphAxes(parameters)),
};
