/**
 * Exact lower solutions, adjoints and hypergradients of the samples quadratic, ridge and logistic, from
 * derivatives written by hand in double-double arithmetic; nothing of the program but the doubles of the data
 * goes in. Every solve is refined until its last correction is below 1e-26 of the solution.
 *   quadratic: H = 2 D'D, g_x = 2 D'(C theta + D x − e), J = 2 D'C, f_x = 2 A'(A x − b), f_theta = 0
 *   ridge:     H = 2 Z'Z/n + diag(2 e^lambda, 2e-4), Z = (X, 1); J = diag(2 e^lambda w), zero for b
 *   logistic:  H = X' diag(s(z)(1 − s(z))/n) X + diag(2 e^lambda), z = t .* X w, likewise J
 */
import * as dd from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';
import {
  cholesky,
  difference,
  entrywise,
  exact,
  norm,
  scaled,
  solveWith,
  sum,
  times,
  transposedTimes,
  weightedProduct,
} from './exact-algebra.ts';
import type { Matrix, Square, Vector } from './exact-algebra.ts';
import { matrixOf, vectorOf } from './sample.ts';
import type { Sample } from './sample.ts';

export interface Reference {
  readonly x: Vector;
  readonly q: Vector;
  readonly h: Vector;
}

export type ReferenceAt = (theta: Float64Array) => Reference;

const two = dd.dd(2);

/** Solves H y = rhs, correcting with the residual of `apply` until the correction vanishes. */
function refined(factor: Square, rhs: Vector, apply: (y: Vector) => Vector): DoubleDouble[] {
  let y = solveWith(factor, rhs);
  for (let round = 0; round < 20; round++) {
    const step = solveWith(factor, difference(rhs, apply(y)));
    y = sum(y, step);
    if (norm(step) <= 1e-26 * norm(y)) return y;
  }
  throw new Error('the reference of a linear system did not converge');
}

export function quadraticReference(sample: Sample): ReferenceAt {
  const [A, C, D] = ['A', 'C', 'D'].map((name) => matrixOf(sample, name)) as [Matrix, Matrix, Matrix];
  const b = exact(vectorOf(sample, 'b'));
  const e = exact(vectorOf(sample, 'e'));
  const factor = cholesky(weightedProduct(D, D));
  return (theta) => {
    const given = exact(theta);
    const rhs = transposedTimes(D, difference(e, times(C, given)));
    const x = refined(factor, rhs, (y) => transposedTimes(D, times(D, y)));
    const fx = scaled(transposedTimes(A, difference(times(A, x), b)), two);
    // D'D q2 = f_x with q2 = 2 q, so h = −2 C'D q = −C'D q2
    const doubled = refined(factor, fx, (y) => transposedTimes(D, times(D, y)));
    const h = transposedTimes(C, times(D, doubled)).map(dd.negate);
    return { x, q: scaled(doubled, dd.dd(0.5)), h };
  };
}

/** A column of ones behind the matrix: the intercept. */
function withOnes(m: Matrix): Matrix {
  const columns = m.columns + 1;
  const values = new Float64Array(m.rows * columns).fill(1);
  for (let i = 0; i < m.rows; i++) {
    values.set(m.values.subarray(i * m.columns, (i + 1) * m.columns), i * columns);
  }
  return { rows: m.rows, columns, values };
}

/** h_j = −J_jj q_j = −2 e^lambda_j w_j q_j */
function penaltyHypergradient(penalties: Vector, x: Vector, q: Vector): DoubleDouble[] {
  return penalties.map((penalty, j) =>
    dd.multiply(dd.multiply(dd.dd(-2), penalty), dd.multiply(x[j] as DoubleDouble, q[j] as DoubleDouble)),
  );
}

function plusDiagonal(a: Square, diagonal: Vector): DoubleDouble[][] {
  return a.map((row, i) =>
    row.map((value, j) => (i === j ? dd.add(value, diagonal[i] as DoubleDouble) : value)),
  );
}

export function ridgeReference(sample: Sample): ReferenceAt {
  const train = withOnes(matrixOf(sample, 'X'));
  const held = withOnes(matrixOf(sample, 'Xv'));
  const y = exact(vectorOf(sample, 'y'));
  const yv = exact(vectorOf(sample, 'yv'));
  const share = dd.divide(two, dd.dd(train.rows));
  const gram = weightedProduct(train, train).map((row) => scaled(row, share));
  const rhs = scaled(transposedTimes(train, y), share);
  return (theta) => {
    const penalties = exact(theta).map(dd.exp);
    const diagonal = [...scaled(penalties, two), dd.dd(2 * 0.0001)];
    const apply = (v: Vector): DoubleDouble[] =>
      sum(scaled(transposedTimes(train, times(train, v)), share), entrywise(diagonal, v));
    const factor = cholesky(plusDiagonal(gram, diagonal));
    const x = refined(factor, rhs, apply);
    const residual = difference(times(held, x), yv);
    const fx = scaled(transposedTimes(held, residual), dd.divide(two, dd.dd(held.rows)));
    const q = refined(factor, fx, apply);
    return { x, q, h: penaltyHypergradient(penalties, x, q) };
  };
}

/** s(z) = 1 / (1 + e^z), the negative slope of log(1 + e^−z), and its own negative slope s(z)(1 − s(z)). */
function logisticSlope(z: DoubleDouble): { readonly slope: DoubleDouble; readonly bend: DoubleDouble } {
  const e = dd.exp(z.hi > 0 ? dd.negate(z) : z);
  const total = dd.add(dd.one, e);
  const small = dd.divide(e, total);
  return {
    slope: z.hi > 0 ? small : dd.divide(dd.one, total),
    bend: dd.divide(small, total),
  };
}

export function logisticReference(sample: Sample): ReferenceAt {
  const train = signedRows(matrixOf(sample, 'X'), vectorOf(sample, 'y'));
  const held = signedRows(matrixOf(sample, 'Xv'), vectorOf(sample, 'yv'));
  const share = dd.divide(dd.one, dd.dd(train.rows));
  return (theta) => {
    const penalties = exact(theta).map(dd.exp);
    const diagonal = scaled(penalties, two);
    const start = newtonInDoubles(
      train,
      Float64Array.from(diagonal, ({ hi }) => hi),
    );
    const at = (v: Vector) => times(train, v).map(logisticSlope);
    const gradient = (v: Vector): DoubleDouble[] =>
      difference(
        entrywise(diagonal, v),
        scaled(
          transposedTimes(
            train,
            at(v).map(({ slope }) => slope),
          ),
          share,
        ),
      );
    const bends = (v: Vector): DoubleDouble[] =>
      scaled(
        at(v).map(({ bend }) => bend),
        share,
      );
    // Chord steps with the Hessian at the double solution: each gains about the digits of a double.
    let x: DoubleDouble[] = exact(start);
    const factor = cholesky(plusDiagonal(weightedProduct(train, train, bends(x)), diagonal));
    for (let round = 0; ; round++) {
      const step = solveWith(factor, gradient(x));
      x = difference(x, step);
      if (norm(step) <= 1e-26 * norm(x)) break;
      if (round === 40) throw new Error('the reference of the logistic regression did not converge');
    }
    const slopes = times(held, x).map((z) => dd.negate(logisticSlope(z).slope));
    const fx = scaled(transposedTimes(held, slopes), dd.divide(dd.one, dd.dd(held.rows)));
    const weights = bends(x);
    const q = refined(factor, fx, (v) =>
      sum(transposedTimes(train, entrywise(weights, times(train, v))), entrywise(diagonal, v)),
    );
    return { x, q, h: penaltyHypergradient(penalties, x, q) };
  };
}

/** diag(t) M for t of ±1: exact in doubles. */
function signedRows(m: Matrix, t: Float64Array): Matrix {
  if (t.some((value) => Math.abs(value) !== 1)) throw new Error('the targets are not ±1');
  const values = m.values.map((value, k) => value * (t[Math.floor(k / m.columns)] as number));
  return { ...m, values };
}

/** Damped Newton steps in plain doubles: the start from which the exact steps converge. */
function newtonInDoubles(train: Matrix, diagonal: Float64Array): Float64Array {
  const { rows, columns, values } = train;
  const entry = (i: number, j: number): number => values[i * columns + j] as number;
  let x = new Float64Array(columns);
  const scores = (w: Float64Array): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) =>
      w.reduce((total, value, j) => total + entry(i, j) * value, 0),
    );
  const objective = (w: Float64Array): number =>
    scores(w).reduce((total, z) => total + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, -z), 0) / rows +
    w.reduce((total, value, j) => total + ((diagonal[j] as number) / 2) * value * value, 0);
  for (let round = 0; round < 200; round++) {
    const z = scores(x);
    const gradient = x.map((value, j) => (diagonal[j] as number) * value);
    const hessian = new Float64Array(columns * columns);
    for (let i = 0; i < rows; i++) {
      const slope = 1 / (1 + Math.exp(z[i] as number)) / rows;
      const bend = slope / (1 + Math.exp(-(z[i] as number)));
      for (let j = 0; j < columns; j++) {
        gradient[j] = (gradient[j] as number) - slope * entry(i, j);
        for (let k = 0; k <= j; k++) {
          hessian[j * columns + k] = (hessian[j * columns + k] as number) + bend * entry(i, j) * entry(i, k);
        }
      }
    }
    for (let j = 0; j < columns; j++) {
      hessian[j * columns + j] = (hessian[j * columns + j] as number) + (diagonal[j] as number);
    }
    const direction = solveInDoubles(hessian, gradient);
    const from = objective(x);
    const slope = gradient.reduce((total, value, j) => total + value * (direction[j] as number), 0);
    let length = 1;
    let next = x;
    for (; length > 1e-6; length /= 2) {
      next = x.map((value, j) => value - length * (direction[j] as number));
      if (objective(next) <= from - 1e-4 * length * slope) break;
    }
    x = next;
    // Where the decrease drowns in rounding the exact steps take over.
    if (slope <= 1e-15 * from) return x;
  }
  return x;
}

/** Cholesky on the lower triangle, in place. */
function solveInDoubles(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const at = (i: number, j: number): number => a[i * n + j] as number;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = at(i, j);
      for (let k = 0; k < j; k++) value -= at(i, k) * at(j, k);
      a[i * n + j] = j < i ? value / at(j, j) : Math.sqrt(Math.max(value, 1e-300));
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - at(i, k) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - at(k, i) * (x[k] as number);
    x[i] = (x[i] as number) / at(i, i);
  }
  return x;
}
