/**
 * Proved bounds of the spectral norm of a matrix and of the smallest eigenvalue of a symmetric one.
 * An eigenvalue is estimated by Lanczos' method, moved outwards a little, and proved there by a Cholesky
 * factorisation that runs to its end (see cholesky.ts); the outward step grows until the proof succeeds.
 * The spectral norm is sqrt(lambda_max(G)), G the Gram matrix of the smaller side, whose computed form
 * differs from the exact one by at most gamma_n ||A||_F^2 in the 2-norm, as || |A|'|A| || <= ||A||_F^2.
 * Bounds of the other side are Rayleigh quotients. No estimate is ever returned as a bound.
 */
import { choleskyFactor, choleskySolve } from './cholesky.ts';
import { largestRitzPair } from './lanczos.ts';
import { gamma, powerOfTwoAt, roundedDown, roundedUp, underflowUnit, unitRoundoff } from './rounding-unit.ts';

/** lower <= exact <= upper. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Above this size of the smaller side a factorisation takes longer than a second. */
const largestFactored = 1500;
/** Products for one Gram matrix that take about three seconds. */
const largestGramWork = 4e9;
/** Ritz values of random matrices agree to 1e-6 well before. */
const lanczosSteps = 80;
/** Relative outward steps tried in turn; each failed proof costs at most one factorisation. */
const outwardSteps = [1e-9, 1e-7, 1e-5, 1e-3, 1e-1, 1];

/** Bounds of the largest singular value of a row-major [rows, columns]; NaN when an entry is not finite. */
export function spectralNormBounds(rows: number, columns: number, values: Float64Array): Bounds {
  const largest = largestAbsolute(values);
  if (!Number.isFinite(largest)) return { lower: NaN, upper: NaN };
  if (largest === 0) return { lower: 0, upper: 0 };
  // Keeps the Gram matrix from overflow and underflow.
  const scale = 1 / powerOfTwoAt(largest);
  const squares = squaredFrobenius(values, scale);
  const unscaled = (lower: number, upper: number): Bounds => ({
    lower: Math.max(
      0,
      roundedDown(Math.sqrt(Math.max(0, roundedDown(lower))) * (1 - 4 * unitRoundoff)) / scale,
    ),
    upper: roundedUp((Math.sqrt(roundedUp(upper)) * (1 + 4 * unitRoundoff)) / scale),
  });
  if (rows === 1 || columns === 1) return unscaled(squares.lower, squares.upper);
  const size = Math.min(rows, columns);
  const terms = Math.max(rows, columns);
  if (size > largestFactored || gramWork(rows, columns, values) > largestGramWork) {
    const sums = Math.min(squares.upper, rowColumnBound(rows, columns, values, scale));
    return unscaled((scale * largest) ** 2, sums);
  }
  const gram = gramMatrix(rows, columns, values, scale);
  const gramError = gamma(terms + 2) * squares.upper + size * size * terms * underflowUnit;
  const bounds = largestEigenvalue(gram, size);
  return unscaled(bounds.lower - gramError, bounds.upper + gramError);
}

/**
 * Bounds of the smallest eigenvalue of a symmetric row-major [size, size], of which the lower triangle
 * is read; NaN when an entry is not finite. For large matrices the lower bound is Gershgorin's.
 */
export function smallestEigenvalueBounds(size: number, values: Float64Array): Bounds {
  const largest = largestAbsolute(values);
  if (!Number.isFinite(largest)) return { lower: NaN, upper: NaN };
  if (largest === 0) return { lower: 0, upper: 0 };
  if (size === 1) return { lower: values[0] as number, upper: values[0] as number };
  // Squares and inverses stay in range.
  const scale = 1 / powerOfTwoAt(largest);
  const scaled = values.map((value) => value * scale);
  const { lower, upper } = smallestScaledEigenvalue(size, scaled);
  // Entries that scaling made subnormal were rounded, and so is a subnormal result.
  const lost = size * underflowUnit;
  return { lower: roundedDown((lower - lost) / scale), upper: roundedUp((upper + lost) / scale) };
}

function smallestScaledEigenvalue(size: number, values: Float64Array): Bounds {
  let smallestDiagonal = Infinity;
  for (let i = 0; i < size; i++)
    smallestDiagonal = Math.min(smallestDiagonal, values[i * size + i] as number);
  const radius = gershgorinRadius(values, size);
  if (size > largestFactored) return { lower: gershgorinLower(values, size), upper: smallestDiagonal };

  // Factor S + shift I with the smallest shift that works: its inverse has lambda_min as its largest
  // eigenvalue, which Lanczos' method finds quickly however ill-conditioned S is.
  let shift = radius * 1e-14 + underflowUnit;
  let factor = choleskyFactor(values, size, shift);
  while (factor === undefined) {
    shift *= 100;
    if (shift > 1e4 * radius) return { lower: gershgorinLower(values, size), upper: smallestDiagonal };
    factor = choleskyFactor(values, size, shift);
  }
  const proved = factor;
  let lower = roundedDown(-shift - proved.deficit);
  const inverse = (v: Float64Array, out: Float64Array) => {
    out.set(v);
    choleskySolve(proved, out);
  };
  const ritz = largestRitzPair(size, inverse, lanczosSteps);
  const quotient = rayleigh(values, size, ritz.vector);
  for (const outward of outwardSteps) {
    const candidate = quotient.value - outward * Math.abs(quotient.value) - radius * 1e-15 * size;
    if (candidate <= lower) break;
    const proof = choleskyFactor(values, size, -candidate);
    if (proof === undefined) continue;
    lower = Math.max(lower, roundedDown(candidate - proof.deficit));
    break;
  }
  return { lower, upper: Math.min(smallestDiagonal, quotient.upper) };
}

/** Bounds of the largest eigenvalue of a positive semidefinite matrix (lower triangle). */
function largestEigenvalue(matrix: Float64Array, size: number): Bounds {
  const multiply = (v: Float64Array, out: Float64Array) => {
    symmetricProduct(matrix, size, v, out);
  };
  const ritz = largestRitzPair(size, multiply, lanczosSteps);
  const quotient = rayleigh(matrix, size, ritz.vector);
  const negated = matrix.map((entry) => -entry);
  for (const outward of outwardSteps) {
    const candidate = Math.max(ritz.value, quotient.value) * (1 + outward);
    const proof = choleskyFactor(negated, size, candidate);
    if (proof === undefined) continue;
    return { lower: quotient.lower, upper: roundedUp(candidate + proof.deficit) };
  }
  // For a positive semidefinite matrix the trace bounds every eigenvalue.
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i] as number;
  return { lower: quotient.lower, upper: roundedUp(trace * (1 + gamma(size))) };
}

/** v'Sv / v'v with bounds of its exact value: both sums have error at most gamma times ||S||_F ||v||^2. */
function rayleigh(matrix: Float64Array, size: number, v: Float64Array): Bounds & { value: number } {
  const product = new Float64Array(size);
  symmetricProduct(matrix, size, v, product);
  let [numerator, denominator, squares] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    numerator += (v[i] as number) * (product[i] as number);
    denominator += (v[i] as number) ** 2;
    for (let j = 0; j <= i; j++) squares += (i === j ? 1 : 2) * (matrix[i * size + j] as number) ** 2;
  }
  const value = numerator / denominator;
  const norm = Math.sqrt(squares) * (1 + gamma(size * size));
  const error = roundedUp(gamma(4 * size + 8) * norm * (1 + gamma(4 * size)) + size * underflowUnit);
  return { value, lower: roundedDown(value - error), upper: roundedUp(value + error) };
}

/** out = S v from the lower triangle. */
function symmetricProduct(matrix: Float64Array, size: number, v: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    const vi = v[i] as number;
    let total = (matrix[row + i] as number) * vi;
    for (let j = 0; j < i; j++) {
      const entry = matrix[row + j] as number;
      total += entry * (v[j] as number);
      out[j] = (out[j] as number) + entry * vi;
    }
    out[i] = (out[i] as number) + total;
  }
}

/** Lower triangle of A'A, or of AA' when A has fewer rows than columns; zeros of A cost nothing. */
function gramMatrix(rows: number, columns: number, values: Float64Array, scale: number): Float64Array {
  const tall = rows >= columns;
  const [size, count] = tall ? [columns, rows] : [rows, columns];
  const [stepEntry, stepVector] = tall ? [1, columns] : [columns, 1];
  const gram = new Float64Array(size * size);
  const index = new Int32Array(size);
  const entries = new Float64Array(size);
  for (let r = 0; r < count; r++) {
    let nonzeros = 0;
    for (let j = 0; j < size; j++) {
      const value = values[r * stepVector + j * stepEntry] as number;
      if (value === 0) continue;
      index[nonzeros] = j;
      entries[nonzeros++] = value * scale;
    }
    for (let p = 0; p < nonzeros; p++) {
      const value = entries[p] as number;
      const row = (index[p] as number) * size;
      for (let q = 0; q <= p; q++) {
        const target = row + (index[q] as number);
        gram[target] = (gram[target] as number) + value * (entries[q] as number);
      }
    }
  }
  return gram;
}

function gramWork(rows: number, columns: number, values: Float64Array): number {
  const size = Math.min(rows, columns);
  let nonzeros = 0;
  for (let k = 0; k < values.length; k++) if (values[k] !== 0) nonzeros++;
  // Rows are about equally full, so one of m nonzeros costs m^2 / 2.
  const perVector = nonzeros / Math.max(rows, columns);
  return (nonzeros * Math.min(size, perVector)) / 2;
}

function largestAbsolute(values: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k] as number);
    // A comparison with NaN is false either way; it has to be carried through.
    if (!(size <= largest)) largest = Number.isNaN(largest) ? largest : size;
  }
  return largest;
}

function squaredFrobenius(values: Float64Array, scale: number): Bounds {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += ((values[k] as number) * scale) ** 2;
  const error = gamma(values.length + 2) * total + values.length * underflowUnit;
  return { lower: roundedDown(total - error), upper: roundedUp(total + error) };
}

/** ||A||_2^2 <= ||A||_1 ||A||_inf, rounded up. */
function rowColumnBound(rows: number, columns: number, values: Float64Array, scale: number): number {
  const columnSums = new Float64Array(columns);
  let largestRow = 0;
  for (let i = 0; i < rows; i++) {
    let row = 0;
    for (let j = 0; j < columns; j++) {
      const size = Math.abs(values[i * columns + j] as number) * scale;
      row += size;
      columnSums[j] = (columnSums[j] as number) + size;
    }
    largestRow = Math.max(largestRow, row);
  }
  let largestColumn = 0;
  for (let j = 0; j < columns; j++) largestColumn = Math.max(largestColumn, columnSums[j] as number);
  return roundedUp(largestRow * largestColumn * (1 + gamma(rows + columns)));
}

/** Largest sum of absolute entries of a row: at least every eigenvalue's absolute value. */
function gershgorinRadius(matrix: Float64Array, size: number): number {
  let radius = 0;
  for (let i = 0; i < size; i++) {
    const row = absoluteRowSum(matrix, size, i) + Math.abs(matrix[i * size + i] as number);
    radius = Math.max(radius, row);
  }
  return radius;
}

function gershgorinLower(matrix: Float64Array, size: number): number {
  let lower = Infinity;
  for (let i = 0; i < size; i++) {
    const sum = absoluteRowSum(matrix, size, i) * (1 + gamma(size));
    lower = Math.min(lower, roundedDown((matrix[i * size + i] as number) - roundedUp(sum)));
  }
  return lower;
}

/** Without the diagonal, of the symmetric matrix given by its lower triangle. */
function absoluteRowSum(matrix: Float64Array, size: number, i: number): number {
  let sum = 0;
  for (let j = 0; j < size; j++) {
    if (j !== i) sum += Math.abs(matrix[j < i ? i * size + j : j * size + i] as number);
  }
  return sum;
}
