/**
 * Sharpening (iv) of Theorem A. From (x~, q) one Newton step on the lower problem and a fresh adjoint
 * solve give (x2, q2, h2); then ‖h − ∇F‖ <= ‖h − h2‖ + omega(x2, q2), and h2 itself carries
 * omega(x2, q2). Each polish about squares the error, so the bound of h tends to its true error.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import { implicitHypergradient, upperValue } from '../hypergradient/implicit.ts';
import type { HypergradientPoint } from '../hypergradient/implicit.ts';
import { solveLinear } from '../linear/index.ts';
import { newtonStep } from '../lower/newton.ts';
import { norm } from '../vector.ts';

export interface PolishSettings {
  readonly mu: Qualified;
  readonly L: number;
  /** Residual of the Newton system relative to ‖R‖. */
  readonly forcing: number;
  /** ‖R(x2)‖ and ‖H' q2 − f_x‖ that suffice; 0 for as small as the forcing gives. */
  readonly gradientGoal: number;
  readonly residualGoal: number;
  readonly cancellation: CancellationToken;
  readonly onProgress?: (iteration: number, residual: number) => void;
}

/** The polished point, or undefined when neither the lower nor the linear solution could be improved. */
export function polish(
  problem: CountedProblem,
  point: HypergradientPoint,
  settings: PolishSettings,
): HypergradientPoint | undefined {
  const { mu, L, cancellation, onProgress } = settings;
  const listener = onProgress === undefined ? {} : { onProgress };
  const wantsLower = norm(point.lower.gradient) > settings.gradientGoal;
  const moved = wantsLower
    ? newtonStep(problem, point.lower, {
        mu,
        L,
        forcing: settings.forcing,
        goal: settings.gradientGoal,
        cancellation,
        ...listener,
      })
    : undefined;
  const lower = moved ?? point.lower;
  const upper = moved === undefined ? point.upper : upperValue(problem, lower.x);
  problem.linearise(lower.x);
  const linear = solveLinear('automatic', {
    problem,
    transposed: true,
    centre: lower.x,
    rhs: upper.gradientX,
    start: point.q,
    mu: mu.value,
    L,
    tolerance: settings.residualGoal,
    relative: 0,
    cancellation,
    ...listener,
  });
  if (cancellation.cancelled) return undefined;
  if (moved === undefined && linear.residualNorm > 0.5 * point.linear.residualNorm) return undefined;
  return implicitHypergradient(problem, point.theta, lower, upper, linear);
}
