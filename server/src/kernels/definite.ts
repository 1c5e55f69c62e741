/**
 * Kernels of systems with a symmetric positive definite matrix: its Cholesky factor, solutions by two
 * triangular systems, and the logarithm of its determinant from the factor's diagonal. A matrix that is not
 * symmetric up to rounding, or has no factor, gives NaN, which is found where it arises.
 */
import { factorInto } from './cholesky.ts';
import { addFourRows, addRow, matricesOf } from './dense-matmul.ts';
import type { Kernel, Operand } from './kernel.ts';

/** Asymmetry relative to √(a_ii a_jj) that passes for rounding; what is larger is a mistake of whoever made A. */
export const symmetryTolerance = 1e-8;

/**
 * The lower triangle of (A + A')/2; false where the two triangles of A differ by more than rounding. The sum
 * of equal entries is halved without rounding, so that a matrix that is symmetric stays as it is.
 */
export function symmetricLower(a: Float64Array, size: number, out: Float64Array): boolean {
  for (let i = 0; i < size; i++) {
    const root = Math.sqrt(a[i * size + i] as number);
    out[i * size + i] = a[i * size + i] as number;
    for (let j = 0; j < i; j++) {
      const [below, above] = [a[i * size + j] as number, a[j * size + i] as number];
      if (below === above) {
        out[i * size + j] = below;
        continue;
      }
      const allowed = symmetryTolerance * root * Math.sqrt(a[j * size + j] as number);
      if (!(Math.abs(below - above) <= allowed)) return false;
      out[i * size + j] = (below + above) / 2;
    }
  }
  return true;
}

export function choleskyKernel(a: Operand, out: Float64Array): Kernel {
  const size = a.shape.at(-1) as number;
  const factors = matricesOf(out, size * size, out.length / (size * size));
  const matrices = matricesOf(a.values, size * size, factors.length);
  const symmetric = new Float64Array(size * size);
  return () => {
    for (const [k, matrix] of matrices.entries()) {
      const lower = factors[k] as Float64Array;
      const isSymmetric = symmetricLower(matrix, size, symmetric);
      if (!isSymmetric || factorInto(symmetric, size, 0, lower) === undefined) {
        lower.fill(Number.NaN);
        continue;
      }
      for (let i = 0; i < size; i++) lower.fill(0, i * size + i + 1, (i + 1) * size);
    }
  };
}

/** X with L L' X = B, for as many columns as B has. */
export function solveKernel(lower: Operand, b: Operand, out: Float64Array): Kernel {
  const [size, columns] = b.shape.slice(-2) as [number, number];
  const solutions = matricesOf(out, size * columns, out.length / (size * columns));
  const factors = matricesOf(lower.values, size * size, solutions.length);
  return () => {
    out.set(b.values);
    for (const [k, x] of solutions.entries()) substitute(factors[k] as Float64Array, size, columns, x);
  };
}

/** Solves L L' X = B in place of X, which starts as B; rows of X are adjacent, and move four at a time. */
function substitute(lower: Float64Array, n: number, columns: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * columns;
    const l = i * n;
    let j = 0;
    for (; j + 4 <= i; j += 4) {
      addFourRows(
        -(lower[l + j] as number),
        -(lower[l + j + 1] as number),
        -(lower[l + j + 2] as number),
        -(lower[l + j + 3] as number),
        x,
        j * columns,
        columns,
        x,
        row,
      );
    }
    for (; j < i; j++) addRow(-(lower[l + j] as number), x, j * columns, columns, x, row);
    divideRow(x, row, columns, lower[l + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * columns;
    divideRow(x, row, columns, lower[i * n + i] as number);
    for (let j = 0; j < i; j++) addRow(-(lower[i * n + j] as number), x, row, columns, x, j * columns);
  }
}

function divideRow(x: Float64Array, row: number, columns: number, by: number): void {
  for (let c = row; c < row + columns; c++) x[c] = (x[c] as number) / by;
}

export function logDetKernel(lower: Operand, out: Float64Array): Kernel {
  const size = lower.shape.at(-1) as number;
  const factors = matricesOf(lower.values, size * size, out.length);
  return () => {
    for (const [k, factor] of factors.entries()) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += Math.log(factor[i * size + i] as number);
      out[k] = 2 * sum;
    }
  };
}
