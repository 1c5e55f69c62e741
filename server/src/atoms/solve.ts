/**
 * The solution of A x = b with a symmetric positive definite A, by its Cholesky factor, which all systems with
 * the same matrix and its determinant share. Linear in b; in A it is neither convex nor concave.
 */
import type { Shape } from '../base/dimension.ts';
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { needsDefinite, requireSides } from './definite.ts';
import { wholeLine } from './expression.ts';

/** A⁻¹ B for B [n] or [n, k]. */
export function solutionOf(graph: Graph, matrix: NodeId, sides: NodeId): NodeId {
  const shape = graph.shape(sides);
  const columns = shape.length === 1 ? graph.reshape(sides, [...shape, 1]) : sides;
  return graph.reshape(graph.solve(matrix, columns), shape);
}

export const solve: Atom = {
  name: 'solve',
  documentation: {
    signature: 'solve(A : matrix[n, n], b : vector[n] or matrix[n, k]) : shape of b',
    summary: 'solution of a system with a symmetric positive definite matrix',
    formula: 'A⁻¹ b',
  },
  arity: [2, 2],
  shape: (args) => requireSides(args, 0, 1) ?? (args[1] as Shape),
  needs: needsDefinite,
  range: () => wholeLine,
  monotonicity: () => ['none', 'none'],
  curvature: ([a]) => (a?.fixed === true ? 'affine' : 'none'),
  smoothness: Infinity,
  lower: (graph, [a, b]) => solutionOf(graph, a as NodeId, b as NodeId),
};
