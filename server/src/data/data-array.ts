// The one form in which data leaves this room: a row-major array of doubles with its shape and its density.
// The density is measured once, after loading, so that the compiler can decide whether sparse rows pay.

import { failure, success } from './data-error.ts';
import type { DataResult } from './data-error.ts';
import { checkElements, shapeText } from './limits.ts';
import type { Limits } from './limits.ts';

export interface DataArray {
  /** Sizes of the axes; `[]` is a scalar. Their product is `values.length`. */
  readonly shape: number[];
  /** The elements, row-major. */
  readonly values: Float64Array;
  /** The fraction of elements that are not zero, in [0, 1]; 1 for an array without elements. */
  readonly density: number;
}

/** Wraps values that fill `shape` and measures their density; O(number of elements). */
export function dataArray(shape: readonly number[], values: Float64Array): DataArray {
  return { shape: [...shape], values, density: density(values) };
}

/** The fraction of `values` that are not zero; 1 for an empty array. NaN counts as nonzero. */
export function density(values: Float64Array): number {
  if (values.length === 0) return 1;
  let nonzeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) nonzeros++;
  return nonzeros / values.length;
}

/**
 * Zero-filled doubles for `shape`, or a failure where the shape exceeds the limits or the machine's memory.
 */
export function allocateValues(
  path: string,
  shape: readonly number[],
  limits: Limits,
): DataResult<Float64Array> {
  const count = checkElements(path, shape, limits);
  if (!count.ok) return count;
  try {
    return success(new Float64Array(count.value));
  } catch {
    return failure(
      path,
      `the machine has no memory for an array of shape ${shapeText(shape)}, ${count.value * 8} bytes`,
      'Take fewer rows or columns',
    );
  }
}
