/**
 * Relative entropy x ln(x/y) of each pair of entries, 0 where x is 0: jointly convex for x >= 0, y > 0.
 * Defined by −entr(x) − x ln y; lowered as y times (x/y) ln(x/y), which is 0 at x = 0.
 */
import type { NodeId } from '../graph/primitive.ts';
import type { Graph } from '../graph/graph.ts';
import type { ArgumentFacts, Atom, DomainRule, Monotonicity } from './atom.ts';
import { applied } from './definition.ts';
import { entr } from './entr.ts';
import type { Expression } from './expression.ts';
import { wholeLine } from './expression.ts';
import { interval, nonNegative } from './interval.ts';
import { log } from './log.ts';
import { multiply } from './multiply.ts';
import { negateAtom } from './negate.ts';
import { broadcastAll } from './shape-rules.ts';
import { subtract } from './subtract.ts';

export const entropyDomain: readonly DomainRule[] = [
  { interval: nonNegative, words: 'at least 0' },
  { interval: interval(0, Infinity), words: 'positive' },
];

/** y (x/y) ln(x/y) */
export function relativeEntropy(graph: Graph, x: NodeId, y: NodeId): NodeId {
  return graph.multiply(y, graph.unary('xlogx', graph.divide(x, y)));
}

/** Decreasing in y; in x, increasing where x >= y/e. */
function moves([x, y]: readonly ArgumentFacts[]): readonly Monotonicity[] {
  const [a, b] = [x?.range ?? wholeLine, y?.range ?? wholeLine];
  const rises = a.lower >= b.upper * 0.3679;
  return [
    rises ? 'increasing' : a.upper <= Math.max(0, b.lower) * 0.3678 ? 'decreasing' : 'none',
    'decreasing',
  ];
}

export const relEntr: Atom = {
  name: 'rel_entr',
  documentation: {
    signature: 'rel_entr(x, y) : the shape to which they spread',
    summary: 'relative entropy of each pair of entries, x ≥ 0 and y > 0; 0 where x is 0',
    formula: 'x ln(x/y)',
  },
  arity: [2, 2],
  shape: broadcastAll,
  domain: () => entropyDomain,
  // For fixed y it is smallest at x = y/e.
  range: ([x, y]) => {
    const [a, b] = [x?.range ?? wholeLine, y?.range ?? wholeLine];
    const value = (s: number, t: number): number =>
      s <= 0 ? 0 : s === Infinity ? Infinity : s * Math.log(s / t);
    const least = -Math.max(0, b.upper) * Math.exp(-1) * (1 + 2 ** -50);
    const nearest = Math.max(0, b.lower);
    return interval(least, Math.max(value(Math.max(0, a.lower), nearest), value(a.upper, nearest)));
  },
  monotonicity: moves,
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: ([x, y], _parameters, span) => {
    const [p, q] = [x, y] as [Expression, Expression];
    const entropy = applied(negateAtom, [applied(entr, [p], span)], span);
    const cross = applied(multiply, [p, applied(log, [q], span)], span);
    return applied(subtract, [entropy, cross], span);
  },
  lower: (graph, [x, y]) => relativeEntropy(graph, x as NodeId, y as NodeId),
};
