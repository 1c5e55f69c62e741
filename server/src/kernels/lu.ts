/**
 * Kernels of systems with a matrix of which nothing is known but that it is invertible: P A = L U by elimination,
 * solutions with A or its transpose by two triangular systems, and log |det A| from the diagonal of U. The pivot of
 * a column is the entry that is largest in proportion to its row of A, so that the scale of an equation decides
 * nothing. Stored [n, n + 1] as primitive.ts says; a singular matrix gives NaN, which is found where it arises.
 */
import { addRow, matricesOf } from './dense-matmul.ts';
import type { Kernel, Operand } from './kernel.ts';

/** Factors A [n, n] into `out` [n, n + 1]; NaN everywhere when a column has no pivot. */
export function luInto(a: Float64Array, n: number, out: Float64Array): void {
  const width = n + 1;
  const scales = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const entry = a[i * n + j] as number;
      out[i * width + j] = entry;
      scales[i] = Math.max(scales[i] as number, Math.abs(entry));
    }
    out[i * width + n] = i;
  }
  for (let k = 0; k < n; k++) {
    let [best, pivot] = [0, -1];
    for (let i = k; i < n; i++) {
      const share = Math.abs(out[i * width + k] as number) / (scales[out[i * width + n] as number] as number);
      if (share > best) [best, pivot] = [share, i];
    }
    if (pivot < 0 || !Number.isFinite(best)) {
      out.fill(Number.NaN);
      return;
    }
    if (pivot !== k) exchangeRows(out, k * width, pivot * width, width);
    const top = out[k * width + k] as number;
    for (let i = k + 1; i < n; i++) {
      const row = i * width;
      const factor = (out[row + k] as number) / top;
      out[row + k] = factor;
      if (factor !== 0) addRow(-factor, out, k * width + k + 1, n - k - 1, out, row + k + 1);
    }
  }
}

function exchangeRows(values: Float64Array, p: number, q: number, length: number): void {
  for (let c = 0; c < length; c++) {
    const kept = values[p + c] as number;
    values[p + c] = values[q + c] as number;
    values[q + c] = kept;
  }
}

export function luKernel(a: Operand, out: Float64Array): Kernel {
  const size = a.shape.at(-1) as number;
  const width = size * (size + 1);
  const factors = matricesOf(out, width, out.length / width);
  const matrices = matricesOf(a.values, size * size, factors.length);
  return () => {
    for (const [k, matrix] of matrices.entries()) luInto(matrix, size, factors[k] as Float64Array);
  };
}

/** X with A X = B, or A' X = B, for as many columns as B has. */
export function luSolveKernel(factor: Operand, b: Operand, isTransposed: boolean, out: Float64Array): Kernel {
  const [size, columns] = b.shape.slice(-2) as [number, number];
  const solutions = matricesOf(out, size * columns, out.length / (size * columns));
  const sides = matricesOf(b.values, size * columns, solutions.length);
  const factors = matricesOf(factor.values, size * (size + 1), solutions.length);
  const substitute = isTransposed ? luSolveTransposed : luSolve;
  return () => {
    for (const [k, x] of solutions.entries())
      substitute(factors[k] as Float64Array, size, sides[k] as Float64Array, columns, x);
  };
}

/** L y = P b from the top, U x = y from below; rows of X [n, columns] are adjacent. */
export function luSolve(
  factor: Float64Array,
  n: number,
  b: Float64Array,
  columns: number,
  x: Float64Array,
): void {
  const width = n + 1;
  for (let i = 0; i < n; i++) {
    const row = i * columns;
    const from = (factor[i * width + n] as number) * columns;
    // A matrix without factors has no row to take: every entry is NaN then.
    for (let c = 0; c < columns; c++) x[row + c] = b[from + c] ?? Number.NaN;
    for (let j = 0; j < i; j++) addRow(-(factor[i * width + j] as number), x, j * columns, columns, x, row);
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = i * columns;
    for (let j = i + 1; j < n; j++)
      addRow(-(factor[i * width + j] as number), x, j * columns, columns, x, row);
    divideRow(x, row, columns, factor[i * width + i] as number);
  }
}

/** U' y = b from the top, L' z = y from below, and x = P' z. */
function luSolveTransposed(
  factor: Float64Array,
  n: number,
  b: Float64Array,
  columns: number,
  x: Float64Array,
): void {
  const width = n + 1;
  const z = b.slice();
  for (let i = 0; i < n; i++) {
    const row = i * columns;
    divideRow(z, row, columns, factor[i * width + i] as number);
    for (let j = i + 1; j < n; j++)
      addRow(-(factor[i * width + j] as number), z, row, columns, z, j * columns);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = 0; j < i; j++)
      addRow(-(factor[i * width + j] as number), z, i * columns, columns, z, j * columns);
  }
  for (let i = 0; i < n; i++) {
    const to = factor[i * width + n] as number;
    if (Number.isNaN(to)) return void x.fill(Number.NaN);
    for (let c = 0; c < columns; c++) x[to * columns + c] = z[i * columns + c] as number;
  }
}

function divideRow(x: Float64Array, row: number, columns: number, by: number): void {
  for (let c = row; c < row + columns; c++) x[c] = (x[c] as number) / by;
}

/** Σ log |u_ii|. */
export function luLogDetKernel(factor: Operand, out: Float64Array): Kernel {
  const size = factor.shape.at(-2) as number;
  const factors = matricesOf(factor.values, size * (size + 1), out.length);
  return () => {
    for (const [k, one] of factors.entries()) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += Math.log(Math.abs(one[i * (size + 1) + i] as number));
      out[k] = sum;
    }
  };
}
