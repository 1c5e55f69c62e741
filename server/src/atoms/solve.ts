/**
 * The solution of A x = b. Where A is symmetric and positive definite by the way it is written (semidefinite.ts) by
 * its Cholesky factor, else by elimination with pivots (LU); all systems with one matrix, and its determinant, share
 * the factors. Linear in b; in A it is neither convex nor concave.
 */
import type { Shape } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { MatrixForm, NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { asSquare, formOf, invertible, requireSides } from './definite.ts';
import { wholeLine } from './expression.ts';

/** A⁻¹ B for B [n] or [n, k]. */
export function solutionOf(graph: Graph, matrix: NodeId, sides: NodeId, form: MatrixForm): NodeId {
  const shape = graph.shape(sides);
  const columns = shape.length < 2 ? graph.reshape(sides, [shape[0] ?? 1, 1]) : sides;
  return graph.reshape(graph.solve(asSquare(graph, matrix), columns, form), shape);
}

export const solve: Atom = {
  ...invertible,
  name: 'solve',
  documentation: {
    signature: 'solve(A : matrix[n, n], b : vector[n] or matrix[n, k]) : shape of b',
    summary: 'solution of a system: by Cholesky where A is positive definite as written, else by LU',
    formula: 'A⁻¹ b',
  },
  arity: [2, 2],
  shape: (args) => {
    const wrong = requireSides(args, 0, 1, '');
    if (wrong?.argument !== 0 || args[0]?.length !== 2) return wrong ?? (args[1] as Shape);
    return { ...wrong, remedy: "of more equations the least-squares solution is `solve(A' * A, A' * b)`" };
  },
  range: () => wholeLine,
  monotonicity: () => ['none', 'none'],
  curvature: ([a]) => (a?.fixed === true ? 'affine' : 'none'),
  smoothness: Infinity,
  lower: (graph, [a, b], parameters) => solutionOf(graph, a as NodeId, b as NodeId, formOf(parameters)),
};
