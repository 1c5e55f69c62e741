/**
 * Gradient descent on q'Hq/2 − rhs'q with step 2/(L + mu):
 * ‖H q_k − rhs‖ <= ((L − mu)/(L + mu))^k ‖rhs‖ from q_0 = 0.
 */
import type { LinearMethod } from './method.ts';
import { iterateStationary } from './stationary.ts';

export const gradientDescent: LinearMethod = {
  name: 'gradient_descent',
  needsSmoothness: true,
  rate: (k, mu, L) => ((L - mu) / (L + mu)) ** k,
  iterationsFor: (reduction, mu, L) => 1 + Math.log(reduction) / (2 * Math.atanh(Math.min(mu / L, 0.99))),
  run(task, first, goal, floor) {
    return iterateStationary(gradientDescent, task, first, goal, floor, 2 / (task.L + task.mu), 0);
  },
};
