/**
 * Values of F with certified errors, as the line search needs them: F(theta) lies within `error` of
 * f(x~, theta). Refining a value improves its lower solution by the cheaper of Newton's and the lower
 * method, until the error is as small as asked, or the author's tolerance or rounding forbids it.
 */
import type { Qualified } from '../../base/certainty.ts';
import { denseCurvature, denseLimit } from '../bounds/local-curvature.ts';
import { objectiveError } from '../bounds/objective.ts';
import type { ObjectiveBound } from '../bounds/objective.ts';
import { boundDistance } from '../bounds/theorem-a.ts';
import type { Evaluation } from '../evaluation.ts';
import { upperValue } from '../hypergradient/implicit.ts';
import type { UpperValue } from '../hypergradient/implicit.ts';
import type { LowerSolution } from '../lower/method.ts';
import { newtonStep } from '../lower/newton.ts';
import { normAbove, outward } from '../rounding.ts';

export interface CertifiedValue {
  readonly theta: Float64Array;
  readonly lower: LowerSolution;
  readonly upper: UpperValue;
  readonly error: ObjectiveBound;
}

/** Certifies the objective at a lower solution; `curvature` is a bound of lambda_min(H(x~)). */
export function certifyValue(
  evaluation: Evaluation,
  theta: Float64Array,
  lower: LowerSolution,
  known?: UpperValue,
  curvature?: Qualified,
): CertifiedValue {
  evaluation.enter(theta);
  const { problem } = evaluation;
  const upper = known ?? upperValue(problem, lower.x);
  const gradientBound = outward(normAbove(lower.gradient) + problem.rounding.lowerGradient(lower.x));
  const distance = boundDistance(problem, lower.x, gradientBound, evaluation.mu, curvature);
  return { theta, lower, upper, error: objectiveError(problem, lower.x, upper, distance) };
}

/** The value with an error of at most `wanted`, or the best that can be had. */
export function refineValue(evaluation: Evaluation, from: CertifiedValue, wanted: number): CertifiedValue {
  let value = from;
  let usedCurvature = false;
  // Newton squares the error and tightening gains what is asked: ten rounds reach the floor.
  for (let round = 0; round < 10; round++) {
    if (value.error.value <= wanted || value.error.value <= 1.5 * value.error.floor) return value;
    if (evaluation.lowerIsFixed || evaluation.cancellation.cancelled || evaluation.problem.exhausted)
      return value;
    const { theta, lower } = value;
    evaluation.enter(theta);
    const factor = value.error.value / wanted;
    const size = evaluation.problem.lowerSize;
    if (!usedCurvature && factor > 10 && size <= denseLimit && size <= 2 * evaluation.rootCondition) {
      usedCurvature = true;
      const curvature = denseCurvature(evaluation.problem, lower.x, evaluation.mu);
      value = certifyValue(evaluation, theta, lower, value.upper, curvature);
      continue;
    }
    const quadratic = evaluation.problem.solvesDirectly;
    const automatic = evaluation.options.lower.method === 'automatic';
    let next: LowerSolution | undefined;
    if ((automatic && !quadratic && evaluation.rootCondition > 20) || lower.stop !== 'tolerance') {
      next = newtonStep(evaluation.problem, lower, {
        mu: evaluation.mu,
        L: evaluation.stepL,
        // Newton squares the error; a residual of 1/factor is all that is needed of the system.
        forcing: Math.min(0.1, Math.max(1e-8, 0.1 / factor)),
        goal: 0,
        cancellation: evaluation.cancellation,
        onProgress: (iteration, residual) => evaluation.report({ phase: 'polishing', iteration, residual }),
      });
    }
    next ??= evaluation.lower(theta, lower.x, lower.bound.value / Math.min(1e8, Math.max(2, 2 * factor)));
    // No gain: rounding.
    if (!(next.bound.value < 0.9 * lower.bound.value)) return value;
    usedCurvature = false;
    value = certifyValue(evaluation, theta, next);
  }
  return value;
}
