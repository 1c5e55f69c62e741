/**
 * Conjugate gradients (Hestenes & Stiefel 1952) for H q = rhs.
 * ‖H q_k − rhs‖ <= 2 √kappa ((√kappa − 1)/(√kappa + 1))^k ‖rhs‖ (Saad 2003, 6.11, in the 2-norm).
 * When the recurrence claims the goal the residual is recomputed, and the method restarts from it if it
 * disagrees; a restart that does not halve the residual has reached the rounding floor.
 */
import { dot, norm } from '../vector.ts';
import type { LinearIterate, LinearMethod, LinearStop } from './method.ts';
import { residualAt } from './operator.ts';

export const cg: LinearMethod = {
  name: 'cg',
  needsSmoothness: false,
  rate(k, mu, L) {
    const root = Math.sqrt(L / mu);
    return 2 * root * ((root - 1) / (root + 1)) ** k;
  },
  iterationsFor(reduction, mu, L) {
    const perFold = 2 * Math.atanh(Math.min(Math.sqrt(mu / L), 0.99));
    return 1 + (Math.log(reduction) + Math.log(2 * Math.sqrt(L / mu))) / perFold;
  },
  run(task, first, goal, floor) {
    const { problem } = task;
    const size = task.rhs.length;
    const q = first.q.slice();
    let residual = first.residual;
    let size0 = norm(residual);
    let iterations = 0;
    let stop: LinearStop | undefined;
    const direction = new Float64Array(size);
    const product = new Float64Array(size);
    const recurrence = new Float64Array(size);
    const cap = task.iterations ?? Math.max(10 * size + 100, 1000);
    let best: LinearIterate = { q: q.slice(), residual, iterations, stop: 'stalled' };
    for (;;) {
      for (let i = 0; i < size; i++) recurrence[i] = -(residual[i] as number);
      direction.set(recurrence);
      let squared = dot(recurrence, recurrence);
      const before = iterations;
      while (Math.sqrt(squared) > goal && iterations - before < 2 * size + 20) {
        if (task.cancellation.cancelled) stop = 'cancelled';
        else if (problem.exhausted) stop = 'budget';
        else if (iterations >= cap) stop = task.iterations === undefined ? 'cap' : 'iterations';
        if (stop !== undefined) break;
        problem.hessianProduct(direction, product);
        const curvature = dot(direction, product);
        // H is positive definite: only rounding (or a product that is not finite) gets here.
        if (!(curvature > 0)) break;
        const step = squared / curvature;
        for (let i = 0; i < size; i++) {
          q[i] = (q[i] as number) + step * (direction[i] as number);
          recurrence[i] = (recurrence[i] as number) - step * (product[i] as number);
        }
        const next = dot(recurrence, recurrence);
        const beta = next / squared;
        squared = next;
        for (let i = 0; i < size; i++)
          direction[i] = (recurrence[i] as number) + beta * (direction[i] as number);
        iterations++;
        task.observe?.(iterations, q);
        task.onProgress?.(iterations, Math.sqrt(squared));
        // Far below what a product can resolve the recurrence means nothing.
        if (squared < 1e-34 * size0 * size0) break;
      }
      residual = residualAt(task, q);
      const actual = norm(residual);
      if (!Number.isFinite(actual)) return { ...best, iterations, stop: 'not_finite' };
      if (actual < norm(best.residual)) best = { q: q.slice(), residual, iterations, stop: 'stalled' };
      if (actual <= goal) return { q, residual, iterations, stop: 'tolerance' };
      if (stop !== undefined) {
        // Inside a sweep the residual is not monotone: an author's limit returns the last iterate.
        return stop === 'iterations' ? { q, residual, iterations, stop } : { ...best, iterations, stop };
      }
      if (actual > 0.5 * size0 || iterations === before) {
        const reached = norm(best.residual) <= 64 * floor(best.q);
        return { ...best, iterations, stop: reached ? 'floor' : 'stalled' };
      }
      size0 = actual;
    }
  },
};
