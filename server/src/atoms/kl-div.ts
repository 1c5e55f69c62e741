/**
 * The Kullback–Leibler divergence x ln(x/y) − x + y of each pair of entries, as CVXPY and SciPy have it:
 * jointly convex, at least 0, and 0 exactly where x = y. With data x and a rate y it is the Poisson loss.
 */
import type { NodeId } from '../graph/primitive.ts';
import type { ArgumentFacts, Atom, Monotonicity } from './atom.ts';
import { add } from './add.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { wholeLine } from './expression.ts';
import { interval } from './interval.ts';
import { entropyDomain, relativeEntropy, relEntr } from './rel-entr.ts';
import { broadcastAll } from './shape-rules.ts';
import { subtract } from './subtract.ts';

/** Towards each other it falls. */
function moves([x, y]: readonly ArgumentFacts[]): readonly Monotonicity[] {
  const [a, b] = [x?.range ?? wholeLine, y?.range ?? wholeLine];
  if (a.lower >= b.upper) return ['increasing', 'decreasing'];
  return a.upper <= b.lower ? ['decreasing', 'increasing'] : ['none', 'none'];
}

export const klDiv: Atom = {
  name: 'kl_div',
  documentation: {
    signature: 'kl_div(x, y) : the shape to which they spread',
    summary: 'Kullback–Leibler divergence of each pair of entries, x ≥ 0 and y > 0; 0 where they are equal',
    formula: 'x ln(x/y) − x + y',
  },
  arity: [2, 2],
  shape: broadcastAll,
  domain: () => entropyDomain,
  // Convex: the largest value lies at a corner.
  range: ([x, y]) => {
    const [a, b] = [x?.range ?? wholeLine, y?.range ?? wholeLine];
    const value = (s: number, t: number): number => {
      if (s === Infinity || t === Infinity) return Infinity;
      return (s <= 0 ? 0 : s * Math.log(s / t)) - s + t;
    };
    const corners = [a.lower, a.upper].flatMap((s) =>
      [b.lower, b.upper].map((t) => value(Math.max(0, s), Math.max(0, t))),
    );
    return interval(0, Math.max(0, ...corners));
  },
  monotonicity: moves,
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: ([x, y], _parameters, span) => {
    const [p, q] = [x, y] as [Expression, Expression];
    return applied(add, [applied(subtract, [applied(relEntr, [p, q], span), p], span), q], span);
  },
  lower: (graph, [x, y]) => {
    const [p, q] = [x, y] as [NodeId, NodeId];
    return graph.add(graph.subtract(relativeEntropy(graph, p, q), p), q);
  },
};
