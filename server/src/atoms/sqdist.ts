/**
 * Squared distances between the rows of two matrices, from the differences themselves: the shorter way over
 * ‖x‖² + ‖y‖² − 2⟨x, y⟩ loses all digits where rows are close, which is where kernels look.
 */
import { fixedDimension, formatDimension, formatShape, sameDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, ShapeProblem } from './atom.ts';
import { applied } from './definition.ts';
import { wholeLine } from './expression.ts';
import type { Expression } from './expression.ts';
import { addIntervals, negateInterval, squareInterval, sumInterval } from './interval.ts';
import { reshape, reshaping } from './reshape.ts';
import { subtract } from './subtract.ts';
import { sumsqRows } from './sumsq-rows.ts';
import { constantDimension } from '../base/dimension.ts';

/** Two matrices with as many columns: the shape of what there is for each pair of rows. */
export function pairsOfRows(args: readonly Shape[]): Shape | ShapeProblem {
  const [x, y] = args as readonly [Shape, Shape];
  const argument = [x, y].findIndex((shape) => shape.length !== 2);
  if (argument >= 0) {
    const shape = argument === 0 ? x : y;
    return { problem: `this must be a matrix with a point a row, but is ${formatShape(shape)}`, argument };
  }
  const [columns, others] = [x[1] as Dimension, y[1] as Dimension];
  if (sameDimension(columns, others)) return [x[0] as Dimension, y[0] as Dimension];
  return {
    problem: `rows of ${formatDimension(columns)} entries against rows of ${formatDimension(others)}`,
    remedy: 'both matrices need the same columns',
    argument: 1,
  };
}

export function squaredDistances(graph: Graph, x: NodeId, y: NodeId): NodeId {
  const [rows, columns] = graph.shape(x) as [number, number];
  const differences = graph.subtract(graph.reshape(x, [rows, 1, columns]), y);
  return graph.sum(graph.power(differences, 2), [2]);
}

export const sqdist: Atom = {
  name: 'sqdist',
  documentation: {
    signature: 'sqdist(X : matrix[m, d], Y : matrix[n, d]) : matrix[m, n]',
    summary: 'squared distances between the rows of two matrices',
    formula: '‖xᵢ − yⱼ‖²',
  },
  arity: [2, 2],
  shape: pairsOfRows,
  range: ([x, y]) => {
    const columns = x?.shape[1];
    const difference = addIntervals(x?.range ?? wholeLine, negateInterval(y?.range ?? wholeLine));
    return sumInterval(
      squareInterval(difference),
      columns === undefined ? undefined : constantDimension(columns),
    );
  },
  monotonicity: () => ['none', 'none'],
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: (args, _parameters, span) => {
    const [x, y] = args as readonly [Expression, Expression];
    const [rows, columns] = x.shape as [Dimension, Dimension];
    const points = applied(reshape, [x], span, reshaping([rows, fixedDimension(1), columns]));
    return applied(sumsqRows, [applied(subtract, [points, y], span)], span);
  },
  lower: (graph, [x, y]) => squaredDistances(graph, x as NodeId, y as NodeId),
};
