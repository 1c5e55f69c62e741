/**
 * A gradient step y − g_x(y)/L_k whose L_k is found by trying: accepted when
 * g(y − g_x/L_k) <= g(y) − ‖g_x‖²/(2 L_k), the descent lemma, with an allowance for the rounding of the
 * two values (without it no step would pass near the solution). Each try costs one lower evaluation.
 */
import { combination, dot, norm } from '../vector.ts';
import type { LowerTask } from './method.ts';

export class BacktrackingStep {
  /** The current estimate of L. */
  smoothness: number;
  private readonly task: LowerTask;
  private started = false;

  constructor(task: LowerTask) {
    this.task = task;
    this.smoothness = Math.max(task.stepMu, Number.MIN_VALUE);
  }

  /** The point after the step, or undefined when the budget or double precision ends the search. */
  step(y: Float64Array, objective: number, gradient: Float64Array): Float64Array | undefined {
    const { problem } = this.task;
    const scratch = new Float64Array(y.length);
    const size = norm(gradient);
    if (!this.started) {
      this.started = true;
      // The secant along a short gradient step estimates the curvature there.
      const length = (1e-4 * Math.max(1, norm(y))) / size;
      problem.lower(combination(y, -length, gradient), scratch);
      for (let i = 0; i < y.length; i++) scratch[i] = (scratch[i] as number) - (gradient[i] as number);
      const secant = norm(scratch) / (length * size);
      if (Number.isFinite(secant)) this.smoothness = Math.max(this.smoothness, secant);
    }
    const squared = dot(gradient, gradient);
    const allowance = 2 * problem.rounding.lowerObjective(y) + 2 ** -50 * Math.abs(objective);
    // 2^200 covers every ratio of curvatures that a finite objective can show.
    for (let attempt = 0; attempt < 200; attempt++) {
      if (problem.exhausted || this.task.cancellation.cancelled) return undefined;
      const next = combination(y, -1 / this.smoothness, gradient);
      const value = problem.lower(next, scratch);
      if (value <= objective - squared / (2 * this.smoothness) + allowance) return next;
      this.smoothness *= 2;
    }
    return undefined;
  }
}
