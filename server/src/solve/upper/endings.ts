/** How the upper loop ends when it cannot go on, each with the reason in numbers. */
import type { Evaluation } from '../evaluation.ts';
import type { HypergradientPoint } from '../hypergradient/implicit.ts';
import { outcome } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { norm } from '../vector.ts';
import type { DriveEnd } from './accuracy.ts';
import type { SearchEnd } from './line-search.ts';

const short = (value: number): string => value.toExponential(1);

/** A lower or linear solve that failed and was not rescued ends the run. */
export function endOfLowerSolve(
  evaluation: Evaluation,
  point: HypergradientPoint,
  end: DriveEnd,
): Outcome | undefined {
  const { lower, linear } = point;
  if (end === 'met') return undefined;
  const lowerFailed = lower.stop === 'cap' || lower.stop === 'stalled' || lower.stop === 'diverged';
  if (lowerFailed) {
    const wanted = evaluation.options.lower.tolerance;
    return outcome('lower_not_converged', {
      level: 'lower',
      reason: `${lower.method} ended after ${lower.iterations} iterations (${lower.stop}) with a distance bound of ${short(lower.bound.value)}${wanted === undefined ? '' : `, tolerance ${wanted}`}.`,
    });
  }
  if (linear.stop === 'cap' || linear.stop === 'stalled') {
    return outcome('linear_not_converged', {
      level: 'linear',
      reason: `${linear.method} ended after ${linear.iterations} iterations (${linear.stop}) with a residual of ${short(linear.residualNorm)}.`,
    });
  }
  return undefined;
}

/** theta does not move under the fixed step: nothing will ever change. */
export function endOfFixedStep(evaluation: Evaluation, point: HypergradientPoint): Outcome {
  const fx = norm(point.upper.gradientX);
  const { tolerance } = evaluation.options.hypergradient.linear;
  if (norm(point.q) === 0 && fx > 0 && tolerance !== undefined && tolerance >= fx) {
    return outcome('stalled', {
      level: 'linear',
      advice: `The hypergradient is exactly 0 because the linear tolerance ${tolerance} is not below ‖f_x‖ = ${short(fx)}, so q = 0 already counts as solved. Use a relative tolerance, for example cg(relative = 0.01), or leave it out.`,
    });
  }
  return outcome('stalled', {
    level: 'upper',
    reason: `theta no longer moves: the projected step is 0 while ‖h‖ = ${short(norm(point.h))}.`,
    advice:
      'If h points out of the set the point is stationary; leave the tolerances out to have that certified.',
  });
}

export function endOfSearch(
  evaluation: Evaluation,
  end: SearchEnd,
  stationarity: number,
  omega: number,
): Outcome {
  switch (end) {
    case 'cancelled':
      return outcome('cancelled');
    case 'budget':
      return outcome('budget_spent');
    case 'limited':
      return outcome('no_descent', {
        level: 'lower',
        reason: `A decrease is seen but the lower tolerance ${evaluation.options.lower.tolerance ?? ''} is too loose to certify it.`,
      });
    case 'accepted':
    case 'floor':
    case 'absent':
      if (evaluation.lowerIsFixed || evaluation.linearIsFixed) {
        return outcome('no_descent', {
          level: 'upper',
          reason: `No step decreases the objective visibly; at these tolerances ‖h − ∇F‖ may be ${short(omega)}.`,
        });
      }
      return outcome('stalled', {
        level: 'upper',
        reason: `No decrease of the upper objective can be told from rounding any more; projected-gradient norm ${short(stationarity)} with a bound of ${short(omega)}.`,
      });
  }
}

/** Growth by eight orders of magnitude is no transient of a useful step length. */
export function looksDiverged(objective: number, first: number): boolean {
  return objective > first + 1e8 * (1 + Math.abs(first));
}
