/**
 * Heavy ball on q'Hq/2 − rhs'q, with the parameters of the lower method of that name:
 * ‖H q_k − rhs‖ <= q^k (1 + (1 + q) k) ‖rhs‖ from q_0 = 0, q = (√L − √mu)/(√L + √mu).
 */
import type { LinearMethod } from './method.ts';
import { iterateStationary } from './stationary.ts';

export const heavyBall: LinearMethod = {
  name: 'heavy_ball',
  needsSmoothness: true,
  rate(k, mu, L) {
    const q = (Math.sqrt(L) - Math.sqrt(mu)) / (Math.sqrt(L) + Math.sqrt(mu));
    return q ** k * (1 + (1 + q) * k);
  },
  iterationsFor(reduction, mu, L) {
    const perFold = 2 * Math.atanh(Math.min(Math.sqrt(mu / L), 0.99));
    return 1 + (Math.log(reduction) + Math.log(1 + (2 * Math.log(reduction)) / perFold)) / perFold;
  },
  run(task, first, goal, floor) {
    const rootL = Math.sqrt(task.L);
    const rootMu = Math.sqrt(task.mu);
    const step = 4 / (rootL + rootMu) ** 2;
    const momentum = ((rootL - rootMu) / (rootL + rootMu)) ** 2;
    return iterateStationary(heavyBall, task, first, goal, floor, step, momentum);
  },
};
