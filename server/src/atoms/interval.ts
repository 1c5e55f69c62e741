/**
 * Interval arithmetic on closed real intervals, for the ranges of expressions. An end that is
 * infinite is never attained, so 0 times an infinite end is 0. Results enclose the true range up to
 * the rounding of one operation, which the facts drawn from them (signs, domains) do not feel.
 */
import type { Shape } from '../base/dimension.ts';
import { constantDimension } from '../base/dimension.ts';
import type { Interval } from './expression.ts';

export type { Interval };

export function interval(lower: number, upper: number): Interval {
  return { lower, upper };
}

export const nonNegative: Interval = interval(0, Infinity);

export function addIntervals(a: Interval, b: Interval): Interval {
  return interval(a.lower + b.lower, a.upper + b.upper);
}

export function negateInterval(a: Interval): Interval {
  return interval(0 - a.upper, 0 - a.lower);
}

function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

export function multiplyIntervals(a: Interval, b: Interval): Interval {
  const ends = [
    product(a.lower, b.lower),
    product(a.lower, b.upper),
    product(a.upper, b.lower),
    product(a.upper, b.upper),
  ];
  return interval(Math.min(...ends), Math.max(...ends));
}

/** 1/b; the whole line when b contains 0 inside, a half line when 0 is an end. */
export function reciprocalInterval(b: Interval): Interval {
  if (b.lower > 0 || b.upper < 0) return interval(1 / b.upper, 1 / b.lower);
  if (b.lower === 0 && b.upper > 0) return interval(1 / b.upper, Infinity);
  if (b.upper === 0 && b.lower < 0) return interval(-Infinity, 1 / b.lower);
  return interval(-Infinity, Infinity);
}

export function absoluteInterval(a: Interval): Interval {
  return interval(smallestAbsolute(a), Math.max(Math.abs(a.lower), Math.abs(a.upper)));
}

/** The distance of 0 from the interval. */
export function smallestAbsolute(a: Interval): number {
  return Math.max(a.lower, -a.upper, 0);
}

export function squareInterval(a: Interval): Interval {
  const absolute = absoluteInterval(a);
  return interval(absolute.lower ** 2, absolute.upper ** 2);
}

/** The image under an increasing function that is defined on the whole interval. */
export function increasingImage(a: Interval, phi: (t: number) => number): Interval {
  return interval(phi(a.lower), phi(a.upper));
}

export function decreasingImage(a: Interval, phi: (t: number) => number): Interval {
  return interval(phi(a.upper), phi(a.lower));
}

/** The smallest interval that contains both. */
export function hull(a: Interval, b: Interval): Interval {
  return interval(Math.min(a.lower, b.lower), Math.max(a.upper, b.upper));
}

export function intersect(a: Interval, b: Interval): Interval {
  return interval(Math.max(a.lower, b.lower), Math.min(a.upper, b.upper));
}

export function contains(outer: Interval, inner: Interval): boolean {
  return outer.lower <= inner.lower && inner.upper <= outer.upper;
}

/** The range of a sum of `count` values of the range a; without a known count at least one. */
export function sumInterval(a: Interval, count: number | undefined): Interval {
  if (count !== undefined) return interval(product(count, a.lower), product(count, a.upper));
  return interval(a.lower >= 0 ? a.lower : -Infinity, a.upper <= 0 ? a.upper : Infinity);
}

/** The number of entries of an array when every dimension is a number. */
export function entryCount(shape: Shape): number | undefined {
  let count = 1;
  for (const dimension of shape) {
    const value = constantDimension(dimension);
    if (value === undefined) return undefined;
    count *= value;
  }
  return count;
}
