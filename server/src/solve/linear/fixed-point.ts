/**
 * Fixed-point iteration v <- d1Phi' v + rhs for A = I − d1Phi', the adjoint of a contraction
 * (AID-FP of Grazzi, Franceschi, Pontil & Salzo 2020; its K-th iterate from rhs is the Neumann series
 * of K + 1 terms). The residual is multiplied by d1Phi' at each step:
 * ‖A v_k − rhs‖ <= q^k ‖rhs‖ from v_0 = 0, q = 1 − mu.
 */
import type { LinearMethod } from './method.ts';
import { iterateStationary } from './stationary.ts';

export const fixedPoint: LinearMethod = {
  name: 'fixed_point',
  needsSmoothness: false,
  rate: (k, mu) => (1 - mu) ** k,
  iterationsFor: (reduction, mu) => 1 + Math.log(reduction) / -Math.log1p(-Math.min(mu, 0.99)),
  run(task, first, goal, floor) {
    return iterateStationary(fixedPoint, task, first, goal, floor, 1, 0);
  },
};
