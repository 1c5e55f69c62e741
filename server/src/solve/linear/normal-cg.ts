/**
 * Conjugate gradients on the normal equations A' A q = A' rhs (CGNR; Hestenes & Stiefel 1952): for any
 * invertible A, at two products an iteration and with the condition number squared. q_k minimises the
 * residual over the Krylov space of A'A, hence ‖A q_k − rhs‖ <= 2 ((kappa − 1)/(kappa + 1))^k ‖rhs‖,
 * kappa = L/mu >= sigma_max/sigma_min. When the recurrence claims the goal the residual is recomputed,
 * and the method restarts from it if it disagrees.
 */
import { addScaled, dot, norm } from '../vector.ts';
import type { LinearIterate, LinearMethod, LinearStop } from './method.ts';
import { applyOperator, applyTransposed, residualAt } from './operator.ts';

export const normalCg: LinearMethod = {
  name: 'normal_cg',
  needsSmoothness: false,
  rate: (k, mu, L) => Math.min(1, 2 * ((L - mu) / (L + mu)) ** k),
  iterationsFor(reduction, mu, L) {
    return 1 + (Math.log(reduction) + Math.LN2) / (2 * Math.atanh(Math.min(mu / L, 0.99)));
  },
  run(task, first, goal, floor) {
    const { problem } = task;
    const size = task.rhs.length;
    let { q, residual } = first;
    let iterations = 0;
    const cap = task.iterations ?? Math.max(20 * size + 100, 1000);
    const product = new Float64Array(size);
    const normal = new Float64Array(size);
    for (;;) {
      const before = norm(residual);
      const trial = q.slice();
      const recurrence = residual.map((value) => -value);
      let stop: LinearStop | undefined;
      const begun = iterations;
      let squared = 0;
      let direction: Float64Array | undefined;
      while (norm(recurrence) > goal && iterations - begun < 2 * size + 20) {
        if (task.cancellation.cancelled) stop = 'cancelled';
        else if (problem.exhausted) stop = 'budget';
        else if (iterations >= cap) stop = task.iterations === undefined ? 'cap' : 'iterations';
        if (stop !== undefined) break;
        applyTransposed(task, recurrence, normal);
        const next = dot(normal, normal);
        if (!(next > 0)) break;
        if (direction === undefined) direction = normal.slice();
        else
          for (let i = 0; i < size; i++)
            direction[i] = (normal[i] as number) + (next / squared) * (direction[i] as number);
        squared = next;
        applyOperator(task, direction, product);
        const curvature = dot(product, product);
        // A is invertible: only rounding (or a product that is not finite) gets here.
        if (!(curvature > 0)) break;
        addScaled(squared / curvature, direction, trial);
        addScaled(-squared / curvature, product, recurrence);
        iterations++;
        task.observe?.(iterations, trial);
        task.onProgress?.(iterations, norm(recurrence));
        // Far below what a product can resolve the recurrence means nothing.
        if (norm(recurrence) < 1e-17 * before) break;
      }
      const recomputed = iterations === begun ? residual : residualAt(task, trial);
      const after = norm(recomputed);
      if (!Number.isFinite(after)) return { q, residual, iterations, stop: 'not_finite' };
      if (after < before) [q, residual] = [trial, recomputed];
      const end: LinearIterate = { q, residual, iterations, stop: 'stalled' };
      if (norm(residual) <= goal) return { ...end, stop: 'tolerance' };
      if (stop !== undefined) return { ...end, stop };
      if (after > 0.5 * before) {
        return { ...end, stop: norm(residual) <= 64 * floor(q) ? 'floor' : 'stalled' };
      }
    }
  },
};
