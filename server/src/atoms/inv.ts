/**
 * The inverse of a matrix, as the solution for the columns of the identity. Where it only multiplies a vector or a
 * matrix, `solve` does less work.
 */
import type { Shape } from '../base/dimension.ts';
import { diagonalMatrix } from '../graph/diagonal.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { asSquare, formOf, invertible, requireSquare } from './definite.ts';
import { wholeLine } from './expression.ts';

export const inv: Atom = {
  ...invertible,
  name: 'inv',
  documentation: {
    signature: 'inv(A : matrix[n, n]) : matrix[n, n]',
    summary: 'inverse of a matrix; `solve(A, b)` where it multiplies b',
    formula: 'A⁻¹',
  },
  arity: [1, 1],
  shape: (args) => requireSquare(args, 0, '') ?? (args[0] as Shape),
  range: () => wholeLine,
  monotonicity: () => ['none'],
  curvature: () => 'none',
  smoothness: Infinity,
  lower: (graph, [a], parameters) => {
    const matrix = asSquare(graph, a as NodeId);
    const identity = diagonalMatrix(graph, graph.filled(1, graph.shape(matrix).slice(-1)));
    return graph.reshape(graph.solve(matrix, identity, formOf(parameters)), graph.shape(a as NodeId));
  },
};
