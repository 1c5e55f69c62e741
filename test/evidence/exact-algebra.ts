/**
 * Dense linear algebra in double-double arithmetic, about 30 digits: products with matrices of doubles,
 * weighted Gram matrices and Cholesky. The route with more digits for references; sizes to a few hundred.
 */
import * as dd from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';

/** Row-major, of doubles taken as exact. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export type Vector = readonly DoubleDouble[];
export type Square = readonly Vector[];

export const exact = (values: Iterable<number>): DoubleDouble[] => Array.from(values, dd.dd);
export const scaled = (a: Vector, factor: DoubleDouble): DoubleDouble[] =>
  a.map((value) => dd.multiply(value, factor));
export const sum = (a: Vector, b: Vector): DoubleDouble[] =>
  a.map((value, i) => dd.add(value, b[i] as DoubleDouble));
export const difference = (a: Vector, b: Vector): DoubleDouble[] =>
  a.map((value, i) => dd.subtract(value, b[i] as DoubleDouble));
export const entrywise = (a: Vector, b: Vector): DoubleDouble[] =>
  a.map((value, i) => dd.multiply(value, b[i] as DoubleDouble));

export function norm(a: Vector): number {
  // Scaled, so that squares of tiny errors stay within the range of the arithmetic.
  const largest = Math.max(...a.map(({ hi }) => Math.abs(hi)));
  if (largest === 0) return 0;
  const power = 2 ** Math.ceil(Math.log2(largest));
  let total = dd.zero;
  for (const { hi, lo } of a) {
    const part = { hi: hi / power, lo: lo / power };
    total = dd.add(total, dd.multiply(part, part));
  }
  return dd.toNumber(dd.sqrt(total)) * power;
}

/** M v */
export function times(m: Matrix, v: Vector): DoubleDouble[] {
  return Array.from({ length: m.rows }, (_, i) => {
    let total = dd.zero;
    for (let j = 0; j < m.columns; j++) {
      total = dd.add(total, dd.multiply(dd.dd(m.values[i * m.columns + j] as number), v[j] as DoubleDouble));
    }
    return total;
  });
}

/** M' v */
export function transposedTimes(m: Matrix, v: Vector): DoubleDouble[] {
  const out = Array.from({ length: m.columns }, () => dd.zero);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) {
      const product = dd.multiply(dd.dd(m.values[i * m.columns + j] as number), v[i] as DoubleDouble);
      out[j] = dd.add(out[j] as DoubleDouble, product);
    }
  }
  return out;
}

/** M' diag(w) N; without w, M'N. Column by column. */
export function weightedProduct(m: Matrix, n: Matrix, w?: Vector): DoubleDouble[][] {
  return Array.from({ length: m.columns }, (_, j) => {
    const column = Array.from({ length: m.rows }, (_row, i) => {
      const entry = dd.dd(m.values[i * m.columns + j] as number);
      return w === undefined ? entry : dd.multiply(entry, w[i] as DoubleDouble);
    });
    return transposedTimes(n, column);
  });
}

/** The lower triangle of L with L L' = A; fails where A is not positive definite to 30 digits. */
export function cholesky(a: Square): DoubleDouble[][] {
  const factor: DoubleDouble[][] = [];
  for (let i = 0; i < a.length; i++) {
    const row: DoubleDouble[] = [];
    for (let j = 0; j <= i; j++) {
      let value = (a[i] as Vector)[j] as DoubleDouble;
      const other = j === i ? row : (factor[j] as DoubleDouble[]);
      for (let k = 0; k < j; k++) {
        value = dd.subtract(value, dd.multiply(row[k] as DoubleDouble, other[k] as DoubleDouble));
      }
      if (j < i) row.push(dd.divide(value, other[j] as DoubleDouble));
      else if (value.hi > 0) row.push(dd.sqrt(value));
      else throw new Error(`the reference matrix is not positive definite at row ${i}`);
    }
    factor.push(row);
  }
  return factor;
}

/** Solves L L' x = b. */
export function solveWith(factor: Square, b: Vector): DoubleDouble[] {
  const size = b.length;
  const x = [...b];
  for (let i = 0; i < size; i++) {
    let value = x[i] as DoubleDouble;
    const row = factor[i] as Vector;
    for (let j = 0; j < i; j++)
      value = dd.subtract(value, dd.multiply(row[j] as DoubleDouble, x[j] as DoubleDouble));
    x[i] = dd.divide(value, row[i] as DoubleDouble);
  }
  for (let i = size - 1; i >= 0; i--) {
    let value = x[i] as DoubleDouble;
    for (let j = i + 1; j < size; j++) {
      value = dd.subtract(value, dd.multiply((factor[j] as Vector)[i] as DoubleDouble, x[j] as DoubleDouble));
    }
    x[i] = dd.divide(value, (factor[i] as Vector)[i] as DoubleDouble);
  }
  return x;
}
