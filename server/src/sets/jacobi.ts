/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix
 * Computations, section 8.5): as many steps as it takes are known to be few, clustered eigenvalues and rows of
 * very different sizes are no special cases, and it always ends. Nobody relies on its accuracy: what uses it
 * measures the residual.
 */

export interface Eigen {
  readonly values: Float64Array;
  /** [n, n]; row k belongs to value k. */
  readonly vectors: Float64Array;
}

/** Convergence is quadratic: matrices of a thousand rows take about ten. */
const mostSweeps = 40;
/** Relative to the largest entry; what is smaller is left out, so that nothing underflows on the way. */
const negligible = 2 ** -200;

/** Of the symmetric matrix [n, n] with finite entries, of which the upper triangle is read. */
export function eigenDecomposition(matrix: Float64Array, n: number): Eigen {
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) vectors[k * (n + 1)] = 1;
  let largest = 0;
  for (let k = 0; k < matrix.length; k++) largest = Math.max(largest, Math.abs(matrix[k] as number));
  if (largest === 0) return { values: new Float64Array(n), vectors };
  // To entries of at most 1, by powers of two in two steps, as one may not be a number.
  const exponent = -Math.floor(Math.log2(largest)) - 1;
  const [first, second] = [2 ** Math.trunc(exponent / 2), 2 ** (exponent - Math.trunc(exponent / 2))];
  const a = matrix.map((value) => {
    const scaled = value * first * second;
    return Math.abs(scaled) < negligible ? 0 : scaled;
  });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i] as number;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) rotated = rotate(a, vectors, n, p, q) || rotated;
    }
    if (!rotated) break;
  }
  const values = Float64Array.from({ length: n }, (_, k) => (a[k * (n + 1)] as number) / first / second);
  return { values, vectors };
}

/** Makes the entry at (p, q) zero; false where it is already, next to the diagonal. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): boolean {
  const [rowP, rowQ] = [p * n, q * n];
  const [off, atP, atQ] = [a[rowP + q] as number, a[rowP + p] as number, a[rowQ + q] as number];
  // What does not change the sum of diagonal and entry is below its rounding.
  const size = Math.abs(off) / 8;
  if (Math.abs(atP) + size === Math.abs(atP) && Math.abs(atQ) + size === Math.abs(atQ)) {
    a[rowP + q] = 0;
    a[rowQ + p] = 0;
    return false;
  }
  const tau = (atQ - atP) / (2 * off);
  const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[rowP + k] as number, a[rowQ + k] as number];
    a[rowP + k] = c * x - s * y;
    a[rowQ + k] = s * x + c * y;
    const [v, w] = [vectors[rowP + k] as number, vectors[rowQ + k] as number];
    vectors[rowP + k] = c * v - s * w;
    vectors[rowQ + k] = s * v + c * w;
  }
  a[rowP + p] = atP - t * off;
  a[rowQ + q] = atQ + t * off;
  a[rowP + q] = 0;
  a[rowQ + p] = 0;
  for (let k = 0; k < n; k++) {
    if (k === p || k === q) continue;
    a[k * n + p] = a[rowP + k] as number;
    a[k * n + q] = a[rowQ + k] as number;
  }
  return true;
}
