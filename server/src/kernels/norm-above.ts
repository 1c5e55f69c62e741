/**
 * Euclidean norms of arrays of error bounds, rounded up. Errors may be tiny where values are small, and a
 * bound must not vanish because its square does: entries are scaled by the largest of them.
 */
import { gamma, powerOfTwoAt, roundedUp } from './rounding-unit.ts';

/** Not below the 2-norm of all entries, which are taken together; 0 only where all are 0. */
export function normAbove(arrays: readonly Float64Array[]): number {
  let largest = 0;
  let count = 0;
  for (const array of arrays) {
    for (const entry of array) largest = Math.max(largest, Math.abs(entry));
    count += array.length;
  }
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  const scale = powerOfTwoAt(largest);
  let squares = 0;
  for (const array of arrays) for (const entry of array) squares += (entry / scale) ** 2;
  return roundedUp(scale * Math.sqrt(squares) * (1 + gamma(count + 8)));
}
