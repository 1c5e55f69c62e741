/**
 * How far solutions and determinants by elimination are off, proved after the fact. With an approximate inverse R
 * from the factors, E = I − R A* for the exact matrix A*; where a weighted row-sum norm of E is rho < 1, A* is
 * invertible and A*⁻¹ = (I − E)⁻¹ R (Rump, "Verification methods", Acta Numerica 19, 2010, section 10). So a
 * computed x with residual r* = b* − A* x has |x* − x| <= z + |E| ‖z‖ / (1 − rho) for z >= |R r*|, entry by entry;
 * the norm is max |z_k| / w_k with weights w that are about the sizes of the unknowns, so that no scale of a row or a
 * column worsens it. For determinants M = P' L U of the computed factors has |A* − M| <= F with
 * F = gamma |L| |U| and the matrix's own errors (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition,
 * theorem 9.3), and |log |det A*| − log |det M|| = |log |det (I − K)|| <= −n log(1 − eta) for K = (I − E)⁻¹ R F.
 */
import { luSolve } from './lu.ts';
import { gamma, roundedDown, roundedUp, underflowUnit, unitRoundoff } from './rounding-unit.ts';

const u = unitRoundoff;
/** Above this size an inverse and its proof take longer than a few seconds. */
const largestInverted = 1000;

/** What is proved of one matrix by which systems are solved. */
export interface InverseBounds {
  /** An approximate inverse R [n, n]. */
  readonly inverse: Float64Array;
  /** Not below Σ_j |E_ij| w_j. */
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  /** Not above 1 − rho; not positive where nothing is proved. */
  readonly room: number;
}

const nothing: InverseBounds = {
  inverse: new Float64Array(0),
  sums: new Float64Array(0),
  weights: new Float64Array(0),
  room: -Infinity,
};

/** From A [n, n] as stored, its factors, and bounds of its entries' errors (absent: A is exact). */
export function inverseBounds(
  a: Float64Array,
  factor: Float64Array,
  n: number,
  errors: Float64Array | undefined,
): InverseBounds {
  if (n > largestInverted || Number.isNaN(factor[0])) return nothing;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  const inverse = new Float64Array(n * n);
  luSolve(factor, n, identity, n, inverse);
  return boundsWith(a, inverse, n, errors);
}

/** The same for A', of which R' is an approximate inverse. */
export function transposedBounds(
  a: Float64Array,
  { inverse }: InverseBounds,
  n: number,
  errors: Float64Array | undefined,
): InverseBounds {
  if (inverse.length === 0) return nothing;
  return boundsWith(transposed(a, n), transposed(inverse, n), n, errors && transposed(errors, n));
}

export function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, k) => a[(k % n) * n + Math.floor(k / n)] as number);
}

function boundsWith(
  a: Float64Array,
  inverse: Float64Array,
  n: number,
  errors: Float64Array | undefined,
): InverseBounds {
  const weights = unknownSizes(a, n);
  // |A| w and e_A w, of which R makes what the rounding of R A and the errors of A can be.
  const [sizes, moved] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const weight = weights[j] as number;
      sizes[k] = (sizes[k] as number) + (Math.abs(a[k * n + j] as number) + underflowUnit) * weight;
      moved[k] = (moved[k] as number) + (errors?.[k * n + j] ?? 0) * weight;
    }
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const growth = gamma(n + 2);
  const sums = new Float64Array(n);
  const row = new Float64Array(n);
  let rho = 0;
  for (let i = 0; i < n; i++) {
    row.fill(0);
    row[i] = 1;
    let rounding = (weights[i] as number) * growth + (n + 2) * underflowUnit * (total + 1);
    for (let k = 0; k < n; k++) {
      const r = inverse[i * n + k] as number;
      for (let j = 0; j < n; j++) row[j] = (row[j] as number) - r * (a[k * n + j] as number);
      rounding += Math.abs(r) * (growth * (sizes[k] as number) + (moved[k] as number) + n * underflowUnit);
    }
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(row[j] as number) * (weights[j] as number);
    const whole = (sum + rounding) * (1 + gamma(4 * n + 16));
    sums[i] = whole;
    const share = whole / (weights[i] as number);
    if (!(share <= rho)) rho = Number.isNaN(share) ? Infinity : share;
  }
  return { inverse, sums, weights, room: roundedDown(1 - rho * (1 + 4 * u)) };
}

/** Powers of two near the sizes that unknowns have where every equation has terms of about 1. */
function unknownSizes(a: Float64Array, n: number): Float64Array {
  const columns = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let most = 0;
    for (let j = 0; j < n; j++) most = Math.max(most, Math.abs(a[i * n + j] as number));
    for (let j = 0; j < n && most > 0; j++)
      columns[j] = Math.max(columns[j] as number, Math.abs(a[i * n + j] as number) / most);
  }
  return columns.map((size) => {
    const exponent = -Math.round(Math.log2(size));
    return Number.isFinite(exponent) ? 2 ** Math.max(-500, Math.min(500, exponent)) : 1;
  });
}

/** Writes a bound of |X − X*| for each entry of X [n, columns]; `errors` as for `solutionErrors` of definite ones. */
export function generalSolutionErrors(
  { inverse, sums, weights, room }: InverseBounds,
  a: Float64Array,
  b: Float64Array,
  x: Float64Array,
  n: number,
  columns: number,
  errors: { readonly a: Float64Array | undefined; readonly b: Float64Array | undefined },
  out: Float64Array,
): void {
  if (!(room > 0)) {
    out.fill(Infinity);
    return;
  }
  const growth = gamma(n + 2);
  const [residual, radius, z] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < n; i++) {
      const side = b[i * columns + c] as number;
      let r = side;
      let bound = growth * Math.abs(side) + (errors.b?.[i * columns + c] ?? 0) + (n + 2) * underflowUnit;
      for (let j = 0; j < n; j++) {
        const entry = x[j * columns + c] as number;
        const product = (a[i * n + j] as number) * entry;
        r -= product;
        bound += growth * Math.abs(product) + (errors.a?.[i * n + j] ?? 0) * Math.abs(entry);
      }
      residual[i] = r;
      radius[i] = bound * (1 + gamma(3 * n + 8));
    }
    let most = 0;
    for (let i = 0; i < n; i++) {
      let [centre, around] = [0, (n + 2) * underflowUnit];
      for (let k = 0; k < n; k++) {
        const r = inverse[i * n + k] as number;
        centre += r * (residual[k] as number);
        around += Math.abs(r) * ((radius[k] as number) + growth * Math.abs(residual[k] as number));
      }
      const bound = (Math.abs(centre) + around) * (1 + gamma(3 * n + 8));
      z[i] = bound;
      const share = bound / (weights[i] as number);
      if (!(share <= most)) most = Number.isNaN(share) ? Infinity : share;
    }
    for (let i = 0; i < n; i++) {
      const error = roundedUp(((z[i] as number) + ((sums[i] as number) * most) / room) * (1 + 8 * u));
      out[i * columns + c] = Number.isNaN(error) ? Infinity : error;
    }
  }
}

/** A bound of |z − log |det A*|| for z computed from the diagonal of U. */
export function generalLogDetError(
  { inverse, weights, room }: InverseBounds,
  factor: Float64Array,
  n: number,
  errors: Float64Array | undefined,
): number {
  if (!(room > 0)) return Infinity;
  const width = n + 1;
  // |U| w, then |L| of that, in the rows of A.
  const [upper, off] = [new Float64Array(n), new Float64Array(n)];
  let logarithms = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = i; j < n; j++) sum += Math.abs(factor[i * width + j] as number) * (weights[j] as number);
    upper[i] = sum;
    logarithms += Math.abs(Math.log(Math.abs(factor[i * width + i] as number)));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < n; i++) {
    let sum = upper[i] as number;
    for (let j = 0; j < i; j++) sum += Math.abs(factor[i * width + j] as number) * (upper[j] as number);
    off[factor[i * width + n] as number] = gamma(n) * sum + n * underflowUnit * (total + sum);
  }
  for (let i = 0; i < n && errors !== undefined; i++)
    for (let j = 0; j < n; j++)
      off[i] = (off[i] as number) + (errors[i * n + j] as number) * (weights[j] as number);
  let eta = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += Math.abs(inverse[i * n + k] as number) * (off[k] as number);
    const share = sum / (weights[i] as number) / room;
    if (!(share <= eta)) eta = Number.isNaN(share) ? Infinity : share;
  }
  const most = roundedUp(eta * (1 + gamma(4 * n + 16)));
  if (!(most < 1)) return Infinity;
  // log within 2 ulp of V8, and a sum of n terms.
  const rounding = logarithms * (4 * u + gamma(n));
  const error = (rounding - n * Math.log1p(-most)) * (1 + 16 * u);
  return Number.isFinite(error) ? roundedUp(error) : Infinity;
}
