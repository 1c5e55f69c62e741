/** Sum of all entries. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { entryCount, sumInterval } from './interval.ts';

export const sum: Atom = {
  name: 'sum',
  documentation: {
    signature: 'sum(x : any shape) : scalar',
    summary: 'sum of all entries',
    formula: 'Σᵢ xᵢ',
  },
  arity: [1, 1],
  shape: () => [],
  range: ([x]) => sumInterval(x?.range ?? wholeLine, entryCount(x?.shape ?? [])),
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, [x]) => graph.sum(x as NodeId),
};
