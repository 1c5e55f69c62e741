/** Objectives over the scalar functions, reductions along axes and losses, written in the language. */
import type { Family } from './families.ts';
import type { WrittenFamily } from './family-from-text.ts';
import { familyFromText } from './family-from-text.ts';

const written: readonly WrittenFamily[] = [
  {
    name: 'sines and cosines of scores',
    upper: 'theta : vector[p]',
    lower: 'w : vector[d]',
    objective: 'mean(sin(X * w)) + mean(cos(X * w - C * theta)) + 2 * sumsq(w)',
  },
  {
    name: 'sine of a product of both levels',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective: 'mean(sin(X * (theta .* w))) + 2 * sumsq(w)',
  },
  {
    name: 'hyperbolic cosine as a penalty',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]',
    objective: 'sum(cosh(w)) + alpha * sumsq(w) + mean(log_cosh(X * w))',
  },
  {
    name: 'hyperbolic functions of what is bounded',
    upper: 'theta : vector[n]',
    lower: 'w : vector[d]',
    objective: 'mean(cosh(0.3 * tanh(X * w))) + mean(sinh(sigmoid(X * w) .* tanh(theta))) + sumsq(w)',
  },
  {
    name: 'arcus tangents and error functions',
    upper: 'theta : vector[n]',
    lower: 'w : vector[d]',
    objective: 'mean(atan((X * w) .* theta)) + mean(erf(Z * w)) + 3 * sumsq(w)',
  },
  {
    name: 'gelu and silu, weighted',
    upper: 'theta : vector[n]',
    lower: 'w : vector[d]',
    objective: 'mean(gelu(X * w) .* theta) + mean(silu(Z * w)) + sumsq(w)',
  },
  {
    name: 'a hidden layer with silu',
    upper: 'theta : vector[k]',
    lower: 'W : matrix[d, k]',
    objective: 'mean(silu(X * W) * theta) + mean(gelu(X * W)) + sumsq(W)',
  },
  {
    name: 'Poisson regression by the divergence from counts',
    upper: 'weight : vector[n]',
    lower: 'w : vector[d]',
    objective: 'mean(kl_div(exp(weight), exp(X * w))) + 0.1 * sumsq(w)',
  },
  {
    name: 'Poisson regression with logarithmic rates',
    upper: 'weight : vector[n]',
    lower: 'w : vector[d]',
    objective: 'mean(exp(X * w) - exp(weight) .* (X * w)) + 0.1 * sumsq(w)',
  },
  {
    name: 'entropies and relative entropies of probabilities',
    upper: 'theta : vector[n]',
    lower: 'w : vector[d]',
    objective:
      'mean(rel_entr(0.1 + sigmoid(X * w), sigmoid(theta))) - mean(entr(0.2 + sigmoid(Z * w))) + 3 * sumsq(w)',
  },
  {
    name: 'log-odds of bounded probabilities',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]',
    objective: 'alpha * mean(logit(0.1 + 0.8 * sigmoid(X * w))) + 2 * sumsq(w)',
  },
  {
    name: 'reciprocals of positive expressions',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]',
    objective: 'mean(inv_pos(1.5 + tanh(X * w))) + alpha * sum(inv_pos(1 + exp(w))) + 2 * sumsq(w)',
  },
  {
    name: 'squares over a positive number',
    upper: 'alpha : scalar',
    lower: 'w : vector[d]',
    objective: 'quad_over_lin(X * w - 1, exp(alpha)) + quad_over_lin(tanh(w), 1 + sumsq(w)) + 3 * sumsq(w)',
  },
  {
    name: 'variances of all entries and along axes',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]\n  W : matrix[d, k]',
    objective:
      'var(X * w) + sum(var(X * W - Y, axis = 1)) + alpha * mean(var(X * W, axis = 2)) + 0.1 * (sumsq(w) + sumsq(W))',
  },
  {
    name: 'a smoothed standard deviation',
    upper: 'theta : vector[p]',
    lower: 'w : vector[d]',
    objective: 'sqrt(var(X * w - C * theta) + 0.1) + 0.2 * sumsq(w)',
  },
  {
    name: 'sums and means along axes',
    upper: 'theta : vector[k]',
    lower: 'W : matrix[d, k]',
    objective:
      'sum(log_cosh(sum(X * W, axis = 1))) + sumsq(mean(X * W - Y, axis = 2)) + sum(softplus(mean(X * W, axis = 1) + theta)) + sum(tanh(sum(W, axis = 2))) + sumsq(W)',
  },
  {
    name: 'smooth group norms by rows, a weight a row',
    upper: 'rho : vector[d]',
    lower: 'W : matrix[d, k]',
    objective: 'sum(exp(rho) .* sqrt(0.1 + sum(W .^ 2, axis = 2))) + 0.1 * sumsq(W)',
  },
  {
    name: 'log_softmax against probabilities',
    upper: 'alpha : scalar',
    lower: 'W : matrix[d, k]\n  b : vector[k]',
    objective:
      'exp(alpha) * (sumsq(W) + sumsq(b)) - mean(sum(softmax(Y) .* log_softmax(X * W + b), axis = 2)) * 0.5',
  },
  {
    name: 'logsumexp and softmax over columns',
    upper: 'theta : vector[k]',
    lower: 'W : matrix[d, k]',
    objective:
      'sum(logsumexp(X * W + theta, axis = 1)) + mean(softmax(X * W, axis = 1) .* Y) + 0.5 * sumsq(W)',
  },
  {
    name: 'logarithms of sums of exponentials',
    upper: 'theta : vector[p]',
    lower: 'w : vector[d]',
    objective: 'log(sum(exp((X * w - C * theta) / 10))) + 0.2 * sumsq(w)',
  },
  {
    name: 'expm1 and log1p',
    upper: 'theta : vector[p]',
    lower: 'w : vector[d]',
    objective: 'mean(expm1(tanh(X * w))) + mean(log1p(0.5 + sigmoid(Z * w - C * theta))) + 2 * sumsq(w)',
  },
  {
    name: 'cross-entropy of soft labels with scores',
    upper: 'weight : vector[n]',
    lower: 'w : vector[d]',
    objective: 'mean(softplus(X * w) - sigmoid(weight) .* (X * w)) + 0.1 * sumsq(w)',
  },
  {
    name: 'broken powers',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]',
    objective:
      'mean((1 + tanh(X * w) .^ 2) .^ 1.5) + alpha * mean((0.5 + sigmoid(Z * w)) .^ -0.7) + 2 * sumsq(w)',
  },
  {
    name: 'a logarithmic barrier of what is bounded',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]',
    objective: 'sumsq(w) - alpha * mean(log(1.5 - tanh(X * w)))',
  },
  {
    name: 'losses that are once differentiable',
    upper: 'alpha : scalar in [0, 2]',
    lower: 'w : vector[d]',
    objective: 'mean(squared_hinge(X * w)) + mean(huber(Z * w, 0.5)) + alpha * sumsq(w) + 0.1 * sumsq(w)',
  },
  {
    name: 'slopes over declared sets',
    upper: 'alpha : scalar in [0.5, 2]\n  beta : vector[d] in [1, 3]',
    lower: 'w : vector[d]',
    objective:
      'sigmoid(alpha) * sumsq(w) + tanh(alpha) * mean(log_cosh(X * w)) + sum(erf(beta) .* w .^ 2) + sum(atan(beta) .* softplus(w))',
  },
  {
    name: 'functions of one lower number',
    upper: 'alpha : scalar',
    lower: 'b : scalar',
    objective: 'sigmoid(b - alpha) + softplus(b) + 2 * log_cosh(b + alpha) + smooth_abs(b, 0.5) + b ^ 2',
  },
  {
    name: 'inner products with weights in front',
    upper: 'weight : vector[n]',
    lower: 'w : vector[d]',
    objective: "exp(weight)' * log_cosh(X * w) + dot(exp(weight), softplus(Z * w)) + 0.1 * sumsq(w)",
  },
  {
    name: 'logarithms of sums of exponentials that under- and overflow',
    upper: 'theta : vector[p]',
    lower: 'w : vector[d]',
    objective: 'log(sum(exp(X * w - C * theta))) + 0.2 * sumsq(w)',
    evaluated: 'logsumexp(X * w - C * theta) + 0.2 * sumsq(w)',
  },
  {
    name: 'rows times products of both levels',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective:
      'mean(atan(X * (w .* exp(theta)))) + mean(sin(Z * (tanh(w) .* theta))) + sum(log_cosh(X * (theta .* w))) + 3 * sumsq(w)',
  },
  {
    name: 'learned slopes of scores',
    upper: 'slope : vector[n]',
    lower: 'w : vector[d]',
    objective:
      'sum(tanh(slope .* (X * w))) + mean(softplus((Z * w) .* slope)) + sum(log_cosh(slope .* sin(X * w))) + sumsq(w)',
  },
  {
    name: 'a learned temperature',
    upper: 'theta : scalar',
    lower: 'w : vector[d]',
    objective:
      'mean(logistic_loss(theta * (X * w))) + sum(smooth_abs(exp(theta) * w, 0.3)) + sum(erf(theta * w)) + sum(tanh(w / (0.5 + theta ^ 2))) + mean(sigmoid((X * w) / exp(theta))) + sumsq(w)',
  },
  {
    name: 'several functions of one product of both levels',
    upper: 'theta : vector[d]',
    lower: 'w : vector[d]',
    objective:
      'sum(tanh(w .* theta) .* sigmoid(2 * (w .* theta))) + sum(atan(1 + log_cosh(w .* theta))) + mean(cos(w .* theta)) + sumsq(w)',
  },
];

export const functionFamilies: readonly Family[] = written.map(familyFromText);
