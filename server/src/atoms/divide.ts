/**
 * `a / b` by a scalar and `a ./ b` entry by entry. Linear in a; in b, a/b is convex on each side of
 * 0 where it is positive and concave where it is negative.
 */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, ArgumentFacts, Monotonicity } from './atom.ts';
import type { Interval } from './expression.ts';
import { wholeLine } from './expression.ts';
import { multiplyIntervals, reciprocalInterval } from './interval.ts';
import { broadcastAll } from './shape-rules.ts';

function ranges([a, b]: readonly ArgumentFacts[]): readonly [Interval, Interval] {
  return [a?.range ?? wholeLine, b?.range ?? wholeLine];
}

export const divide: Atom = {
  name: 'divide',
  notation: './',
  documentation: {
    signature: 'a / b (b scalar), a ./ b',
    summary: 'quotient, entry by entry with broadcasting',
    formula: 'aᵢ / bᵢ',
  },
  arity: [2, 2],
  shape: broadcastAll,
  range: (args) => {
    const [a, b] = ranges(args);
    return multiplyIntervals(a, reciprocalInterval(b));
  },
  monotonicity: (args) => {
    const [a, b] = ranges(args);
    const inNumerator: Monotonicity = b.lower >= 0 ? 'increasing' : b.upper <= 0 ? 'decreasing' : 'none';
    const oneSide = b.lower >= 0 || b.upper <= 0;
    const inDenominator: Monotonicity = !oneSide
      ? 'none'
      : a.lower >= 0
        ? 'decreasing'
        : a.upper <= 0
          ? 'increasing'
          : 'none';
    return [inNumerator, inDenominator];
  },
  curvature: (args) => {
    const [first, second] = args;
    if (second?.fixed === true) return 'affine';
    if (first?.fixed !== true) return 'none';
    const [a, b] = ranges(args);
    if (b.lower < 0 && b.upper > 0) return 'none';
    const positive = b.lower >= 0;
    if (a.lower >= 0) return positive ? 'convex' : 'concave';
    if (a.upper <= 0) return positive ? 'concave' : 'convex';
    return 'none';
  },
  smoothness: Infinity,
  lower: (graph, [a, b]) => graph.divide(a as NodeId, b as NodeId),
};
