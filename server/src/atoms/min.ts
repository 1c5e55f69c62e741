/** Smallest of all entries; concave, with kinks where two entries are equally small. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';

export const min: Atom = {
  name: 'min',
  documentation: {
    signature: 'min(x : any shape) : scalar',
    summary: 'smallest entry; not differentiable at ties',
    formula: 'minᵢ xᵢ',
  },
  arity: [1, 1],
  shape: () => [],
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'concave',
  smoothness: 0,
  lower: (graph, [x]) => graph.negate(graph.largest(graph.negate(x as NodeId))),
};
