/**
 * Generalised minimal residuals (Saad & Schultz 1986), restarted: q_k minimises ‖A q − rhs‖ over the
 * Krylov space of A and the residual. With ‖I − A‖ <= 1 − mu the polynomial (1 − t)^k is among those
 * that it minimises over, so ‖A q_k − rhs‖ <= (1 − mu)^k ‖rhs‖, restarts included. The residual is
 * recomputed from q after each cycle; a short cycle that does not halve it has reached the rounding
 * floor.
 */
import { addScaled, dot, norm } from '../vector.ts';
import type { LinearIterate, LinearMethod, LinearStop, LinearTask } from './method.ts';
import { applyOperator, residualAt } from './operator.ts';

/** Basis vectors of a cycle: rarely fewer than are needed, and at most 160 MB of them. */
const longestCycle = 80;
const mostBasisEntries = 2e7;

export const gmres: LinearMethod = {
  name: 'gmres',
  needsSmoothness: false,
  rate: (k, mu) => (1 - mu) ** k,
  iterationsFor: (reduction, mu) => 1 + Math.log(reduction) / -Math.log1p(-Math.min(mu, 0.99)),
  run(task, first, goal, floor) {
    const size = task.rhs.length;
    const longest = Math.max(1, Math.min(size, longestCycle, Math.floor(mostBasisEntries / size)));
    const cap = task.iterations ?? Math.max(10 * size + 100, 1000);
    let { q, residual } = first;
    let iterations = 0;
    for (;;) {
      const before = norm(residual);
      if (before <= goal) return { q, residual, iterations, stop: 'tolerance' };
      const cycle = new Cycle(task, q, residual, Math.min(longest, cap - iterations));
      const stop = cycle.run(goal, iterations);
      iterations += cycle.steps;
      if (cycle.steps === 0) {
        const reached = before <= 64 * floor(q);
        return { q, residual, iterations, stop: stop ?? (reached ? 'floor' : 'stalled') };
      }
      const next = cycle.solution();
      const recomputed = residualAt(task, next);
      const after = norm(recomputed);
      if (!Number.isFinite(after)) return { q, residual, iterations, stop: 'not_finite' };
      const better = after < before;
      if (better) [q, residual] = [next, recomputed];
      const end = endOf(task, { q, residual, iterations, stop: 'stalled' }, stop, goal, cap);
      if (end !== undefined) return end;
      // A short cycle is one that found the residual in its space: what is left is rounding.
      if (!better || (after > 0.5 * before && cycle.steps < longest)) {
        const reached = norm(residual) <= 64 * floor(q);
        return { q, residual, iterations, stop: reached ? 'floor' : 'stalled' };
      }
    }
  },
};

function endOf(
  task: LinearTask,
  iterate: LinearIterate,
  stop: LinearStop | undefined,
  goal: number,
  cap: number,
): LinearIterate | undefined {
  if (norm(iterate.residual) <= goal) return { ...iterate, stop: 'tolerance' };
  if (stop !== undefined) return { ...iterate, stop };
  if (iterate.iterations < cap) return undefined;
  return { ...iterate, stop: task.iterations === undefined ? 'cap' : 'iterations' };
}

/** One cycle: an orthonormal basis by Arnoldi's process, the least-squares problem by Givens rotations. */
class Cycle {
  steps = 0;
  private readonly task: LinearTask;
  private readonly start: Float64Array;
  private readonly basis: Float64Array[];
  /** Columns of the triangular factor. */
  private readonly columns: Float64Array[] = [];
  private readonly rotations: (readonly [number, number])[] = [];
  /** The rotated right-hand side; its last entry is the residual norm. */
  private readonly projected: number[];
  private readonly longest: number;

  constructor(task: LinearTask, start: Float64Array, residual: Float64Array, longest: number) {
    this.task = task;
    this.start = start;
    this.longest = longest;
    const length = norm(residual);
    this.basis = [residual.map((value) => -value / length)];
    this.projected = [length];
  }

  /** Until the recurrence claims the goal, the cycle is full, or the solve has to end (then why). */
  run(goal: number, before: number): LinearStop | undefined {
    const { task } = this;
    while (this.steps < this.longest) {
      if (task.cancellation.cancelled) return 'cancelled';
      if (task.problem.exhausted) return 'budget';
      if (!this.step()) return undefined;
      const residual = Math.abs(this.projected[this.steps] as number);
      task.observe?.(before + this.steps, this.solution());
      task.onProgress?.(before + this.steps, residual);
      if (residual <= goal) return undefined;
    }
    return undefined;
  }

  /** Adds one vector; false when the space holds the solution, or the product is not finite. */
  private step(): boolean {
    const k = this.steps;
    const v = this.basis[k];
    if (v === undefined) return false;
    const w = new Float64Array(v.length);
    applyOperator(this.task, v, w);
    const image = norm(w);
    if (!Number.isFinite(image)) return false;
    const column = new Float64Array(k + 2);
    // Orthogonalised twice, the basis is orthonormal to rounding (Giraud et al. 2005).
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j <= k; j++) {
        const part = dot(w, this.basis[j] as Float64Array);
        column[j] = (column[j] as number) + part;
        addScaled(-part, this.basis[j] as Float64Array, w);
      }
    }
    const length = norm(w);
    // What is left after cancellation of all digits has no direction.
    const isNew = length > 1e-15 * image;
    column[k + 1] = isNew ? length : 0;
    this.rotations.forEach(([c, s], j) => {
      const [upper, lower] = [column[j] as number, column[j + 1] as number];
      column[j] = c * upper + s * lower;
      column[j + 1] = c * lower - s * upper;
    });
    const radius = Math.hypot(column[k] as number, column[k + 1] as number);
    if (!(radius > 0)) return false;
    const rotation = [(column[k] as number) / radius, (column[k + 1] as number) / radius] as const;
    column[k] = radius;
    const top = this.projected[k] as number;
    this.projected[k] = rotation[0] * top;
    this.projected[k + 1] = -rotation[1] * top;
    this.rotations.push(rotation);
    this.columns.push(column);
    if (isNew) this.basis.push(w.map((value) => value / length));
    this.steps++;
    return true;
  }

  /** The minimiser over the space so far. */
  solution(): Float64Array {
    const { steps } = this;
    const y = new Float64Array(steps);
    for (let i = steps - 1; i >= 0; i--) {
      let sum = this.projected[i] as number;
      for (let j = i + 1; j < steps; j++)
        sum -= ((this.columns[j] as Float64Array)[i] as number) * (y[j] as number);
      y[i] = sum / ((this.columns[i] as Float64Array)[i] as number);
    }
    const q = this.start.slice();
    for (let j = 0; j < steps; j++) addScaled(y[j] as number, this.basis[j] as Float64Array, q);
    return q;
  }
}
