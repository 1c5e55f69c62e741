/**
 * What the hand-written problems share: small dense matrices, rounded constants, elimination, and
 * reference solutions refined with double-double residuals.
 */
import type { Qualified } from '../../server/src/base/certainty.ts';
import type { BilevelProblem } from '../../server/src/solve/problem.ts';
import * as dd from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';

export const u = 2 ** -53;
export const up = (value: number): Qualified => ({ value: value * (1 + 1e-10), kind: 'certified' });
export const down = (value: number): Qualified => ({ value: value * (1 - 1e-10), kind: 'certified' });

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export interface Reference {
  readonly x: readonly DoubleDouble[];
  readonly q: readonly DoubleDouble[];
  readonly h: readonly DoubleDouble[];
}

export interface ReferencedProblem extends BilevelProblem {
  /** x*, v*, ∇F to about 28 digits. */
  reference(theta: Float64Array): Reference;
}

export function at(a: Float64Array, i: number): number {
  return a[i] as number;
}

export function euclidean(a: Float64Array): number {
  return Math.hypot(...a);
}

export function product(m: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(m.rows);
  for (let i = 0; i < m.rows; i++) {
    let sum = 0;
    for (let j = 0; j < m.columns; j++) sum += at(m.data, i * m.columns + j) * at(v, j);
    out[i] = sum;
  }
  return out;
}

export function transposedProduct(m: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) out[j] = at(out, j) + at(m.data, i * m.columns + j) * at(v, i);
  }
  return out;
}

export const absolute = (m: Matrix): Matrix => ({ ...m, data: m.data.map((value) => Math.abs(value)) });
export const magnitudes = (v: Float64Array): Float64Array => v.map((value) => Math.abs(value));

export function frobenius(m: Matrix): number {
  return euclidean(m.data);
}

export function randomMatrix(rows: number, columns: number, random: () => number): Matrix {
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, () => gaussian(random)) };
}

export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Solves A y = b for small dense A (row-major, overwritten) by elimination with pivoting. */
export function eliminate(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const m = a.slice();
  const y = b.slice();
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(at(m, i * n + k)) > Math.abs(at(m, pivot * n + k))) pivot = i;
    for (let j = 0; j < n; j++) [m[k * n + j], m[pivot * n + j]] = [at(m, pivot * n + j), at(m, k * n + j)];
    [y[k], y[pivot]] = [at(y, pivot), at(y, k)];
    for (let i = k + 1; i < n; i++) {
      const factor = at(m, i * n + k) / at(m, k * n + k);
      for (let j = k; j < n; j++) m[i * n + j] = at(m, i * n + j) - factor * at(m, k * n + j);
      y[i] = at(y, i) - factor * at(y, k);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) y[i] = at(y, i) - at(m, i * n + j) * at(y, j);
    y[i] = at(y, i) / at(m, i * n + i);
  }
  return y;
}

/** Refines y <- y − H^-1 residual(y) with double-double residuals; each round gains ten digits or so. */
export function refine(
  size: number,
  hessian: (y: Float64Array) => Float64Array,
  residual: (y: readonly DoubleDouble[]) => readonly DoubleDouble[],
): DoubleDouble[] {
  let y: DoubleDouble[] = Array.from({ length: size }, () => dd.zero);
  for (let round = 0; round < 200; round++) {
    const plain = Float64Array.from(y, (entry) => entry.hi);
    const step = eliminate(
      hessian(plain),
      Float64Array.from(residual(y), (entry) => entry.hi),
    );
    const length = euclidean(step);
    // Damp only while far away: a full Newton step on these losses is safe once it is short.
    const scale = Math.min(1, (4 * (1 + euclidean(plain))) / length);
    y = y.map((entry, j) => dd.subtract(entry, dd.dd(scale * at(step, j))));
    if (length <= 1e-26 * (1e-3 + euclidean(plain))) return y;
  }
  throw new Error('the reference solution did not converge');
}

/** Upper bounds of the 2-norms of vectors of bounds. */
export const normOf = (bounds: Float64Array): number => euclidean(bounds) * (1 + 1e-10);

export function rowProducts(m: Matrix, x: readonly DoubleDouble[]): DoubleDouble[] {
  return Array.from({ length: m.rows }, (_, i) => {
    let sum = dd.zero;
    for (let j = 0; j < m.columns; j++) {
      sum = dd.add(sum, dd.multiply(dd.dd(at(m.data, i * m.columns + j)), x[j] as DoubleDouble));
    }
    return sum;
  });
}

export function columnProducts(m: Matrix, z: readonly DoubleDouble[]): DoubleDouble[] {
  return Array.from({ length: m.columns }, (_, j) => {
    let sum = dd.zero;
    for (let i = 0; i < m.rows; i++) {
      sum = dd.add(sum, dd.multiply(dd.dd(at(m.data, i * m.columns + j)), z[i] as DoubleDouble));
    }
    return sum;
  });
}
