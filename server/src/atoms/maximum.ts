/** The larger of several arrays, entry by entry; convex and increasing, with kinks where two are equal. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { interval } from './interval.ts';
import { broadcastAll } from './shape-rules.ts';

export const maximum: Atom = {
  name: 'maximum',
  documentation: {
    signature: 'maximum(a, b, …) : the shape to which they spread',
    summary: 'larger entry of several arrays; not differentiable where two are equal (logsumexp is)',
    formula: 'max(aᵢ, bᵢ)',
  },
  arity: [2, Infinity],
  shape: broadcastAll,
  range: (args) =>
    interval(
      Math.max(...args.map(({ range }) => range.lower)),
      Math.max(...args.map(({ range }) => range.upper)),
    ),
  monotonicity: (args) => args.map(() => 'increasing'),
  curvature: () => 'convex',
  smoothness: 0,
  lower: (graph, args) =>
    args.slice(1).reduce((most, next) => graph.binary('maximum', most, next), args[0] as NodeId),
};
