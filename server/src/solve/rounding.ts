/**
 * Directed estimates in floating point: results that are certainly not below (outward) or not above
 * (inward) the exact value. u = 2^-53; a sum of n products has relative error at most
 * gamma_n = n u / (1 - n u) of the sum of absolute values (Higham 2002, Lemma 3.1).
 */
import { dot, norm } from './vector.ts';

export const unitRoundoff = 2 ** -53;

export function gamma(count: number): number {
  const product = count * unitRoundoff;
  return product < 1 ? product / (1 - product) : Infinity;
}

/**
 * Enlarges the floating-point value of an expression of non-negative terms (sums, products, quotients,
 * square roots) with at most `operations` operations, so that it is not below the exact value. The
 * absolute term, far below any meaningful size, covers products that underflowed.
 */
export function outward(value: number, operations = 64): number {
  return value * (1 + 2 * gamma(operations + 2)) + 2 ** -1000;
}

/** Not above the exact value of an expression as in `outward`, and not negative. */
export function inward(value: number, operations = 64): number {
  return Math.max(0, value * (1 - 2 * gamma(operations + 2)) - 2 ** -1000);
}

/** a - b for a, b >= 0, not above the exact value; may be negative. */
export function differenceBelow(a: number, b: number): number {
  return a - b - 4 * unitRoundoff * (Math.abs(a) + Math.abs(b)) - 2 ** -1000;
}

/** Not below the Euclidean norm; 0 only for the zero vector. */
export function normAbove(a: Float64Array): number {
  const value = norm(a);
  return value === 0 ? 0 : value * (1 + 2 * gamma(a.length + 8));
}

/** Not above the Euclidean norm. */
export function normBelow(a: Float64Array): number {
  return norm(a) * Math.max(0, 1 - 2 * gamma(a.length + 8));
}

/** Not below the distance of a and b as stored. */
export function distanceAbove(a: Float64Array, b: Float64Array): number {
  const gap = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) gap[i] = (a[i] as number) - (b[i] as number);
  // Each difference of two floats is exact up to a factor 1 + u.
  return normAbove(gap) * (1 + 4 * unitRoundoff);
}

/** Not below the inner product. */
export function dotAbove(a: Float64Array, b: Float64Array): number {
  return dot(a, b) + outward(2 * gamma(a.length + 2) * normAbove(a) * normAbove(b));
}

/** x y with 0 · Infinity = 0: an unknown constant does not matter where its factor vanishes. */
export function times(x: number, y: number): number {
  return x === 0 || y === 0 ? 0 : x * y;
}
