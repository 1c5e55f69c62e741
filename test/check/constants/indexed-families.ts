/**
 * Objectives with sums, means and stacks over an index, written in the language: own slices, shared
 * unknowns, both at once, slices at both levels, indices within indices, and `lower each`.
 */
import type { Family } from './families.ts';
import { familyFromText } from './family-from-text.ts';

const written: readonly (readonly [name: string, level: string, upper: string, lower: string, g: string])[] =
  [
    [
      'shared unknown',
      'lower',
      'theta : vector[p]',
      'w : vector[d]',
      'mean(i in s, sumsq(G[i] * w - C * theta)) + 0.1 * sumsq(w)',
    ],
    [
      'own slices, shared theta',
      'lower',
      'V0 : matrix[d, k]',
      'V : tensor[s, d, k]',
      'sum(i in s, mean(logsumexp(G[i] * V[i])) + 0.5 * sumsq(V[i] - V0))',
    ],
    [
      'own slices at both levels',
      'lower',
      'rho : vector[s]',
      'U : matrix[s, d]',
      'sum(i in s, sum(softplus(G[i] * U[i])) + exp(rho[i]) * sumsq(U[i]) + 0.3 * sumsq(U[i]))',
    ],
    [
      'own slices and a shared unknown',
      'lower',
      'rho : vector[s]',
      'U : matrix[s, d]\n  w : vector[d]',
      'mean(i in s, sum(log_cosh(G[i] * (U[i] + w))) + exp(rho[i]) * sumsq(U[i] - w)) + sumsq(w) + 0.2 * sumsq(U)',
    ],
    [
      'each with a shared weight',
      'lower each i in s',
      'alpha : scalar in [0, 2]',
      'u : vector[d] = G[i, 1, :]',
      'sumsq(u - G[i, 1, :]) / 2 + alpha * sum(smooth_abs(u[1..d], 0.3))',
    ],
    [
      'each with parts',
      'lower each i in s',
      'rho : vector[s]\n  beta : scalar',
      'u : vector[d]\n  b : scalar',
      'sum(softplus(G[i] * u + b)) + exp(rho[i]) * u[1] ^ 2 + exp(beta) * sumsq(u[2..d]) + 0.4 * sumsq(u) + 0.1 * b ^ 2',
    ],
    [
      'indices within indices',
      'lower',
      'rho : vector[s]',
      'U : matrix[s, d]',
      'sum(i in s, sum(j in n, log_cosh(dot(G[i, j, :], U[i]) - rho[i])) + sumsq(U[i]) / 5)',
    ],
    [
      'a stack inside',
      'lower',
      'theta : vector[d]',
      'U : matrix[s, d]',
      'sumsq(stack(i in s, tanh(rate * U[i]) .* theta)) + 3 * sumsq(U)',
    ],
    [
      'a sum below a root',
      'lower',
      'rho : vector[s]',
      'U : matrix[s, d]',
      'sqrt(0.5 + sum(i in s, sumsq(G[i] * U[i] - rho[i]))) + 0.3 * sumsq(U)',
    ],
    [
      'neighbours, which are not own',
      'lower',
      'theta : vector[d]',
      'U : matrix[5, d]',
      'sum(i in four, sum(log_cosh(U[i + 1] - U[i] - theta)) + exp(theta[1]) * sumsq(U[i])) + 0.2 * sumsq(U)',
    ],
    [
      'neighbours of several orders, in rows and columns',
      'lower',
      'rho : vector[5]',
      'U : matrix[5, 4]',
      'sum(i in four, exp(rho[i]) * sumsq(U[i + 1, :] - U[i, :])) + sum(i in three, sum(log_cosh(U[i, :] - 2 * U[i + 1, :] + rho[i + 1] * U[i + 2, :]))) + sum(j in four, sum(l in three, softplus(U[l + 2, j] - U[l, j]))) + sumsq(stack(i in four, tanh(U[i + 1, :] - U[i, :]))) + sumsq(U)',
    ],
    [
      'subscripts that skip, and that an inner index moves',
      'lower',
      'rho : vector[four]',
      'U : matrix[7, d]',
      'sum(i in three, sumsq(U[2 * i + 1] - U[2 * i] + U[2 * i - 1])) + mean(i in four, sum(j in three, sum(log_cosh(U[i + j] + rho[i])))) + sum(i in four, sumsq(U[8 - i] - U[i + 3])) + 0.5 * sumsq(U)',
    ],
    [
      'indefinite forms by index',
      'lower',
      'rho : vector[s]',
      'U : matrix[s, d]',
      'sum(i in s, quad_form(U[i], P) * exp(rho[i])) + 0.5 * sumsq(U)',
    ],
    [
      'not all slices',
      'lower',
      'rho : vector[d]',
      'U : matrix[5, d]',
      'sum(i in four, sumsq(U[i] .* exp(rho))) + 0.1 * sumsq(U)',
    ],
  ];

export const indexedFamilies: readonly Family[] = written.map(([name, level, upper, lower, objective]) =>
  familyFromText({ name, level, upper, lower, objective }),
);
