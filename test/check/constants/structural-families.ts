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
    lower: 'u : matrix[3, 4]',
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
    upper: 'theta : matrix[3, 4]',
    lower: 'u : matrix[3, 4]',
    objective:
      'sumsq(roll(u, 1) - theta) + sum(sigmoid(flip(u, 1) .* roll(theta, 2, 1) - pad(u[:, 2..3], 1, 1))) + sum(logsumexp(permute_axes(u, 2, 1)))',
  },
  {
    name: 'products of the matrices of a batch',
    upper: 'theta : tensor[s, d, 2]',
    lower: 'u : tensor[s, d, 2]',
    objective:
      "sumsq(G * (u - theta)) + 2 * sumsq(u) + sum(tanh(G * u)) + sum(log_cosh(u' * theta)) + sum(tanh(C' * G * u))",
  },
  {
    name: 'products of the matrices of a batch with one for all, and with themselves',
    upper: 'theta : matrix[d, 2]',
    lower: 'u : matrix[d, 2]\n  v : tensor[s, 2, d]',
    objective:
      "sumsq(G * (u - theta)) + sum(log_cosh(G * u)) + sum(log_cosh(theta * v)) + sumsq(u) + 9 * sumsq(v) + sum(tanh(v * v')) + sum(softplus(v * theta[:, 1]))",
  },
  {
    name: 'attention: rows of a batch by their exponentials',
    upper: 'theta : matrix[d, 2]',
    lower: 'u : tensor[s, n, d]',
    objective:
      "sum(logsumexp(u * theta)) + sum(softmax(u * G' / 3) * (G * theta)) + 9 * sumsq(u) - sum(log_softmax(u * theta))",
  },
  {
    name: 'triangles',
    upper: 'theta : scalar',
    lower: 'u : matrix[3, 4]',
    objective: "sum(log_cosh(triu(u) * picture' + theta)) + sumsq(u) + 0.3 * sumsq(tril(u, -1) - picture)",
  },
  {
    name: 'linear maps of what is not linear',
    upper: 'theta : vector[7]',
    lower: 'u : vector[7]',
    objective:
      'sum(tanh(diff(tanh(u .* theta)))) + sum(tanh(cumsum(sigmoid(u)))) + sumsq(u) + sum(log_cosh(pad(softplus(u) - theta, 1, 2)))',
  },
  {
    name: 'smoothed total variation of an image',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'u : matrix[3, 4]',
    objective: 'sumsq(u - picture) / 2 + alpha * tv(u, 0.4) + exp(alpha) * tv(2 * u - 1, 0.7)',
  },
  {
    name: 'total variation of what is not linear, and anisotropic',
    upper: 'gain : matrix[3, 4]',
    lower: 'u : matrix[3, 4]\n  v : vector[7]',
    objective:
      'sumsq(u - gain) + sumsq(v) + tv(tanh(u .* gain), 0.5) + sum(smooth_abs(grad2d(u), 0.3)) + tv(v, 0.2) + mean(logsumexp(grad2d(u)[:, 1, :]))',
  },
  {
    name: 'learned filters and potentials',
    upper: 'K : tensor[2, 2, 3]\n  rho : vector[2]',
    lower: 'u : matrix[3, 4]',
    objective:
      'sumsq(u - picture) + exp(rho[1]) * sum(log_cosh(conv2d(u, K))) + sum(softplus(rho[2]) * smooth_abs(conv2d(u, filters[1, :, :], padding = "zero"), 0.5)) + sumsq(conv2d(u, K, padding = "periodic"))',
  },
  {
    name: 'two convolutions with a convex layer between',
    upper: 'a : vector[3]\n  b : vector[3]\n  gain : scalar',
    lower: 'u : vector[7]',
    objective:
      'sumsq(u - signal) / 2 + exp(gain) * mean(softplus(conv1d(softplus(5 * conv1d(u, a, padding = "zero")), b .^ 2, padding = "zero")))',
  },
  {
    name: 'filters over channels',
    upper: 'rho : scalar\n  target : matrix[2, 5]',
    lower: 'x : matrix[2, 7]',
    objective:
      'exp(rho) * sum(log_cosh(conv1d(x, filters, padding = "periodic"))) + sumsq(conv1d(x, filters) - target) + sumsq(x)',
  },
  {
    name: 'filters as the lower unknown, and both at once',
    upper: 'target : vector[5]\n  scale : scalar',
    lower: 'q : vector[3]\n  D : tensor[2, 2, 2]\n  x : vector[7]',
    objective:
      'sumsq(conv1d(signal, q) - target) + sum(log_cosh(conv1d(picture[1..2, :], D) + scale)) + sumsq(q) + sumsq(D) + sumsq(x) + sum(tanh(conv1d(x, q) .* target)) + sum(sigmoid(conv1d(stack(x, x), D, padding = "zero")))',
  },
  {
    name: 'kernel ridge with learned scale',
    upper: 'l : scalar in [-1, 1]\n  r : scalar in [-2, 1]',
    lower: 'a : vector[n]',
    objective:
      "quad_form(a, rbf_kernel(X, X, exp(l))) / 2 + exp(r) * sumsq(a) / 2 + sumsq(rbf_kernel(X, Z, exp(l) + 0.1)' * a) / n",
  },
  {
    name: 'outer and Kronecker products and distances',
    upper: 'theta : vector[d]',
    lower: 'a : vector[3]\n  U : matrix[2, d]',
    objective:
      'sum(log_cosh(outer(a, theta))) + sumsq(outer(a, a) - outer(filter, filter)) + sum(softplus(kron(U, stack(a, filter)))) + mean(sqdist(U .* theta, X)) + sumsq(a) + sumsq(U) + 0.3 * sum(log_cosh(sqdist(U, Z)))',
  },
];

export const structuralFamilies: readonly Family[] = written.map(familyFromText);
