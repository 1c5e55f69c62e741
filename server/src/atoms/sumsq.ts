/** Sum of the squares of all entries: strongly convex, with second derivative 2. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, ArgumentFacts, Monotonicity } from './atom.ts';
import { wholeLine } from './expression.ts';
import { entryCount, squareInterval, sumInterval } from './interval.ts';

/** Increasing for arguments that are nowhere negative, as norms are. */
export function normMonotonicity([x]: readonly ArgumentFacts[]): readonly Monotonicity[] {
  const range = x?.range ?? wholeLine;
  return [range.lower >= 0 ? 'increasing' : range.upper <= 0 ? 'decreasing' : 'none'];
}

export const sumsq: Atom = {
  name: 'sumsq',
  documentation: {
    signature: 'sumsq(x : any shape) : scalar',
    summary: 'sum of the squares of all entries',
    formula: '‖x‖² = Σᵢ xᵢ²',
  },
  arity: [1, 1],
  shape: () => [],
  range: ([x]) => sumInterval(squareInterval(x?.range ?? wholeLine), entryCount(x?.shape ?? [])),
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: Infinity,
  lower: (graph, [x]) => graph.sum(graph.power(x as NodeId, 2)),
};
