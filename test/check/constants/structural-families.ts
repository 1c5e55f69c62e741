/** Objectives with differences, joins and moved entries, as in denoising, written in the language. */
import type { Family } from './families.ts';
import type { WrittenFamily } from './family-from-text.ts';
import { familyFromText } from './family-from-text.ts';

const written: readonly WrittenFamily[] = [
  {
    name: 'smoothed total variation of a signal',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'u : vector[7]',
    objective: 'sumsq(u - signal) / 2 + alpha * sum(smooth_abs(diff(u), 0.3))',
  },
  {
    name: 'differences of several orders, of rows and columns',
    upper: 'rho : vector[3]',
    lower: 'u : matrix[4, 5]',
    objective:
      'sumsq(u - picture) / 2 + exp(rho[1]) * sumsq(diff(u, 2)) + exp(rho[2]) * sum(log_cosh(diff(u, axis = 1))) + exp(rho[3]) * sumsq(diff(diff(u), axis = 1))',
  },
  {
    name: 'sums of the first entries',
    upper: 'target : vector[7]',
    lower: 'u : vector[7]',
    objective: 'sumsq(cumsum(u) - target) + sum(softplus(cumsum(flip(u)) .* signal))',
  },
  {
    name: 'arrays joined and stacked',
    upper: 'rho : scalar',
    lower: 'a : vector[3]\n  b : vector[3]\n  c : scalar',
    objective:
      'sumsq(concat(a, b - filter, filter)) + exp(rho) * sum(log_cosh(stack(a, 2 * b))) + sum(logistic_loss(stack(b, a, axis = 2) * filter[1..2])) + sumsq(stack(c, c)) + sum(tanh(concat(a, b)))',
  },
  {
    name: 'entries moved',
    upper: 'theta : matrix[4, 5]',
    lower: 'u : matrix[4, 5]',
    objective:
      'sumsq(roll(u, 1) - theta) + sum(sigmoid(flip(u, 1) .* roll(theta, 2, 1) - pad(u[:, 2..4], 1, 1))) + sum(logsumexp(permute_axes(u, 2, 1)))',
  },
  {
    name: 'triangles',
    upper: 'theta : scalar',
    lower: 'u : matrix[4, 5]',
    objective: "sum(log_cosh(triu(u) * picture' + theta)) + sumsq(u) + 0.3 * sumsq(tril(u, -1) - picture)",
  },
  {
    name: 'linear maps of what is not linear',
    upper: 'theta : vector[7]',
    lower: 'u : vector[7]',
    objective:
      'sum(tanh(diff(tanh(u .* theta)))) + sum(tanh(cumsum(sigmoid(u)))) + sumsq(u) + sum(log_cosh(pad(softplus(u) - theta, 1, 2)))',
  },
];

export const structuralFamilies: readonly Family[] = written.map(familyFromText);
