/**
 * Gradient descent x <- x − 2/(L + mu) g_x(x). For g mu-strongly convex with L-Lipschitz gradient,
 * ‖x_k − x*‖ <= ((L − mu)/(L + mu))^k ‖x_0 − x*‖ (Nesterov 2018, Theorem 2.1.15); one step is exact
 * when L = mu. Without a finite L the step 1/L_k backtracks.
 */
import { addScaled } from '../vector.ts';
import { BacktrackingStep } from './backtracking.ts';
import type { LowerMethod } from './method.ts';

export const gradientDescent: LowerMethod = {
  name: 'gradient_descent',
  quadraticOnly: false,
  backtracks: true,
  rate: (k, mu, L) => (Number.isFinite(L) ? ((L - mu) / (L + mu)) ** k : null),
  iterationsFor: (reduction, mu, L) => 1 + Math.log(reduction) / (2 * Math.atanh(Math.min(mu / L, 0.99))),
  run(task, monitor) {
    const x = task.start.slice();
    const search = Number.isFinite(task.stepL) ? undefined : new BacktrackingStep(task);
    for (;;) {
      monitor.iterate(x);
      if (monitor.test(x)) return;
      if (search === undefined) {
        addScaled(-2 / (task.stepL + task.stepMu), monitor.gradient, x);
      } else {
        const next = search.step(x, monitor.objective, monitor.gradient);
        if (next !== undefined) x.set(next);
      }
      monitor.iterations++;
    }
  },
};
