/**
 * Is the projected step a certified descent direction? With d = P(theta − a h) − theta,
 * <∇F, d> <= <h, d> + omega ‖d‖, and <h, d> <= −‖d‖²/a for an exact projection; so descent is certified
 * when omega <= (1 − eta) ‖d‖/a. The inner product is computed rather than inferred, so the statement
 * holds for the projection as it was rounded, or as far as an iteration came. Without a set d = −a h and the test is omega < ‖h‖.
 */
import type { Projected } from '../../base/projected.ts';
import { differenceBelow, dotAbove, gamma, inward, normBelow, outward, unitRoundoff } from '../rounding.ts';
import { difference, norm } from '../vector.ts';

/** The share of the linear decrease that a certified step keeps at least. */
export const keptShare = 0.5;

/** Euclidean projection of theta onto its set. */
export type Projection = (theta: Float64Array) => Projected;

export interface ProjectedStep {
  readonly theta: Float64Array;
  /** theta_new − theta. */
  readonly direction: Float64Array;
  readonly length: number;
  /** |length − ‖P(theta − step h) − theta‖| is at most this: errors of the projection, and rounding. */
  readonly error: Pick<Projected, 'error' | 'kind' | 'proved'>;
}

/** P(theta − step h) and how far it moves. */
export function projectedStep(
  project: Projection,
  theta: Float64Array,
  h: Float64Array,
  step: number,
): ProjectedStep {
  const moved = new Float64Array(theta.length);
  // Entries that h does not move are not rounded either.
  const rounded = new Float64Array(theta.length);
  for (let i = 0; i < theta.length; i++) {
    const change = step * (h[i] as number);
    moved[i] = (theta[i] as number) - change;
    rounded[i] = change === 0 ? 0 : Math.abs(moved[i] as number) + Math.abs(change);
  }
  const { point, error, kind, proved } = project(moved);
  const direction = difference(point, theta);
  const length = norm(direction);
  // A projection does not enlarge the rounding of theta − step h; then that of the difference and its norm.
  const rounding = outward(2 * unitRoundoff * norm(rounded)) + 4 * gamma(theta.length + 8) * length;
  const own = error === 0 && norm(rounded) === 0 ? 0 : outward(error + rounding);
  const whole = proved === undefined ? {} : { proved: outward(proved + rounding) };
  return { theta: point, direction, length, error: { error: own, kind, ...whole } };
}

/** The largest omega for which the step is certified to descend; 0 or less when none is. */
export function certifiableError(h: Float64Array, step: ProjectedStep): number {
  const length = normBelow(step.direction);
  if (!(length > 0)) return 0;
  const decrease = -dotAbove(h, step.direction);
  return decrease > 0 ? inward(decrease / step.length) : 0;
}

/** Certified: <∇F, d> <= −eta |<h, d>| for every ∇F within omega of h, eta = `keptShare`. */
export function descentCertified(h: Float64Array, step: ProjectedStep, omega: number): boolean {
  const limit = certifiableError(h, step);
  return limit > 0 && differenceBelow((1 - keptShare) * limit, omega) >= 0;
}
