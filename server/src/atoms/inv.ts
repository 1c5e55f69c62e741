/**
 * The inverse of a symmetric positive definite matrix, as the solution for the columns of the identity. Where
 * it only multiplies a vector or a matrix, `solve` does less work.
 */
import type { Shape } from '../base/dimension.ts';
import { diagonalMatrix } from '../graph/diagonal.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { needsDefinite, requireSquare } from './definite.ts';
import { wholeLine } from './expression.ts';

export const inv: Atom = {
  name: 'inv',
  documentation: {
    signature: 'inv(A : matrix[n, n]) : matrix[n, n]',
    summary: 'inverse of a symmetric positive definite matrix; `solve(A, b)` where it multiplies b',
    formula: 'A⁻¹',
  },
  arity: [1, 1],
  shape: (args) => requireSquare(args, 0) ?? (args[0] as Shape),
  needs: needsDefinite,
  range: () => wholeLine,
  monotonicity: () => ['none'],
  curvature: () => 'none',
  smoothness: Infinity,
  lower: (graph, [a]) => {
    const matrix = a as NodeId;
    return graph.solve(matrix, diagonalMatrix(graph, graph.filled(1, graph.shape(matrix).slice(-1))));
  },
};
