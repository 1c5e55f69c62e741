/**
 * How far solutions of symmetric positive definite systems and logarithms of determinants are off, proved
 * after the fact. All is measured in C = D⁻¹ S D⁻¹ with powers of two D near √s_ii, which no scale of a row
 * worsens and which rounds nothing. With C* from the exact matrix and lambda <= lambda_min(C*), proved by a
 * Cholesky factorisation of a shifted matrix (certified-eigenvalues.ts, after Rump 2006),
 * S* (x* − x) = b* − S* x gives ‖D (x* − x)‖ <= ‖D⁻¹ (b* − S* x)‖ / lambda for whatever x was computed; the
 * residual is bounded outwards. For determinants M = D⁻¹ L L' D⁻¹ differs from C* by at most h (cholesky.ts),
 * and |log det C* − log det M| = |∫ <(M + t (C* − M))⁻¹, C* − M> dt| <= √n h / (lambda − h).
 */
import { backwardError } from './cholesky.ts';
import { smallestEigenvalueBounds } from './certified-eigenvalues.ts';
import { symmetricLower } from './definite.ts';
import { gamma, roundedDown, roundedUp, underflowUnit, unitRoundoff } from './rounding-unit.ts';

const u = unitRoundoff;

/** What is proved of one matrix of which a factor is used. */
export interface DefiniteBounds {
  /** The diagonal of D. */
  readonly scales: Float64Array;
  /** Not above the smallest eigenvalue of C*; not positive where nothing is proved. */
  readonly least: number;
  /** Not below ‖M − C*‖ in the Frobenius norm. */
  readonly distance: number;
}

/** From A [n, n] as stored and bounds of its entries' errors; absent: A is exact. */
export function definiteBounds(
  a: Float64Array,
  size: number,
  errors: Float64Array | undefined,
): DefiniteBounds {
  const scaled = new Float64Array(size * size);
  const scales = new Float64Array(size);
  if (!symmetricLower(a, size, scaled)) return { scales, least: -Infinity, distance: Infinity };
  for (let i = 0; i < size; i++) {
    const exponent = Math.round(Math.log2(scaled[i * size + i] as number) / 2);
    scales[i] = Number.isFinite(exponent) ? 2 ** exponent : 1;
  }
  const smallest = scales.reduce((least, scale) => Math.min(least, scale), Infinity);
  let [trace, squares, halved] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = (scaled[i * size + j] as number) / (scales[i] as number) / (scales[j] as number);
      scaled[i * size + j] = entry;
      if (i === j) trace += entry;
      // The sum of entries that differ is rounded.
      if (a[i * size + j] !== a[j * size + i]) halved = Math.max(halved, Math.abs(entry));
    }
  }
  // The symmetric part of an array of errors is no larger than the array.
  for (let i = 0; i < size && errors !== undefined; i++) {
    for (let j = 0; j < size; j++) {
      squares += ((errors[i * size + j] as number) / (scales[i] as number) / (scales[j] as number)) ** 2;
    }
  }
  // Squares below the smallest number, and entries that underflowed as they were scaled or halved.
  const lost = size * (2 ** -530 + (2 * underflowUnit) / smallest / smallest);
  const moved = (Math.sqrt(squares * (1 + gamma(size * size + 4))) + size * u * halved + lost) * (1 + 8 * u);
  const { lower } = smallestEigenvalueBounds(size, scaled);
  const underflow = (4 * size * size * underflowUnit) / smallest / smallest;
  return {
    scales,
    least: roundedDown(lower - moved),
    distance: (backwardError(size, trace) + underflow + moved) * (1 + 8 * u),
  };
}

/**
 * Writes a bound of |X − X*| for each entry of X [n, k]. `errors` holds those of A and of B [n, k], absent
 * where they are exact.
 */
export function solutionErrors(
  { scales, least }: DefiniteBounds,
  a: Float64Array,
  b: Float64Array,
  x: Float64Array,
  size: number,
  columns: number,
  errors: { readonly a: Float64Array | undefined; readonly b: Float64Array | undefined },
  out: Float64Array,
): void {
  if (!(least > 0)) {
    out.fill(Infinity);
    return;
  }
  // r_i = b_i − Σ_j s_ij x_j with s_ij rounded once: n + 2 roundings of b_i and of each product.
  const growth = gamma(size + 4);
  const residuals = new Float64Array(columns);
  /** Of D⁻¹ r, in the place of its bounds in the end. */
  const bounds = out;
  const largest = new Float64Array(columns);
  for (let i = 0; i < size; i++) {
    const row = i * columns;
    for (let c = 0; c < columns; c++) {
      const side = b[row + c] as number;
      residuals[c] = side;
      bounds[row + c] = growth * Math.abs(side) + (errors.b?.[row + c] ?? 0) + (size + 2) * underflowUnit;
    }
    for (let j = 0; j < size; j++) {
      const s = ((a[i * size + j] as number) + (a[j * size + i] as number)) / 2;
      const off = Math.max(errors.a?.[i * size + j] ?? 0, errors.a?.[j * size + i] ?? 0);
      const weight = growth * Math.abs(s) + off + underflowUnit;
      for (let c = 0; c < columns; c++) {
        const entry = x[j * columns + c] as number;
        residuals[c] = (residuals[c] as number) - s * entry;
        bounds[row + c] = (bounds[row + c] as number) + weight * Math.abs(entry);
      }
    }
    for (let c = 0; c < columns; c++) {
      const bound = ((bounds[row + c] as number) + Math.abs(residuals[c] as number)) / (scales[i] as number);
      bounds[row + c] = bound;
      if (!(bound <= (largest[c] as number))) largest[c] = Number.isNaN(bound) ? Infinity : bound;
    }
  }
  for (let c = 0; c < columns; c++) {
    const most = largest[c] as number;
    // Scaled by the largest, so that no square that counts underflows.
    let squares = 0;
    for (let i = 0; i < size; i++)
      squares += most === 0 ? 0 : ((bounds[i * columns + c] as number) / most) ** 2;
    const norm = most * Math.sqrt(squares) * (1 + gamma(2 * size + 16));
    for (let i = 0; i < size; i++) {
      const error = roundedUp(norm / least / (scales[i] as number)) * (1 + 4 * u);
      out[i * columns + c] = Number.isNaN(error) ? Infinity : error;
    }
  }
}

/** A bound of |z − log det S*| for z computed from the diagonal of the factor [n, n]. */
export function logDetError({ least, distance }: DefiniteBounds, factor: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.abs(Math.log(factor[i * size + i] as number));
  // log within 2 ulp of V8, and a sum of n terms; the factor 2 in front is exact.
  const rounding = 2 * sum * (4 * u + gamma(size)) * (1 + 8 * u);
  const room = roundedDown(least - distance);
  if (!(room > 0)) return Infinity;
  const error = rounding + (Math.sqrt(size) * distance) / room;
  return Number.isFinite(error) ? roundedUp(error * (1 + 8 * u)) : Infinity;
}
