/**
 * One Newton step for the lower level, its system solved by a Krylov method, conjugate gradients where H
 * is symmetric and GMRES where it is not: H(x) s = −R(x) to relative residual `forcing`, then x + t s
 * with the largest t = 1, 1/2, … that decreases ‖R‖. Near the solution ‖R‖ is squared (Dembo, Eisenstat
 * & Steihaug 1982). Not a method of the registry: it polishes what a method found.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import { solveLinear } from '../linear/index.ts';
import { normAbove, outward } from '../rounding.ts';
import { combination, norm } from '../vector.ts';
import type { LowerSolution } from './method.ts';

export interface NewtonSettings {
  readonly mu: Qualified;
  readonly L: number;
  /** Residual of the Newton system relative to ‖R‖. */
  readonly forcing: number;
  /** No smaller gradient norm than this is wanted. */
  readonly goal: number;
  readonly cancellation: CancellationToken;
  readonly onProgress?: (iteration: number, residual: number) => void;
}

/** The polished lower solution, or undefined when no step decreases the residual. */
export function newtonStep(
  problem: CountedProblem,
  from: LowerSolution,
  settings: NewtonSettings,
): LowerSolution | undefined {
  const size = norm(from.gradient);
  if (size === 0 || problem.exhausted || settings.cancellation.cancelled) return undefined;
  problem.linearise(from.x);
  const linear = solveLinear('automatic', {
    problem,
    transposed: false,
    centre: from.x,
    rhs: from.gradient.map((value) => -value),
    mu: settings.mu.value,
    L: settings.L,
    tolerance: settings.goal / 2,
    relative: settings.forcing,
    cancellation: settings.cancellation,
    ...(settings.onProgress === undefined ? {} : { onProgress: settings.onProgress }),
  });
  const gradient = new Float64Array(from.x.length);
  // Far from the solution a full step may overshoot; 2^-20 of a Newton step means it is useless.
  for (let t = 1; t >= 2 ** -20; t /= 2) {
    if (settings.cancellation.cancelled) return undefined;
    const x = combination(from.x, t, linear.q);
    problem.retract(x);
    const objective = problem.lower(x, gradient);
    const reached = normAbove(gradient);
    if (reached < (1 - 0.1 * t) * size && Number.isFinite(objective)) {
      const rounding = problem.rounding.lowerGradient(x);
      return {
        ...from,
        x,
        gradient,
        objective,
        bound: { ...settings.mu, value: outward((reached + rounding) / settings.mu.value) },
        floor: rounding / settings.mu.value,
        iterations: from.iterations + linear.iterations,
        stop: 'tolerance',
      };
    }
    if (linear.stop === 'budget' || problem.exhausted) return undefined;
    // At the rounding level a shorter step shows nothing new.
    if (size <= problem.rounding.lowerGradient(from.x)) return undefined;
  }
  return undefined;
}
