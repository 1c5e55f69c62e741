/**
 * The loop that gradient descent, heavy ball and fixed-point iteration (step 1) share on A q = rhs:
 * q_{k+1} = q_k − step (A q_k − rhs) + momentum (q_k − q_{k−1}), q_{−1} = q_0. The residual is computed
 * from q at each iteration, so none has to be recomputed at the end. These are the iterates of
 * "inexact automatic differentiation" with the same lower method (Ehrhardt & Roberts 2023).
 */
import { norm } from '../vector.ts';
import type { LinearIterate, LinearMethod, LinearStop, LinearTask } from './method.ts';
import { residualAt } from './operator.ts';

export function iterateStationary(
  method: LinearMethod,
  task: LinearTask,
  first: LinearIterate,
  goal: number,
  floor: (q: Float64Array) => number,
  step: number,
  momentum: number,
): LinearIterate {
  const q = first.q.slice();
  const previous = q.slice();
  let residual = first.residual;
  let size = norm(residual);
  const start = size;
  let best: LinearIterate = { q: q.slice(), residual, iterations: 0, stop: 'stalled' };
  let bestNorm = size;
  // The last time the residual had fallen by a tenth, and its level then.
  let mark = size;
  let marked = 0;
  // 1e16 is all that double precision can gain; twice the theoretical count, then the cap.
  const cap = task.iterations ?? 100 + Math.ceil(2 * method.iterationsFor(1e16, task.mu, task.L));
  const patience = 20 + Math.ceil(4 * method.iterationsFor(2, task.mu, task.L));
  for (let iterations = 0; ; iterations++) {
    let stop: LinearStop | undefined;
    if (size <= goal) stop = 'tolerance';
    else if (task.cancellation.cancelled) stop = 'cancelled';
    else if (task.problem.exhausted) stop = 'budget';
    else if (iterations >= cap) stop = task.iterations === undefined ? 'cap' : 'iterations';
    else if (iterations - marked > patience) {
      stop = bestNorm <= 64 * floor(best.q) ? 'floor' : 'stalled';
    } else if (!Number.isFinite(size) || size > 1e8 * start) stop = 'not_finite';
    if (stop === 'tolerance' || stop === 'iterations') return { q, residual, iterations, stop };
    if (stop !== undefined) return { ...best, iterations, stop };
    for (let i = 0; i < q.length; i++) {
      const now = q[i] as number;
      q[i] = now - step * (residual[i] as number) + momentum * (now - (previous[i] as number));
      previous[i] = now;
    }
    residual = residualAt(task, q);
    size = norm(residual);
    task.observe?.(iterations + 1, q);
    task.onProgress?.(iterations + 1, size);
    if (size < 0.9 * mark) {
      mark = size;
      marked = iterations + 1;
    }
    if (size < bestNorm) {
      bestNorm = size;
      best = { q: q.slice(), residual, iterations, stop: 'stalled' };
    }
  }
}
