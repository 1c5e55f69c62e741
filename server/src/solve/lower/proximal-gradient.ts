/**
 * Proximal gradient x <- p(x − g_x(x)/L) = x − R(x)/L, R the gradient mapping (see solve/proximal.ts).
 * ‖x_k − x*‖ <= (1 − mu/L)^k ‖x_0 − x*‖, because the step contracts and proximal maps do not expand.
 */
import { addScaled } from '../vector.ts';
import type { LowerMethod } from './method.ts';

export const proximalGradient: LowerMethod = {
  name: 'proximal_gradient',
  quadraticOnly: false,
  backtracks: false,
  rate: (k, mu, L) => (Number.isFinite(L) ? (1 - mu / L) ** k : null),
  iterationsFor: (reduction, mu, L) => 1 + Math.log(reduction) / -Math.log1p(-Math.min(mu / L, 0.99)),
  run(task, monitor) {
    const x = task.start.slice();
    for (;;) {
      monitor.iterate(x);
      if (monitor.test(x)) return;
      addScaled(-1 / task.stepL, monitor.gradient, x);
      monitor.iterations++;
    }
  },
};
