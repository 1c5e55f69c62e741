/**
 * Cholesky factorisation S + s I = L L' as a proof: when it runs to the end in floating point,
 * lambda_min(S + s I) >= -gamma_{d+1} / (1 - gamma_{d+1}) trace(S + s I), whatever the order of the sums
 * (Rump, "Verification of positive definiteness", BIT 46, 2006; Demmel 1989). Row-major lower triangles.
 */
import { gamma, roundedUp, underflowUnit, unitRoundoff } from './rounding-unit.ts';

export interface Factor {
  readonly size: number;
  /** [d, d]; only the lower triangle is meaningful. */
  readonly lower: Float64Array;
  /** lambda_min(S + s I) >= -deficit, rounding of the shifted diagonal counted in. */
  readonly deficit: number;
}

/** Factors S + shift I, reading the lower triangle of S [d, d]; undefined when a pivot is not positive. */
export function choleskyFactor(matrix: Float64Array, size: number, shift: number): Factor | undefined {
  const lower = new Float64Array(size * size);
  let trace = 0;
  let largest = 0;
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j < i; j++) {
      const value =
        ((matrix[row + j] as number) - dotRows(lower, row, j * size, j)) / (lower[j * size + j] as number);
      lower[row + j] = value;
    }
    const diagonal = (matrix[row + i] as number) + shift;
    const pivot = diagonal - dotRows(lower, row, row, i);
    if (!(pivot > 0) || pivot === Infinity) return undefined;
    lower[row + i] = Math.sqrt(pivot);
    trace += diagonal;
    largest = Math.max(largest, diagonal);
  }
  const c = gamma(size + 1) / (1 - gamma(size + 1));
  // The trace is a sum of `size` positive numbers; each diagonal entry carries the rounding of the shift.
  // Underflow adds at most a few smallest numbers per entry of the factor, taken d^2 times over.
  const deficit =
    c * trace * (1 + gamma(size + 2)) + 2 * unitRoundoff * largest + 4 * size * size * underflowUnit;
  return { size, lower, deficit: roundedUp(deficit * (1 + 8 * unitRoundoff)) };
}

/** Solves L L' x = b in place of `x`, which starts as b. */
export function choleskySolve(factor: Factor, x: Float64Array): void {
  const { size, lower } = factor;
  for (let i = 0; i < size; i++) {
    let value = x[i] as number;
    for (let j = 0; j < i; j++) value -= (lower[i * size + j] as number) * (x[j] as number);
    x[i] = value / (lower[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    const value = (x[i] as number) / (lower[i * size + i] as number);
    x[i] = value;
    for (let j = 0; j < i; j++) x[j] = (x[j] as number) - (lower[i * size + j] as number) * value;
  }
}

function dotRows(lower: Float64Array, p: number, q: number, n: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    s0 += (lower[p + k] as number) * (lower[q + k] as number);
    s1 += (lower[p + k + 1] as number) * (lower[q + k + 1] as number);
    s2 += (lower[p + k + 2] as number) * (lower[q + k + 2] as number);
    s3 += (lower[p + k + 3] as number) * (lower[q + k + 3] as number);
  }
  for (; k < n; k++) s0 += (lower[p + k] as number) * (lower[q + k] as number);
  return s0 + s1 + (s2 + s3);
}
