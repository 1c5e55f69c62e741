/**
 * diag(v): the matrix with v on its diagonal; diag(A): the diagonal of a square matrix. Entry (i, i)
 * of an n x n matrix lies at i (n + 1) of its entries in a row, the first column of an n x (n + 1)
 * matrix: reshaping and padding do both ways without an index table.
 */
import { formatShape, sameDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { hull, interval } from './interval.ts';

export function diagonalOf(graph: Graph, matrix: NodeId): NodeId {
  const size = graph.shape(matrix)[0] as number;
  const flat = graph.pad(graph.reshape(matrix, [size * size]), [0], [size]);
  const sheared = graph.reshape(flat, [size, size + 1]);
  return graph.reshape(graph.slice(sheared, [0, 0], [size, 1]), [size]);
}

function diagonalMatrix(graph: Graph, vector: NodeId): NodeId {
  const size = graph.shape(vector)[0] as number;
  const sheared = graph.pad(graph.reshape(vector, [size, 1]), [0, 0], [0, size]);
  const flat = graph.reshape(sheared, [size * (size + 1)]);
  return graph.reshape(graph.slice(flat, [0], [size * size]), [size, size]);
}

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
