/**
 * Tests iterates of a lower solver: eps_post(x) = (‖R(x)‖ + rounding)/mu >= ‖x − x*‖ for every x, by
 * strong convexity or contraction (R = g_x, or x − Phi(x) with mu = 1 − q). One residual per test, which the method uses for its step. Ends a solve at the
 * tolerance, at the rounding floor, at the limits, on cancellation, and when the method fails; the point
 * returned is always one that was tested.
 */
import { allFinite } from '../vector.ts';
import { normAbove, outward } from '../rounding.ts';
import type { LowerMethod, LowerStop, LowerTask } from './method.ts';

export class LowerMonitor {
  readonly gradient: Float64Array;
  objective = Number.NaN;
  iterations = 0;
  /** Restarts from a fresh gradient (conjugate gradients); few, because each should gain digits. */
  restarts = 0;
  stop: LowerStop | undefined;
  /** The last tested point and what is known there. */
  x: Float64Array;
  bound = Infinity;
  floor = 0;
  private readonly task: LowerTask;
  private readonly cap: number;
  private readonly patience: number;
  private lastNorm = Infinity;
  private firstNorm = Number.NaN;
  private best: { x: Float64Array; gradient: Float64Array; objective: number; norm: number } | undefined;
  private bestFloor = Infinity;
  /** The last time ‖g_x‖ had fallen by a tenth, and its level then. */
  private mark = Infinity;
  private marked = 0;

  constructor(task: LowerTask, method: LowerMethod) {
    this.task = task;
    this.x = task.start.slice();
    this.gradient = new Float64Array(task.start.length);
    const L = Number.isFinite(task.stepL) ? task.stepL : task.stepMu * 1e8;
    // The test is on gradients: an error reduction of kappa more than the tolerances suggest may be
    // needed, and 1e16 is the most that double precision can see. Twice the theoretical count.
    this.cap = 100 + Math.ceil(2 * method.iterationsFor((1e16 * L) / task.stepMu, task.stepMu, L));
    // Four times the iterations that should halve the error: momentum oscillates, but not for so long.
    this.patience = 20 + Math.ceil(4 * method.iterationsFor(2, task.stepMu, L));
  }

  /** Passes a point that the rate speaks about to the observer. */
  iterate(x: Float64Array): void {
    this.task.observe?.(this.iterations, x);
  }

  /** Evaluates g and g_x at x, tests them, and says whether to stop. Writes `gradient`, `objective`. */
  test(x: Float64Array): boolean {
    const { task } = this;
    if (task.cancellation.cancelled) return this.end('cancelled');
    // The first test is always made, without one there would be no point to return; so is the closing
    // test of a conjugate gradient sweep, whose steps would be lost otherwise.
    const exhausted = task.problem.exhausted;
    if (exhausted && this.best !== undefined && this.restarts === 0) return this.end('budget');
    this.objective = task.problem.lower(x, this.gradient);
    const size = normAbove(this.gradient);
    if (!Number.isFinite(size) || !Number.isFinite(this.objective) || !allFinite(x)) {
      return this.end('not_finite');
    }
    const rounding = task.problem.rounding.lowerGradient(x);
    this.x.set(x);
    this.bound = outward((size + rounding) / task.mu.value);
    this.floor = rounding / task.mu.value;
    task.onProgress?.(this.iterations, this.bound);
    if (this.best === undefined) this.firstNorm = size;
    if (size < 0.9 * this.mark) {
      this.mark = size;
      this.marked = this.iterations;
    }
    if (this.best === undefined || size < this.best.norm) {
      this.best ??= {
        x: new Float64Array(x.length),
        gradient: new Float64Array(x.length),
        objective: 0,
        norm: 0,
      };
      this.best.x.set(x);
      this.best.gradient.set(this.gradient);
      this.best.objective = this.objective;
      this.best.norm = size;
      this.bestFloor = rounding;
    }
    let length = 0;
    if (task.relative > 0) for (const value of x) length += value * value;
    const wanted = Math.max(task.tolerance, task.relative * Math.max(1, Math.sqrt(length)));
    if (this.bound <= wanted) return this.end('tolerance');
    // Below a quarter of the rounding bound, a further reduction could lower the bound by a fifth at most.
    if (size <= rounding / 4) return this.end('floor');
    if (exhausted) return this.end('budget');
    if (task.iterations !== undefined && this.iterations >= task.iterations) return this.end('iterations');
    if (this.iterations - this.marked > this.patience) {
      // Close to the rounding bound, standing still is what rounding does; far from it, the method fails.
      return this.end(this.best.norm <= 64 * this.bestFloor ? 'floor' : 'stalled');
    }
    // A restart that gained less than a tenth of the gradient gains nothing from another one.
    if (this.restarts > 0 && size > 0.9 * this.lastNorm) {
      return this.end(this.best.norm <= 64 * this.bestFloor ? 'floor' : 'stalled');
    }
    this.lastNorm = this.restarts > 0 || this.iterations === 0 ? size : Infinity;
    if (size > 1e8 * this.firstNorm && size > 1e8 * rounding) return this.end('diverged');
    if (this.iterations >= this.cap && task.iterations === undefined) return this.end('cap');
    return false;
  }

  private end(stop: LowerStop): boolean {
    this.stop = stop;
    const keepsLast = stop === 'tolerance' || stop === 'iterations';
    if (!keepsLast && this.best !== undefined) {
      this.x.set(this.best.x);
      this.gradient.set(this.best.gradient);
      this.objective = this.best.objective;
      const rounding = this.bestFloor;
      this.bound = outward((this.best.norm + rounding) / this.task.mu.value);
      this.floor = rounding / this.task.mu.value;
    }
    return true;
  }
}
