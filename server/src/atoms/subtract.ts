/** `a - b`, entry by entry with broadcasting. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { addIntervals, negateInterval } from './interval.ts';
import { broadcastAll } from './shape-rules.ts';

export const subtract: Atom = {
  name: 'subtract',
  notation: '-',
  documentation: {
    signature: 'a - b',
    summary: 'difference, entry by entry with broadcasting',
    formula: 'a − b',
  },
  arity: [2, 2],
  shape: broadcastAll,
  range: ([a, b]) => addIntervals(a?.range ?? wholeLine, negateInterval(b?.range ?? wholeLine)),
  monotonicity: () => ['increasing', 'decreasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, [a, b]) => graph.subtract(a as NodeId, b as NodeId),
};
