/**
 * Small formulas that derivative bounds share: distances of an interval [lower, upper] from 0, and
 * decimal constants rounded up, so that a bound is never below the true maximum by rounding.
 */
import type { Formula } from './formula.ts';
import { maximum, negate, number } from './formula.ts';

/** Four units in the last place up: more than the rounding of the few operations behind a constant. */
export function roundedUp(value: number): number {
  return value * (1 + 4 * Number.EPSILON);
}

/** max |t| over [lower, upper]. */
export function farthest(lower: Formula, upper: Formula): Formula {
  return maximum(upper, negate(lower));
}

/** min |t| over [lower, upper]. */
export function nearest(lower: Formula, upper: Formula): Formula {
  return maximum(lower, negate(upper), number(0));
}

/** max(t, 0): the part of a lower end on which log, sqrt and broken powers are defined. */
export function positivePart(t: Formula): Formula {
  return maximum(t, number(0));
}

/** max |phi''| of the logistic function and, equally, max |phi'''| of softplus: 1/(6 sqrt 3). */
export const sigmoidSecond = roundedUp(1 / (6 * Math.sqrt(3)));
/** max |tanh''| = 4/(3 sqrt 3). */
export const tanhSecond = roundedUp(4 / (3 * Math.sqrt(3)));
