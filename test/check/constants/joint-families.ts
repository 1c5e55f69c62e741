/** Objectives that are strongly convex jointly, with no term that is so in some of the unknowns alone. */
import type { Family } from './families.ts';
import type { WrittenFamily } from './family-from-text.ts';
import { familyFromText } from './family-from-text.ts';

const written: readonly WrittenFamily[] = [
  {
    name: 'a difference and one of its terms',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'u : vector[7]\n  v : vector[7]',
    objective: 'sumsq(u - v) + (1 + alpha) * sumsq(u - signal)',
  },
  {
    name: 'a chain of scaled differences, weighted',
    upper: 'rho : vector[3]',
    lower: 'u : vector[3]\n  v : vector[3]\n  w : vector[3]',
    objective:
      'exp(rho[1]) * sumsq(u - 2 * v) + mean((v - w / 3) .^ 2) + exp(rho[2]) * sumsq(w) + sum(softplus(u + v))',
  },
  {
    name: 'two blocks of rows that cover the columns together',
    upper: 'alpha : scalar in [1, 2]',
    lower: 'x : vector[d]',
    objective: 'sumsq(G[1, :, :] * x - X[:, 1]) / n + alpha * sumsq(P * x) + 0.1 * sum(log_cosh(Z * x))',
  },
  {
    name: 'smoothing with one anchor',
    upper: 'rho : vector[7]',
    lower: 'u : vector[7]',
    objective: 'sum(exp(rho[1..6]) .* diff(u) .^ 2) + (u[1] - signal[1]) ^ 2',
  },
  {
    name: 'weights of entries, of rows and of all',
    upper: 'weight : vector[n]\n  rho : vector[3]',
    lower: 'W : matrix[d, k]\n  V : matrix[n, k]\n  a : vector[n]',
    objective:
      'sum(exp(weight) .* sumsq_rows(X * W - V)) + dot(exp(weight), (a - V[:, 1]) .^ 2 + 2) + sum(exp(rho) .* mean(a .^ 2)) + sum(Y .^ 2 .* V .^ 2) + sum(exp(weight) .* sum((W[1, :] - V) .^ 2, axis = 2)) + 0.5 * mean(W .^ 2)',
  },
  {
    name: 'joined arrays with weights',
    upper: 'rho : vector[7]',
    lower: 'a : vector[3]\n  b : vector[4]',
    objective: 'sum(exp(rho) .* concat(a - filter, b - a[1]) .^ 2) + sumsq(concat(b[1..3] - a, signal))',
  },
  {
    name: 'a filtered signal and its blurred differences',
    upper: 'rho : scalar',
    lower: 'u : vector[7]\n  v : matrix[3, 4]',
    objective:
      'sumsq(conv1d(u, filter, padding = "zero") - signal) + exp(rho) * sumsq(diff(u)) + sumsq(conv2d(v, filters[1, :, :], padding = "periodic") - picture) + sumsq(u[1..4] - v[1, :])',
  },
  {
    name: 'kernel-free components beside a strongly convex one',
    upper: 'alpha : scalar in [0, 1]',
    lower: 'u : vector[3]\n  v : vector[3]\n  W : matrix[d, k]',
    objective:
      'sumsq(u + v) + sumsq(u - v - filter) / (2 + alpha) + sum(log_cosh(X * W)) + 0.3 * sumsq(W) + 0.05 * sum(tanh(u - v))',
  },
  {
    name: 'neighbours over an index, with an anchor',
    upper: 'rho : scalar',
    lower: 'U : matrix[5, 3]',
    objective:
      'exp(rho) * sum(i in four, sumsq(U[i + 1, :] - U[i, :])) + mean(i in four, i * sumsq(U[1, :] - filter))',
  },
  {
    name: 'what bends up and down by different amounts',
    upper: 'rho : vector[n]\n  alpha : scalar in [0, 1]',
    lower: 'w : vector[d]',
    objective:
      'mean(exp(rho) .* gelu(X * w)) + sum(silu(w - Z[1, :])) - alpha * sum(gelu(2 * w)) + 3 * sumsq(w) - 0.2 * sum(log_cosh(w)) - mean(silu(Z * w))',
  },
  {
    name: 'sizes by number and by name',
    upper: 'rho : vector[3]',
    lower: 'u : vector[3]\n  v : matrix[3, 4]',
    objective:
      'sum(exp(rho) .* stack(i in three, u[i] - i * v[i, 1]) .^ 2) + sum([1, 2, 3] .* filter .* u .^ 2) + sum(filter .^ 2 .* sumsq_rows(v - [1, 2, 3, 4]))',
  },
  {
    name: 'many problems, each strongly convex jointly',
    level: 'lower each i in s',
    upper: 'rho : vector[s]',
    lower: 'a : vector[d]\n  b : vector[d]',
    objective: 'exp(rho[i]) * sumsq(a - b) + sumsq(G[i, :, :] * a) / n + i * sumsq(b - X[1, :])',
  },
];

export const jointFamilies: readonly Family[] = written.map(familyFromText);
