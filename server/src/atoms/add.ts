/** `a + b`, entry by entry with broadcasting. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { addIntervals } from './interval.ts';
import { broadcastAll } from './shape-rules.ts';

export const add: Atom = {
  name: 'add',
  notation: '+',
  documentation: { signature: 'a + b', summary: 'sum, entry by entry with broadcasting', formula: 'a + b' },
  arity: [2, 2],
  shape: broadcastAll,
  range: ([a, b]) => addIntervals(a?.range ?? wholeLine, b?.range ?? wholeLine),
  monotonicity: () => ['increasing', 'increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, [a, b]) => graph.add(a as NodeId, b as NodeId),
};
