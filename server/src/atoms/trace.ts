/** Sum of the diagonal of a square matrix. */
import { constantDimension, formatShape, sameDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { diagonalOf } from '../graph/diagonal.ts';
import { wholeLine } from './expression.ts';
import { sumInterval } from './interval.ts';

export const trace: Atom = {
  name: 'trace',
  documentation: {
    signature: 'trace(A : matrix[n, n]) : scalar',
    summary: 'sum of the diagonal',
    formula: 'Σᵢ Aᵢᵢ',
  },
  arity: [1, 1],
  shape: ([argument]) => {
    const shape = argument as Shape;
    const [rows, columns] = shape;
    if (shape.length === 2 && sameDimension(rows as Dimension, columns as Dimension)) return [];
    return { problem: `a trace needs a square matrix, not ${formatShape(shape)}`, argument: 0 };
  },
  range: ([a]) => {
    const rows = a?.shape[0];
    return sumInterval(a?.range ?? wholeLine, rows === undefined ? undefined : constantDimension(rows));
  },
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, [a]) => graph.sum(diagonalOf(graph, a as NodeId)),
};
