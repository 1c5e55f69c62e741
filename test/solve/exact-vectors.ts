/** Vectors of double-double numbers: inner product, norm and distance, for the references. */
import { add, dd, multiply, subtract, zero } from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';

export function dot(a: readonly DoubleDouble[], b: readonly DoubleDouble[]): DoubleDouble {
  let sum = zero;
  for (let i = 0; i < a.length; i++) sum = add(sum, multiply(a[i] as DoubleDouble, b[i] as DoubleDouble));
  return sum;
}

/** The Euclidean norm to double precision. */
export function norm(a: readonly DoubleDouble[]): number {
  return Math.sqrt(dot(a, a).hi);
}

/** The Euclidean distance of a double vector to an exact one, to double precision. */
export function distance(a: Float64Array, b: readonly DoubleDouble[]): number {
  return Math.hypot(...b.map((entry, i) => subtract(dd(a[i] as number), entry).hi));
}
