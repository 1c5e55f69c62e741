/**
 * Diagonals by reshaping and padding, without an index table: entry (i, i) of an n x n matrix lies at
 * i (n + 1) of its entries in a row, which is the first column of an n x (n + 1) matrix.
 */
import type { Graph } from './graph.ts';
import type { NodeId } from './primitive.ts';

/** The diagonal [n] of a matrix [n, n]. */
export function diagonalOf(graph: Graph, matrix: NodeId): NodeId {
  const size = graph.shape(matrix)[0] as number;
  const flat = graph.pad(graph.reshape(matrix, [size * size]), [0], [size]);
  const sheared = graph.reshape(flat, [size, size + 1]);
  return graph.reshape(graph.slice(sheared, [0, 0], [size, 1]), [size]);
}

/** The matrix [n, n] with the vector [n] on its diagonal. */
export function diagonalMatrix(graph: Graph, vector: NodeId): NodeId {
  const size = graph.shape(vector)[0] as number;
  const sheared = graph.pad(graph.reshape(vector, [size, 1]), [0, 0], [0, size]);
  const flat = graph.reshape(sheared, [size * (size + 1)]);
  return graph.reshape(graph.slice(flat, [0], [size * size]), [size, size]);
}
