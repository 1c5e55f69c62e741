/**
 * The logarithm of the determinant of a symmetric positive definite matrix, concave in it (Boyd &
 * Vandenberghe 2004, section 3.1.5): its gradient is the inverse, so no entry moves it one way.
 */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { asSquare, needsDefinite, requireSquare } from './definite.ts';
import { wholeLine } from './expression.ts';

export const logDet: Atom = {
  name: 'log_det',
  documentation: {
    signature: 'log_det(A : matrix[n, n]) : scalar',
    summary: 'logarithm of the determinant of a symmetric positive definite matrix; concave',
    formula: 'ln det A',
  },
  arity: [1, 1],
  shape: (args) => requireSquare(args, 0) ?? [],
  needs: needsDefinite,
  range: () => wholeLine,
  monotonicity: () => ['none'],
  curvature: () => 'concave',
  smoothness: Infinity,
  lower: (graph, [a]) => graph.logDet(asSquare(graph, a as NodeId)),
};
