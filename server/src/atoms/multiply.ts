/** `a .* b`, entry by entry with broadcasting. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import { wholeLine } from './expression.ts';
import { multiplyIntervals } from './interval.ts';
import { broadcastAll } from './shape-rules.ts';

export const multiply: Atom = {
  name: 'multiply',
  notation: '.*',
  documentation: {
    signature: 'a .* b',
    summary: 'product, entry by entry with broadcasting',
    formula: 'aᵢ bᵢ',
  },
  arity: [2, 2],
  shape: broadcastAll,
  range: ([a, b]) => multiplyIntervals(a?.range ?? wholeLine, b?.range ?? wholeLine),
  monotonicity: bilinearMonotonicity,
  curvature: bilinearCurvature,
  smoothness: Infinity,
  lower: (graph, [a, b]) => graph.multiply(a as NodeId, b as NodeId),
};
