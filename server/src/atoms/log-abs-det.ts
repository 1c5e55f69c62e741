/** The logarithm of the absolute value of the determinant of any invertible matrix: log-volumes of linear maps. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { asSquare, formOf, invertible, requireSquare } from './definite.ts';
import { wholeLine } from './expression.ts';

export const logAbsDet: Atom = {
  ...invertible,
  name: 'log_abs_det',
  documentation: {
    signature: 'log_abs_det(A : matrix[n, n]) : scalar',
    summary: 'logarithm of the absolute value of the determinant; `log_det` where A is positive definite',
    formula: 'ln |det A|',
  },
  arity: [1, 1],
  shape: (args) => requireSquare(args, 0, '') ?? [],
  range: () => wholeLine,
  monotonicity: () => ['none'],
  curvature: () => 'none',
  smoothness: Infinity,
  lower: (graph, [a], parameters) => graph.logDet(asSquare(graph, a as NodeId), formOf(parameters)),
};
