/** Smallest of all entries, or along one axis; concave, with kinks where two entries are equally small. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, graphAxes, reducedShape } from './axis.ts';
import { wholeLine } from './expression.ts';

export const min: Atom = {
  name: 'min',
  documentation: {
    signature: 'min(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary:
      'smallest entry, of all or along one axis; not differentiable at ties. Of two arrays: minimum(a, b)',
    formula: 'minᵢ xᵢ',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'concave',
  smoothness: 0,
  lower: (graph, [x], parameters) =>
    graph.negate(graph.largest(graph.negate(x as NodeId), graphAxes(parameters))),
};
