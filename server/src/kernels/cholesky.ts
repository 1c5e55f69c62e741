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
  const diagonal = factorInto(matrix, size, shift, lower);
  if (diagonal === undefined) return undefined;
  const deficit = backwardError(size, diagonal.trace) + 2 * unitRoundoff * diagonal.largest;
  return { size, lower, deficit: roundedUp(deficit * (1 + 8 * unitRoundoff)) };
}

/** Sum and largest entry of the diagonal of a matrix that was factored, as computed. */
interface Diagonal {
  readonly trace: number;
  readonly largest: number;
}

/** Writes the factor's lower triangle into `lower` [d, d]; undefined, with a part written, when a pivot is not positive. */
export function factorInto(
  matrix: Float64Array,
  size: number,
  shift: number,
  lower: Float64Array,
): Diagonal | undefined {
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
  return { trace, largest };
}

/**
 * ‖L L' − S‖ in the Frobenius norm for a factorisation that ran to its end is at most this, S being what was
 * factored and `trace` its trace as computed: |L L' − S|_ij <= c √(s_ii s_jj) with c = gamma / (1 − gamma)
 * (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, theorem 10.5), and the squares of
 * these bounds sum to c² trace². Underflow adds at most a few smallest numbers for each entry, d² times over.
 */
export function backwardError(size: number, trace: number): number {
  const c = gamma(size + 1) / (1 - gamma(size + 1));
  // The trace is a sum of `size` positive numbers.
  return c * trace * (1 + gamma(size + 2)) + 4 * size * size * underflowUnit;
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
