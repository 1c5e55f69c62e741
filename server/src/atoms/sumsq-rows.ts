/** The sum of squares of each row of a matrix, or along the last axis of a tensor. */
import { formatShape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { constantDimension } from '../base/dimension.ts';
import { squareInterval, sumInterval } from './interval.ts';
import { normMonotonicity } from './sumsq.ts';

export const sumsqRows: Atom = {
  name: 'sumsq_rows',
  documentation: {
    signature: 'sumsq_rows(A : matrix[m, n]) : vector[m]; sumsq_rows(A : tensor[…, n]) : tensor[…]',
    summary: 'sum of squares of each row, which is the last axis',
    formula: 'Σⱼ Aᵢⱼ²',
  },
  arity: [1, 1],
  shape: ([shape = []]) =>
    shape.length >= 2
      ? shape.slice(0, -1)
      : { problem: `this must be a matrix, but is ${formatShape(shape)}`, argument: 0 },
  range: ([a]) => {
    const columns = a?.shape.at(-1);
    return sumInterval(
      squareInterval(a?.range ?? wholeLine),
      columns === undefined ? undefined : constantDimension(columns),
    );
  },
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: Infinity,
  lower: (graph, [a]) => graph.sum(graph.power(a as NodeId, 2), [graph.shape(a as NodeId).length - 1]),
};
