/** The sum of squares of each row of a matrix. */
import type { Dimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { constantDimension } from '../base/dimension.ts';
import { squareInterval, sumInterval } from './interval.ts';
import { requireRank } from './shape-rules.ts';
import { normMonotonicity } from './sumsq.ts';

export const sumsqRows: Atom = {
  name: 'sumsq_rows',
  documentation: {
    signature: 'sumsq_rows(A : matrix[m, n]) : vector[m]',
    summary: 'sum of squares of each row',
    formula: 'Σⱼ Aᵢⱼ²',
  },
  arity: [1, 1],
  shape: (args) => requireRank(args, 0, [2], 'a matrix') ?? [args[0]?.[0] as Dimension],
  range: ([a]) => {
    const columns = a?.shape[1];
    return sumInterval(
      squareInterval(a?.range ?? wholeLine),
      columns === undefined ? undefined : constantDimension(columns),
    );
  },
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: Infinity,
  lower: (graph, [a]) => graph.sum(graph.power(a as NodeId, 2), [1]),
};
