/** Objectives with inverses, systems and determinants of matrices of either level, definite or not, written in the language. */
import type { Family } from './families.ts';
import type { WrittenFamily } from './family-from-text.ts';
import { familyFromText } from './family-from-text.ts';

const written: readonly WrittenFamily[] = [
  {
    name: 'a system with a matrix of the upper level',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective: "mean((X * solve(P' * P + diag(0.5 + exp(theta)), w)) .^ 2) + sumsq(w)",
  },
  {
    name: 'a quadratic form of an inverse',
    upper: 'alpha : scalar in [0.5, 2]\n  scale : vector[d]',
    lower: 'w : vector[d]',
    objective: "matrix_frac(w - X' * (X * w) / 50, P' * P + alpha * diag(exp(scale)))",
  },
  {
    name: 'a quadratic form of an inverse for every column',
    upper: 'theta : vector[d]',
    lower: 'W : matrix[d, k]',
    objective: "mean(log_cosh(X * W)) + matrix_frac(W, P' * P + diag(0.1 + exp(theta)))",
  },
  {
    name: 'an inner product with a solution',
    upper: 'alpha : scalar in [0.5, 2]\n  scale : vector[d]',
    lower: 'w : vector[d]',
    objective: "dot(w, solve(P' * P + alpha * diag(exp(scale)), w)) + mean(sin(Z * w)) + 3 * sumsq(w)",
  },
  {
    name: 'a determinant that moves with both levels',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective: "3 * sumsq(w) - log_det(P' * P + diag(2 + tanh(w) + 0.5 * sigmoid(theta)))",
  },
  {
    name: 'inverses that move with the lower level',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective:
      "sum(inv(P' * P + diag(1 + softplus(w + theta)))) + matrix_frac(theta, diag(1 + softplus(w)) + X' * X) + 40 * sumsq(w)",
  },
  {
    name: 'a system whose matrix and side move with both levels',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective: "sum(solve(X' * X + diag(2 + tanh(w) .* sigmoid(theta)), w + tanh(theta))) + 20 * sumsq(w)",
  },
  {
    name: 'a determinant of a kernel of the upper level, and its factor',
    upper: 'alpha : scalar in [0.5, 2]',
    lower: 'w : vector[d]',
    objective: 'log_det(exp(alpha) * rbf_kernel(X, X, alpha) + diag(0.1 + (X * w) .^ 2)) + 5 * sumsq(w)',
  },
  {
    name: 'a system with a matrix that is not symmetric, of the upper level',
    upper: 'theta : matrix[d, d]',
    lower: 'w : vector[d]',
    objective: 'mean((X * solve(P + diag(9 + 0 * P[1, :]) + tanh(theta), w)) .^ 2) + 5 * sumsq(w)',
  },
  {
    name: 'a system whose matrix is not symmetric and moves with both levels',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective:
      "sum(solve(P + diag(5 + tanh(w) .* sigmoid(theta)), w + tanh(theta))) + sum(solve(P' + diag(5 - tanh(w)), P)) + 60 * sumsq(w)",
  },
  {
    name: 'an inverse and a determinant that are not of symmetric matrices',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective:
      'sum(inv(P + diag(6 + tanh(w + theta)))) + log_abs_det(P + outer(tanh(w), theta) / 9 + diag(6 + sin(w))) + 60 * sumsq(w)',
  },
  {
    name: 'systems of one equation, which are scalars',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective:
      'solve(2 + sumsq(w), theta[1]) + matrix_frac(sum(w), 1 + exp(theta[1])) + log_abs_det(sin(w[1]) - 3) + inv(1 + sumsq(w)) + 20 * sumsq(w)',
  },
  {
    name: 'a least-squares problem after a system with a fixed matrix',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective: 'sumsq(X * solve(P + diag(7 + 0 * P[1, :]), w - theta)) + sumsq(w)',
  },
];

export const definiteFamilies: readonly Family[] = written.map(familyFromText);
