/** The smaller of several arrays, entry by entry; concave and increasing, with kinks where two are equal. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { interval } from './interval.ts';
import { broadcastAll } from './shape-rules.ts';

export const minimum: Atom = {
  name: 'minimum',
  documentation: {
    signature: 'minimum(a, b, …) : the shape to which they spread',
    summary: 'smaller entry of several arrays; not differentiable where two are equal',
    formula: 'min(aᵢ, bᵢ)',
  },
  arity: [2, Infinity],
  shape: broadcastAll,
  range: (args) =>
    interval(
      Math.min(...args.map(({ range }) => range.lower)),
      Math.min(...args.map(({ range }) => range.upper)),
    ),
  monotonicity: (args) => args.map(() => 'increasing'),
  curvature: () => 'concave',
  smoothness: 0,
  lower: (graph, args) =>
    args.slice(1).reduce((least, next) => graph.binary('minimum', least, next), args[0] as NodeId),
};
