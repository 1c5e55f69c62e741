/** Largest of all entries; convex, with kinks where two entries are equally large. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';

export const max: Atom = {
  name: 'max',
  documentation: {
    signature: 'max(x : any shape) : scalar',
    summary: 'largest entry; not differentiable at ties (logsumexp is)',
    formula: 'maxᵢ xᵢ',
  },
  arity: [1, 1],
  shape: () => [],
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'convex',
  smoothness: 0,
  lower: (graph, [x]) => graph.largest(x as NodeId),
};
