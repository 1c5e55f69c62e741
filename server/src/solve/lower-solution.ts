/**
 * The lower solution alone, at a theta that stays: for values that are reported with other data. The
 * author's lower tolerance is obeyed; without one the solution is improved until the caller has enough,
 * rounding forbids it or the budget is spent. The distance to x* is bounded as for a hypergradient.
 */
import { neverCancelled } from '../base/cancellation.ts';
import type { Qualified } from '../base/certainty.ts';
import { weakest } from '../base/certainty.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import { denseCurvature, denseLimit } from './bounds/local-curvature.ts';
import { boundDistance } from './bounds/theorem-a.ts';
import { CountedProblem } from './counting.ts';
import { Evaluation } from './evaluation.ts';
import type { BilevelProblem } from './problem.ts';
import { normAbove, outward } from './rounding.ts';
import type { SolveHooks } from './run.ts';
import { norm } from './vector.ts';

export interface LocatedSolution {
  readonly x: Float64Array;
  /** Not below ‖x − x*‖. */
  readonly distance: Qualified;
  readonly lowerGradients: number;
}

/** Sixteen digits in rounds of two, and some that bring nothing. */
const mostRounds = 12;

/** Improves the solution until `isEnough`; `theta` need not lie in the set. */
export function locateLowerSolution(
  problem: BilevelProblem,
  theta: Float64Array,
  options: SolveOptions,
  hooks: SolveHooks,
  isEnough: (x: Float64Array, distance: Qualified) => boolean,
): LocatedSolution {
  const cancellation = hooks.cancellation ?? neverCancelled;
  const counted = new CountedProblem(problem, options.budget);
  const evaluation = new Evaluation(counted, options, cancellation, hooks.onProgress);
  evaluation.enter(theta);
  const start = counted.lowerStart();
  if (!(evaluation.mu.value > 0)) {
    return { x: start, distance: { value: Infinity, kind: 'estimated' }, lowerGradients: 0 };
  }
  let tolerance = 1e-4 * Math.max(1, norm(start));
  let solution = evaluation.lower(theta, start, tolerance);
  for (let round = 1; ; round++) {
    const { x } = solution;
    const gradientBound = outward(normAbove(solution.gradient) + counted.rounding.lowerGradient(x));
    const structural = boundDistance(counted, x, gradientBound, evaluation.mu);
    const located = ({ epsilon, grounds }: typeof structural): LocatedSolution => ({
      x,
      distance: { ...weakest(grounds), value: epsilon },
      lowerGradients: counted.lowerGradients,
    });
    let found = located(structural);
    if (isEnough(x, found.distance)) return found;
    const size = counted.lowerSize;
    if (size <= denseLimit && counted.remaining >= size) {
      const curvature = denseCurvature(counted, x, evaluation.mu);
      found = located(boundDistance(counted, x, gradientBound, evaluation.mu, curvature));
      if (isEnough(x, found.distance)) return found;
    }
    const isOver = evaluation.lowerIsFixed || cancellation.cancelled || counted.exhausted;
    if (isOver || round >= mostRounds) return found;
    tolerance = Math.min(tolerance, solution.bound.value) / 100;
    const next = evaluation.lower(theta, x, tolerance);
    if (!(next.bound.value < 0.9 * solution.bound.value)) return found;
    solution = next;
  }
}
