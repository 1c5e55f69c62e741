/**
 * x' A⁻¹ x for a symmetric positive definite A, the trace of X' A⁻¹ X for a matrix X: jointly convex in both
 * (Boyd & Vandenberghe 2004, example 3.4), named as in CVXPY.
 */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { needsDefinite, requireSides } from './definite.ts';
import { applied } from './definition.ts';
import { dot } from './dot.ts';
import type { Expression } from './expression.ts';
import { nonNegative } from './interval.ts';
import { solutionOf, solve } from './solve.ts';

export const matrixFrac: Atom = {
  name: 'matrix_frac',
  documentation: {
    signature: 'matrix_frac(x : vector[n] or matrix[n, k], A : matrix[n, n]) : scalar',
    summary: 'quadratic form of the inverse of a symmetric positive definite matrix; jointly convex',
    formula: 'xᵀ A⁻¹ x',
  },
  arity: [2, 2],
  shape: (args) => requireSides(args, 1, 0) ?? [],
  needs: needsDefinite,
  range: () => nonNegative,
  monotonicity: () => ['none', 'none'],
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: ([x, a], _parameters, span) =>
    applied(
      dot,
      [x as Expression, applied(solve, [a as Expression, x as Expression], span, { form: 'definite' })],
      span,
    ),
  lower: (graph, [x, a]) => {
    const sides = x as NodeId;
    return graph.sum(graph.multiply(sides, solutionOf(graph, a as NodeId, sides, 'definite')));
  },
};
