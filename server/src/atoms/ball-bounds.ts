/**
 * Small formulas that derivative bounds share: distances of an interval [lower, upper] from 0, and
 * decimal constants rounded up, so that a bound is never below the true maximum by rounding.
 */
import type { Formula } from './formula.ts';
import { add, divide, exponential, maximum, multiply, negate, number, one, power } from './formula.ts';

/** Four units in the last place up: more than the rounding of the few operations behind a constant. */
export function roundedUp(value: number): number {
  return value * (1 + 4 * Number.EPSILON);
}

/** Four units in the last place down. */
export function roundedDown(value: number): number {
  return value * (1 - 4 * Number.EPSILON);
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

/** e^-t/(1 + e^-t)² for t >= 0: the slope of the logistic function at distance t from 0, at most 1/4. */
export function logisticSlope(t: Formula): Formula {
  const e = exponential(negate(t));
  return divide(e, power(add(one, e), 2));
}

/** 1/cosh² t for t >= 0: the slope of tanh at distance t from 0, at most 1. */
export function hyperbolicSlope(t: Formula): Formula {
  return multiply(number(4), logisticSlope(multiply(number(2), t)));
}
