/** diag(v): the matrix with v on its diagonal; diag(A): the diagonal of a square matrix. */
import { formatShape, sameDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import { diagonalMatrix, diagonalOf } from '../graph/diagonal.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { hull, interval } from './interval.ts';

export const diag: Atom = {
  name: 'diag',
  documentation: {
    signature: 'diag(v : vector[n]) : matrix[n, n]; diag(A : matrix[n, n]) : vector[n]',
    summary: 'diagonal matrix of a vector, or diagonal of a matrix',
    formula: 'diag(v)ᵢᵢ = vᵢ',
  },
  arity: [1, 1],
  shape: ([argument]) => {
    const shape = argument as Shape;
    const [first, second] = shape;
    if (shape.length === 1) return [first as Dimension, first as Dimension];
    if (shape.length === 2 && sameDimension(first as Dimension, second as Dimension))
      return [first as Dimension];
    return { problem: `this must be a vector or a square matrix, but is ${formatShape(shape)}`, argument: 0 };
  },
  range: ([a]) => {
    const range = a?.range ?? wholeLine;
    return a?.shape.length === 1 ? hull(range, interval(0, 0)) : range;
  },
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, args) => {
    const [a] = args as readonly [NodeId];
    return graph.shape(a).length === 1 ? diagonalMatrix(graph, a) : diagonalOf(graph, a);
  },
};
