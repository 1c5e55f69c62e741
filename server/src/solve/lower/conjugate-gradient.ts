/**
 * Conjugate gradients on a quadratic lower level: x_k minimises g over x_0 plus the Krylov space of
 * H and g_x(x_0). ‖x_k − x*‖ <= 2 √kappa q^k ‖x_0 − x*‖, q = (√kappa − 1)/(√kappa + 1) (Saad 2003, 6.11).
 * The recurrence residual drifts from the true gradient, so the gradient is evaluated afresh whenever
 * the recurrence claims the tolerance, and the method restarts from it when it disagrees.
 */
import { dot, norm } from '../vector.ts';
import type { LowerMethod } from './method.ts';

export const conjugateGradient: LowerMethod = {
  name: 'conjugate_gradient',
  quadraticOnly: true,
  backtracks: true,
  rate(k, mu, L, quadratic) {
    if (!quadratic || !Number.isFinite(L)) return null;
    const root = Math.sqrt(L / mu);
    return 2 * root * ((root - 1) / (root + 1)) ** k;
  },
  iterationsFor(reduction, mu, L) {
    const perFold = 2 * Math.atanh(Math.min(Math.sqrt(mu / L), 0.99));
    return 1 + (Math.log(reduction) + Math.log(2 * Math.sqrt(L / mu))) / perFold;
  },
  run(task, monitor) {
    const { problem } = task;
    const size = task.start.length;
    const x = task.start.slice();
    const product = new Float64Array(size);
    const residual = new Float64Array(size);
    const direction = new Float64Array(size);
    for (;;) {
      monitor.iterate(x);
      if (monitor.test(x)) return;
      problem.linearise(x);
      const wanted = Math.max(task.tolerance, task.relative * Math.max(1, norm(x)));
      const rounding = problem.rounding.lowerGradient(x);
      // Half of what the test will ask for, but not below what a fresh gradient could confirm.
      const goal = Math.max((task.mu.value * wanted - rounding) / 2, rounding / 16);
      for (let i = 0; i < size; i++) residual[i] = -(monitor.gradient[i] as number);
      direction.set(residual);
      let squared = dot(residual, residual);
      let sweep = 0;
      // Past 2 d + 20 steps a fresh gradient is worth more than a worn recurrence.
      while (Math.sqrt(squared) > goal && sweep < 2 * size + 20) {
        if (task.cancellation.cancelled || problem.exhausted) break;
        if (task.iterations !== undefined && monitor.iterations >= task.iterations) break;
        problem.hessianProduct(direction, product);
        const curvature = dot(direction, product);
        if (!(curvature > 0)) break;
        const step = squared / curvature;
        for (let i = 0; i < size; i++) {
          x[i] = (x[i] as number) + step * (direction[i] as number);
          residual[i] = (residual[i] as number) - step * (product[i] as number);
        }
        const next = dot(residual, residual);
        const beta = next / squared;
        squared = next;
        for (let i = 0; i < size; i++)
          direction[i] = (residual[i] as number) + beta * (direction[i] as number);
        monitor.iterations++;
        sweep++;
        monitor.iterate(x);
        task.onProgress?.(monitor.iterations, (Math.sqrt(squared) + rounding) / task.mu.value);
      }
      monitor.restarts++;
    }
  },
};
