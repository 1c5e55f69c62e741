/**
 * Picard iteration x <- Phi(x) = x − R(x). For a contraction ‖x_k − x*‖ <= q^k ‖x_0 − x*‖ (Banach),
 * q = 1 − mu.
 */
import { addScaled } from '../vector.ts';
import type { LowerMethod } from './method.ts';

export const fixedPoint: LowerMethod = {
  name: 'fixed_point',
  quadraticOnly: false,
  backtracks: true,
  rate: (k, mu) => (1 - mu) ** k,
  iterationsFor: (reduction, mu) => 1 + Math.log(reduction) / -Math.log1p(-Math.min(mu, 0.99)),
  run(task, monitor) {
    const x = task.start.slice();
    task.problem.retract(x);
    for (;;) {
      monitor.iterate(x);
      if (monitor.test(x)) return;
      addScaled(-1, monitor.gradient, x);
      // Rounding of the difference may leave the set by its last digit.
      task.problem.retract(x);
      monitor.iterations++;
    }
  },
};
