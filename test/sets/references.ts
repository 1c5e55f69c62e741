/**
 * Projections by other routes in double-double arithmetic, for the tests of the error bounds: the roots by
 * bisection to all digits, the singular value decomposition by one-sided Jacobi rotations.
 */
import type { DoubleDouble } from '../support/double-double.ts';
import {
  absolute,
  add,
  compare,
  dd,
  divide,
  multiply,
  one,
  sqrt,
  subtract,
  toNumber,
  zero,
} from '../support/double-double.ts';

export type Exact = readonly DoubleDouble[];

export const lift = (values: Iterable<number>): Exact => [...values].map(dd);

export function normOf(values: Exact): DoubleDouble {
  return sqrt(values.reduce((sum, value) => add(sum, multiply(value, value)), zero));
}

/** The distance of an array of doubles to an exact one. */
export function distance(a: Float64Array, b: Exact): number {
  return toNumber(normOf(b.map((value, i) => subtract(dd(a[i] as number), value))));
}

function between(value: DoubleDouble, lower: number, upper: number): DoubleDouble {
  if (compare(value, dd(lower)) < 0) return dd(lower);
  return compare(value, dd(upper)) > 0 ? dd(upper) : value;
}

/** The argument in [from, to] at which a decreasing function passes `goal`. */
function root(
  decreasing: (t: DoubleDouble) => DoubleDouble,
  goal: DoubleDouble,
  from: DoubleDouble,
  to: DoubleDouble,
): DoubleDouble {
  let [low, high] = [from, to];
  for (let step = 0; step < 220; step++) {
    const middle = multiply(add(low, high), dd(0.5));
    if (compare(decreasing(middle), goal) > 0) low = middle;
    else high = middle;
  }
  return low;
}

export function boxWithTotal(
  y: Exact,
  lower: readonly number[],
  upper: readonly number[],
  total: number,
): Exact {
  const at = (tau: DoubleDouble): Exact =>
    y.map((value, i) => between(subtract(value, tau), lower[i] as number, upper[i] as number));
  const sum = (tau: DoubleDouble): DoubleDouble => at(tau).reduce(add, zero);
  const reach = y.reduce((most, value) => Math.max(most, Math.abs(value.hi)), 0) + Math.abs(total) + 1e3;
  return at(root(sum, dd(total), dd(-2 * reach), dd(2 * reach)));
}

/** The projection onto what `inner` projects onto and the arrays with this sum. */
export function withTotal(inner: (y: Exact) => Exact, y: Exact, total: number): Exact {
  const at = (tau: DoubleDouble): Exact => inner(y.map((value) => subtract(value, tau)));
  const reach = y.reduce((most, value) => Math.max(most, Math.abs(value.hi)), 0) + Math.abs(total) + 1e3;
  return at(root((tau) => at(tau).reduce(add, zero), dd(total), dd(-2 * reach), dd(2 * reach)));
}

/** The projection onto what `inner` projects onto and a ball. */
export function withinBall(inner: (y: Exact) => Exact, y: Exact, radius: number): Exact {
  const at = (t: DoubleDouble): Exact => inner(y.map((value) => multiply(t, value)));
  if (compare(normOf(at(one)), dd(radius)) <= 0) return at(one);
  const t = root((s) => normOf(at(subtract(one, s))), dd(radius), zero, one);
  return at(subtract(one, t));
}

/** Singular values restricted by `restrict`, by one-sided Jacobi on the columns of A (rows >= columns). */
export function onSingularValues(
  a: Exact,
  rows: number,
  columns: number,
  restrict: (values: Exact) => Exact,
): Exact {
  const work = [...a];
  const right: DoubleDouble[] = Array.from({ length: columns * columns }, (_, k) =>
    k % (columns + 1) === 0 ? one : zero,
  );
  const dot = (p: number, q: number): DoubleDouble => {
    let sum = zero;
    for (let i = 0; i < rows; i++)
      sum = add(sum, multiply(work[i * columns + p] as DoubleDouble, work[i * columns + q] as DoubleDouble));
    return sum;
  };
  const rotate = (
    matrix: DoubleDouble[],
    height: number,
    p: number,
    q: number,
    c: DoubleDouble,
    s: DoubleDouble,
  ): void => {
    for (let i = 0; i < height; i++) {
      const [x, z] = [matrix[i * columns + p] as DoubleDouble, matrix[i * columns + q] as DoubleDouble];
      matrix[i * columns + p] = subtract(multiply(c, x), multiply(s, z));
      matrix[i * columns + q] = add(multiply(s, x), multiply(c, z));
    }
  };
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < columns; p++) {
      for (let q = p + 1; q < columns; q++) {
        const gamma = dot(p, q);
        if (Math.abs(gamma.hi) <= 1e-40 * (dot(p, p).hi + dot(q, q).hi)) continue;
        const zeta = divide(subtract(dot(q, q), dot(p, p)), multiply(dd(2), gamma));
        const size = add(absolute(zeta), sqrt(add(one, multiply(zeta, zeta))));
        const t = divide(dd(zeta.hi < 0 ? -1 : 1), size);
        const c = divide(one, sqrt(add(one, multiply(t, t))));
        rotate(work, rows, p, q, c, multiply(c, t));
        rotate(right, columns, p, q, c, multiply(c, t));
      }
    }
  }
  const values = Array.from({ length: columns }, (_, k) => sqrt(dot(k, k)));
  const kept = restrict(values);
  return a.map((_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = zero;
    for (let k = 0; k < columns; k++) {
      const value = values[k] as DoubleDouble;
      if (value.hi === 0) continue;
      const factor = divide(kept[k] as DoubleDouble, value);
      sum = add(
        sum,
        multiply(
          multiply(work[i * columns + k] as DoubleDouble, factor),
          right[j * columns + k] as DoubleDouble,
        ),
      );
    }
    return sum;
  });
}

/** Eigenvalues of the symmetric part restricted by `restrict`, by two-sided Jacobi rotations. */
export function onEigenvalues(a: Exact, size: number, restrict: (values: Exact) => Exact): Exact {
  const at = (i: number, j: number): number => i * size + j;
  const work = a.map((value, k) =>
    multiply(dd(0.5), add(value, a[at(k % size, Math.floor(k / size))] as DoubleDouble)),
  );
  const vectors: DoubleDouble[] = work.map((_, k) => (k % (size + 1) === 0 ? one : zero));
  /** Columns p and q, or with `step` = size for the rows. */
  const rotate = (
    m: DoubleDouble[],
    p: number,
    q: number,
    step: number,
    c: DoubleDouble,
    s: DoubleDouble,
  ): void => {
    const other = step === 1 ? size : 1;
    for (let k = 0; k < size; k++) {
      const [first, second] = [k * other + p * step, k * other + q * step];
      const [x, z] = [m[first] as DoubleDouble, m[second] as DoubleDouble];
      m[first] = subtract(multiply(c, x), multiply(s, z));
      m[second] = add(multiply(s, x), multiply(c, z));
    }
  };
  for (let sweep = 0; sweep < 40; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = work[at(p, q)] as DoubleDouble;
        const [pp, qq] = [work[at(p, p)] as DoubleDouble, work[at(q, q)] as DoubleDouble];
        if (Math.abs(off.hi) <= 1e-45 * (Math.abs(pp.hi) + Math.abs(qq.hi))) continue;
        const tau = divide(subtract(qq, pp), multiply(dd(2), off));
        const length = add(absolute(tau), sqrt(add(one, multiply(tau, tau))));
        const t = divide(dd(tau.hi < 0 ? -1 : 1), length);
        const c = divide(one, sqrt(add(one, multiply(t, t))));
        const s = multiply(c, t);
        rotate(work, p, q, 1, c, s);
        rotate(work, p, q, size, c, s);
        rotate(vectors, p, q, 1, c, s);
      }
    }
  }
  const kept = restrict(Array.from({ length: size }, (_, k) => work[at(k, k)] as DoubleDouble));
  return a.map((_, index) => {
    const [i, j] = [Math.floor(index / size), index % size];
    return kept.reduce(
      (sum, value, k) =>
        add(
          sum,
          multiply(value, multiply(vectors[at(i, k)] as DoubleDouble, vectors[at(j, k)] as DoubleDouble)),
        ),
      zero,
    );
  });
}
