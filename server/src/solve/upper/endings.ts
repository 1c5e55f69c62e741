/** How the upper loop ends when it cannot go on, each with the reason in numbers. */
import type { TheoremABound } from '../bounds/theorem-a.ts';
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

/** The bound is what rounding makes of it; beside no rounding at all, what covers underflow is the floor. */
export function isRounding(omega: number, floor: number): boolean {
  return omega <= Math.max(4 * floor, 2 ** -900);
}

/** h is below its error, and moving theta by its own size along it would change F by a millionth at most. */
export function isZeroBeside(omega: number, point: HypergradientPoint | undefined): boolean {
  if (point === undefined || !(norm(point.h) <= omega)) return false;
  const change = omega * Math.max(1, norm(point.theta));
  return change <= 1e-6 * Math.max(1, Math.abs(point.upper.objective));
}

export function endOfSearch(
  evaluation: Evaluation,
  end: SearchEnd,
  stationarity: number,
  { omega, roundingFloor }: TheoremABound,
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
      if (!isRounding(omega, roundingFloor)) {
        return outcome('stalled', {
          level: 'upper',
          reason: `No decrease of the upper objective can be certified: the projected-gradient norm is ${short(stationarity)}, its bound ${short(omega)}, of which rounding explains ${short(roundingFloor)}.`,
          advice:
            'Strengthen the regularisation of the lower level, or give tolerances and a step, for example `lower = fista(tolerance = 1e-6)`, `hypergradient = implicit(cg(tolerance = 1e-6))` and `upper = projected_gradient(step = 1)`: they are followed whatever can be certified.',
        });
      }
      return outcome('stalled', {
        level: 'upper',
        reason: `No decrease of the upper objective can be told from rounding any more: the projected-gradient norm is ${short(stationarity)}, its bound ${short(omega)}.`,
        advice: `Rescale the data or strengthen the regularisation of the lower level, or accept the point by an upper \`tolerance\` of ${roundedUp(stationarity + omega)}.`,
      });
  }
}

function roundedUp(value: number): string {
  return short(value * 1.1);
}

/** Growth by eight orders of magnitude is no transient of a useful step length. */
export function looksDiverged(objective: number, first: number): boolean {
  return objective > first + 1e8 * (1 + Math.abs(first));
}
