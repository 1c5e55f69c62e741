/**
 * Is the projected step a certified descent direction? With d = P(theta − a h) − theta,
 * <∇F, d> <= <h, d> + omega ‖d‖, and <h, d> <= −‖d‖²/a for an exact projection; so descent is certified
 * when omega <= (1 − eta) ‖d‖/a. The inner product is computed rather than inferred, so the statement
 * holds for the projection as it was rounded. Without a set d = −a h and the test is omega < ‖h‖.
 */
import { differenceBelow, dotAbove, inward, normBelow } from '../rounding.ts';
import { difference, norm } from '../vector.ts';

/** The share of the linear decrease that a certified step keeps at least. */
export const keptShare = 0.5;

export interface ProjectedStep {
  readonly theta: Float64Array;
  /** theta_new − theta. */
  readonly direction: Float64Array;
  readonly length: number;
}

/** P(theta − step h) and how far it moves. */
export function projectedStep(
  project: (theta: Float64Array) => Float64Array,
  theta: Float64Array,
  h: Float64Array,
  step: number,
): ProjectedStep {
  const moved = new Float64Array(theta.length);
  for (let i = 0; i < theta.length; i++) moved[i] = (theta[i] as number) - step * (h[i] as number);
  const next = project(moved);
  const direction = difference(next, theta);
  return { theta: next, direction, length: norm(direction) };
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
