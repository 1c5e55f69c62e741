/**
 * Small dense symmetric matrices (row-major, d x d): Cholesky factors, solves, and certified bounds of
 * extreme eigenvalues. Certificate (Rump 2006, "Verification of positive definiteness"): if the
 * floating-point Cholesky factorisation of a symmetric B runs to completion then
 * lambda_min(B) >= −gamma_{d+1}/(1 − gamma_{d+1}) trace(B) − (underflow).
 */
import { gamma, outward, unitRoundoff } from '../rounding.ts';

/** Lower Cholesky factor of A − shift I, or undefined when a pivot is not positive. */
export function cholesky(matrix: Float64Array, size: number, shift = 0): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = (matrix[row + j] as number) - (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= (factor[row + k] as number) * (factor[other + k] as number);
      if (i === j) {
        if (!(sum > 0) || sum === Infinity) return undefined;
        factor[row + i] = Math.sqrt(sum);
      } else {
        factor[row + j] = sum / (factor[other + j] as number);
      }
    }
  }
  return factor;
}

/** Solves (factor factor') x = rhs. */
export function choleskySolve(factor: Float64Array, size: number, rhs: Float64Array): Float64Array {
  const x = rhs.slice();
  for (let i = 0; i < size; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[i * size + k] as number) * (x[k] as number);
    x[i] = sum / (factor[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < size; k++) sum -= (factor[k * size + i] as number) * (x[k] as number);
    x[i] = sum / (factor[i * size + i] as number);
  }
  return x;
}

/**
 * A number not above lambda_min of the exact symmetric matrix that `matrix` approximates with spectral
 * error at most `error`; −Infinity when nothing could be certified. `guess` is a known lower bound.
 */
export function smallestEigenvalueBelow(
  matrix: Float64Array,
  size: number,
  error: number,
  guess: number,
): number {
  let trace = 0;
  let least = Infinity;
  let largest = 0;
  for (let i = 0; i < size; i++) {
    const entry = matrix[i * size + i] as number;
    if (!Number.isFinite(entry)) return -Infinity;
    trace += Math.abs(entry);
    largest = Math.max(largest, Math.abs(entry));
    // lambda_min <= every diagonal entry.
    least = Math.min(least, entry);
  }
  if (!(least > 0)) return -Infinity;
  const certify = (shift: number): number => {
    if (cholesky(matrix, size, shift) === undefined) return -Infinity;
    const factor = gamma(size + 1) / (1 - gamma(size + 1));
    const slack = factor * (trace + size * shift) + unitRoundoff * (largest + shift) + error + 2 ** -1000;
    return shift - outward(slack, size + 16) - 4 * unitRoundoff * shift;
  };
  let low = Math.max(guess, least * 1e-14);
  let best = certify(low);
  if (best === -Infinity) {
    low = least * 1e-14;
    best = certify(low);
  }
  if (best === -Infinity) return best;
  let high = least;
  // Bisection on the logarithm; 5 % is more than a bound needs.
  for (let step = 0; step < 40 && high > 1.05 * low; step++) {
    const middle = Math.sqrt(low * high);
    const value = certify(middle);
    if (value === -Infinity) high = middle;
    else {
      low = middle;
      best = Math.max(best, value);
    }
  }
  return best;
}

/**
 * A number not below the spectral norm of a rows x columns matrix (row-major) known up to an error of
 * Frobenius norm at most `error`: from lambda_max of its rows x rows Gram matrix, certified by Cholesky.
 */
export function spectralNormAbove(
  matrix: Float64Array,
  rows: number,
  columns: number,
  error: number,
): number {
  const gram = new Float64Array(rows * rows);
  let frobenius = 0;
  let rowSumLargest = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) {
        sum += (matrix[i * columns + k] as number) * (matrix[j * columns + k] as number);
      }
      gram[i * rows + j] = sum;
      gram[j * rows + i] = sum;
    }
    frobenius += gram[i * rows + i] as number;
  }
  if (!Number.isFinite(frobenius)) return Infinity;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < rows; j++) sum += Math.abs(gram[i * rows + j] as number);
    rowSumLargest = Math.max(rowSumLargest, sum);
  }
  // |computed − exact Gram| <= gamma |J||J|', of norm at most gamma ‖J‖_F².
  const gramError = 2 * gamma(columns + 2) * frobenius;
  // ‖A‖_2 <= largest row sum for symmetric A; Cholesky of top I − Gram then lowers it.
  let top = rowSumLargest * (1 + 2 * gamma(rows + 2));
  const flipped = new Float64Array(rows * rows);
  const factor = gamma(rows + 1) / (1 - gamma(rows + 1));
  let low = 0;
  for (let i = 0; i < rows; i++) low = Math.max(low, gram[i * rows + i] as number);
  let high = top;
  for (let step = 0; step < 20 && high > 1.01 * low; step++) {
    const middle = step === 0 ? high : Math.sqrt(low * high);
    let trace = 0;
    for (let i = 0; i < rows * rows; i++) flipped[i] = -(gram[i] as number);
    for (let i = 0; i < rows; i++) {
      const entry = middle - (gram[i * rows + i] as number);
      flipped[i * rows + i] = entry;
      trace += Math.abs(entry);
    }
    if (cholesky(flipped, rows) === undefined) {
      if (step === 0) break;
      low = middle;
    } else {
      high = middle;
      top = Math.min(
        top,
        middle + outward(factor * trace + unitRoundoff * (middle + rowSumLargest), rows + 16),
      );
    }
  }
  return outward(Math.sqrt(Math.min(top, outward(frobenius, columns + rows)) + gramError) + error, rows + 16);
}
