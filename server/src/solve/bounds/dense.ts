/**
 * Small dense matrices (row-major, d x d): Cholesky and LU factors, solves, and certified bounds of
 * extreme eigenvalues and singular values. Certificate (Rump 2006, "Verification of positive definiteness"): if the
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

/** P A = L U with partial pivoting; undefined when a pivot is 0 or not finite. */
export interface TriangularFactors {
  /** U on and above the diagonal, L without its unit diagonal below. */
  readonly factors: Float64Array;
  /** Row k of P A is row order[k] of A. */
  readonly order: Int32Array;
}

export function triangularFactors(matrix: Float64Array, size: number): TriangularFactors | undefined {
  const factors = matrix.slice();
  const order = Int32Array.from({ length: size }, (_, i) => i);
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(factors[i * size + k] as number) > Math.abs(factors[pivot * size + k] as number))
        pivot = i;
    }
    const value = factors[pivot * size + k] as number;
    if (!Number.isFinite(value) || value === 0) return undefined;
    if (pivot !== k) {
      const row = factors.slice(k * size, (k + 1) * size);
      factors.copyWithin(k * size, pivot * size, (pivot + 1) * size);
      factors.set(row, pivot * size);
      [order[k], order[pivot]] = [order[pivot] as number, order[k] as number];
    }
    for (let i = k + 1; i < size; i++) {
      const ratio = (factors[i * size + k] as number) / value;
      factors[i * size + k] = ratio;
      if (ratio === 0) continue;
      for (let j = k + 1; j < size; j++) {
        factors[i * size + j] = (factors[i * size + j] as number) - ratio * (factors[k * size + j] as number);
      }
    }
  }
  return { factors, order };
}

/** Solves A x = rhs, or A' x = rhs. */
export function triangularSolve(
  { factors, order }: TriangularFactors,
  size: number,
  rhs: Float64Array,
  transposed: boolean,
): Float64Array {
  const at = (i: number, j: number): number => factors[i * size + j] as number;
  const x = new Float64Array(size);
  if (!transposed) {
    for (let i = 0; i < size; i++) {
      let sum = rhs[order[i] as number] as number;
      for (let j = 0; j < i; j++) sum -= at(i, j) * (x[j] as number);
      x[i] = sum;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i] as number;
      for (let j = i + 1; j < size; j++) sum -= at(i, j) * (x[j] as number);
      x[i] = sum / at(i, i);
    }
    return x;
  }
  // A' = U' L' P.
  for (let i = 0; i < size; i++) {
    let sum = rhs[i] as number;
    for (let j = 0; j < i; j++) sum -= at(j, i) * (x[j] as number);
    x[i] = sum / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let j = i + 1; j < size; j++) sum -= at(j, i) * (x[j] as number);
    x[i] = sum;
  }
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) out[order[i] as number] = x[i] as number;
  return out;
}

/**
 * A number not above sigma_min of the exact matrix that `matrix` approximates with spectral error at most
 * `error`, from lambda_min of its Gram matrix; −Infinity when nothing could be certified.
 */
export function smallestSingularValueBelow(
  matrix: Float64Array,
  size: number,
  error: number,
  guess: number,
): number {
  const gram = new Float64Array(size * size);
  let trace = 0;
  for (let k = 0; k < size; k++) {
    const row = matrix.subarray(k * size, (k + 1) * size);
    for (let i = 0; i < size; i++) {
      const factor = row[i] as number;
      if (factor === 0) continue;
      for (let j = 0; j <= i; j++)
        gram[i * size + j] = (gram[i * size + j] as number) + factor * (row[j] as number);
    }
  }
  for (let i = 0; i < size; i++) {
    trace += gram[i * size + i] as number;
    for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j] as number;
  }
  // |computed − exact Gram| <= gamma |M|'|M|, of norm at most gamma ‖M‖_F².
  const gramError = outward(2 * gamma(size + 2) * trace, size + 16);
  const least = smallestEigenvalueBelow(gram, size, gramError, guess * guess);
  return least > 0 ? Math.sqrt(least) * (1 - 4 * unitRoundoff) - outward(error) : -Infinity;
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
