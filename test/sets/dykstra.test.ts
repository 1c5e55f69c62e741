/**
 * Intersections without a closed form, at norms from 1e-8 to 1e8: the proved error holds against projections by other
 * routes, all in double-double arithmetic. Symmetric matrices with rows in a simplex: the conditions of Karush, Kuhn
 * and Tucker for every set of entries that are 0. The others: Dykstra's algorithm itself, plain and with exact
 * projections, until the points of the two sets agree to 22 digits.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectorOf } from '../../server/src/sets/projector.ts';
import type { Demands, Projector } from '../../server/src/sets/set.ts';
import { isEmpty } from '../../server/src/sets/set.ts';
import { add, dd, divide, multiply, sqrt, subtract, toNumber, zero } from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';
import { normalArray, seeded } from '../support/seeded.ts';
import { caseCount } from '../support/long.ts';
import { both, demand, norm, number } from './cases.ts';
import type { Exact } from './references.ts';
import { distance, lift, onEigenvalues, onSingularValues } from './references.ts';

const scales = [1e-8, 1e-5, 1e-2, 1, 30, 1e4, 3e6, 1e8];

function projector(demands: Demands, shape: readonly number[]): Projector {
  const made = projectorOf(demands, shape);
  assert.ok(!isEmpty(made), JSON.stringify(made));
  return made;
}

/** Solves A x = b by elimination with the largest pivots; undefined where A is singular. */
function solve(a: readonly (readonly DoubleDouble[])[], b: Exact): Exact | undefined {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i] as DoubleDouble]);
  const at = (i: number, j: number): DoubleDouble => rows[i]?.[j] as DoubleDouble;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(i, k).hi) > Math.abs(at(best, k).hi)) best = i;
    if (Math.abs(at(best, k).hi) < 1e-20) return undefined;
    [rows[k], rows[best]] = [rows[best] as DoubleDouble[], rows[k] as DoubleDouble[]];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = divide(at(i, k), at(k, k));
      rows[i] = (rows[i] as DoubleDouble[]).map((value, j) => subtract(value, multiply(factor, at(k, j))));
    }
  }
  return rows.map((_, i) => divide(at(i, n), at(i, i)));
}

/**
 * The projection of y onto the symmetric matrices [n, n] without negative entries whose rows sum to `total`: with
 * free entries E, x_ij = s_ij − l_i − l_j on E and 0 elsewhere, where s_ij − l_i − l_j must not be positive.
 */
function ontoSymmetricRowsInSimplex(y: Float64Array, n: number, total: number): Exact {
  const s = onEigenvalues(lift(y), n, (values) => values);
  const symmetricPart = lift(y).map((value, k) =>
    multiply(dd(0.5), add(value, dd(y[(k % n) * n + Math.floor(k / n)] as number))),
  );
  assert.ok(
    distance(
      y.map((_, k) => toNumber(s[k] as DoubleDouble)),
      symmetricPart,
    ) <=
      1e-12 * (1 + norm(y)),
  );
  const pairs = Array.from({ length: n * n }, (_, k) => [Math.floor(k / n), k % n] as const).filter(
    ([i, j]) => i <= j,
  );
  let best: { point: Exact; violation: number } | undefined;
  for (let free = 1; free < 2 ** pairs.length; free++) {
    const isFree = (i: number, j: number): boolean =>
      (free >> pairs.findIndex(([p, q]) => p === Math.min(i, j) && q === Math.max(i, j))) % 2 === 1;
    // sum over j in E_i of s_ij − l_i − l_j = total
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (__, j) => {
        const count = [...Array(n).keys()].filter((k) => isFree(i, k)).length;
        return dd((i === j ? count : 0) + (isFree(i, j) ? 1 : 0));
      }),
    );
    const sides = Array.from({ length: n }, (_, i) =>
      [...Array(n).keys()]
        .filter((j) => isFree(i, j))
        .reduce((sum, j) => add(sum, symmetricPart[i * n + j] as DoubleDouble), dd(-total)),
    );
    const l = solve(matrix, sides);
    if (l === undefined) continue;
    let violation = 0;
    const point = symmetricPart.map((value, k) => {
      const [i, j] = [Math.floor(k / n), k % n];
      const moved = subtract(subtract(value, l[i] as DoubleDouble), l[j] as DoubleDouble);
      violation = Math.max(violation, isFree(i, j) ? -moved.hi : moved.hi);
      return isFree(i, j) ? moved : zero;
    });
    if (best === undefined || violation < best.violation) best = { point, violation };
  }
  assert.ok(best !== undefined && best.violation <= 1e-25 * (1 + norm(y)), String(best?.violation));
  return best.point;
}

test('symmetric & rows(simplex): the proved error holds at all norms', (context) => {
  const random = seeded(11);
  const shape = [3, 3];
  let worst = 0;
  for (const total of [1, 1e-3, 50]) {
    const rows = Array<Demands>(3).fill(demand('simplex', [number(total)], [3]));
    const project = projector(both({ rows }, demand('symmetric', [], shape)), shape);
    for (const scale of scales) {
      for (let round = 0; round < caseCount(4, 60); round++) {
        const y = normalArray(random, 9, scale);
        const found = project(y);
        const off = distance(found.point, ontoSymmetricRowsInSimplex(y, 3, total));
        const proved = found.proved ?? Infinity;
        assert.ok(off <= proved, `total ${total}, norm ${norm(y)}: off by ${off}, bound ${proved}`);
        assert.ok(proved <= 1e-6 * (norm(y) + total), `${proved} at ${norm(y)}`);
        worst = Math.max(worst, proved / (norm(y) + total));
      }
    }
  }
  context.diagnostic(`largest bound over the norm: ${worst.toPrecision(2)}`);
});

/** Dykstra's algorithm in double-double arithmetic with exact projections. */
function exactly(y: Float64Array, ontoA: (v: Exact) => Exact, ontoB: (v: Exact) => Exact): Exact {
  const plus = (a: Exact, b: Exact): Exact => a.map((value, i) => add(value, b[i] as DoubleDouble));
  const minus = (a: Exact, b: Exact): Exact => a.map((value, i) => subtract(value, b[i] as DoubleDouble));
  const size = (a: Exact): number => Math.hypot(...a.map(toNumber));
  let q: Exact = lift(y).map(() => zero);
  for (let iteration = 0; ; iteration++) {
    const inB = ontoB(minus(lift(y), q));
    const v = plus(q, inB);
    const inA = ontoA(v);
    q = minus(v, inA);
    if (size(minus(inA, inB)) <= 1e-22 * (size(inA) + norm(y))) return inB;
    assert.ok(iteration < 20_000, `no end: ${size(minus(inA, inB))} of ${size(inA)}`);
  }
}

const positive = (z: Exact): Exact => z.map((value) => (value.hi > 0 ? value : zero));
const rowsInBall =
  (radius: number, width: number) =>
  (z: Exact): Exact =>
    z.map((value, k) => {
      const first = k - (k % width);
      const length = sqrt(
        z.slice(first, first + width).reduce((sum, each) => add(sum, multiply(each, each)), zero),
      );
      return length.hi <= radius ? value : divide(multiply(dd(radius), value), length);
    });

interface Pair {
  readonly shape: readonly number[];
  /** The set scaled by `size`. */
  readonly demands: (size: number) => Demands;
  readonly ontoA: (size: number) => (z: Exact) => Exact;
  readonly ontoB: (size: number) => (z: Exact) => Exact;
}

const pairs: Readonly<Record<string, Pair>> = {
  'symmetric & rows(ball)': {
    shape: [3, 3],
    demands: (size) =>
      both(
        { rows: Array<Demands>(3).fill(demand('ball', [number(size)], [3])) },
        demand('symmetric', [], [3, 3]),
      ),
    ontoA: () => (z) =>
      z.map((value, k) => multiply(dd(0.5), add(value, z[(k % 3) * 3 + Math.floor(k / 3)] as DoubleDouble))),
    ontoB: (size) => rowsInBall(size, 3),
  },
  'psd & nonneg': {
    shape: [2, 2],
    demands: (size) => both(demand('psd', [number(0.1 * size)], [2, 2]), demand('nonneg', [], [2, 2])),
    ontoA: (size) => (z) =>
      onEigenvalues(z, 2, (values) =>
        values.map((value) => (value.hi < 0.1 * size ? dd(0.1 * size) : value)),
      ),
    ontoB: () => positive,
  },
  'spectral_ball & nonneg': {
    shape: [3, 2],
    demands: (size) => both(demand('spectral_ball', [number(size)], [3, 2]), demand('nonneg', [], [3, 2])),
    ontoA: (size) => (z) =>
      onSingularValues(z, 3, 2, (values) => values.map((value) => (value.hi > size ? dd(size) : value))),
    ontoB: () => positive,
  },
  'spectral_ball & rows(simplex)': {
    shape: [3, 2],
    demands: (size) =>
      both(
        { rows: Array<Demands>(3).fill(demand('simplex', [number(size)], [2])) },
        demand('spectral_ball', [number(1.4 * size)], [3, 2]),
      ),
    ontoA: (size) => (z) =>
      onSingularValues(z, 3, 2, (values) =>
        values.map((value) => (value.hi > 1.4 * size ? dd(1.4 * size) : value)),
      ),
    ontoB: (size) => (z) =>
      // (a, size − a) with a between 0 and the size
      z.map((value, k) => {
        const other = z[k % 2 === 0 ? k + 1 : k - 1] as DoubleDouble;
        const at = multiply(dd(0.5), add(dd(size), subtract(value, other)));
        return at.hi < 0 ? zero : at.hi > size ? dd(size) : at;
      }),
  },
};

for (const [name, { shape, demands, ontoA, ontoB }] of Object.entries(pairs)) {
  test(`${name}: the proved error holds at all norms`, (context) => {
    const random = seeded(13);
    let worst = 0;
    for (const scale of scales) {
      // Far outside, exact iterations would be too many; there the simplex above has a finite reference.
      for (const size of scale > 30 ? [scale] : [1, scale]) {
        const project = projector(demands(size), shape);
        for (let round = 0; round < caseCount(1, 12); round++) {
          const y = normalArray(
            random,
            shape.reduce((a, b) => a * b, 1),
            scale,
          );
          const found = project(y);
          const truth = exactly(y, ontoA(size), ontoB(size));
          const off = distance(found.point, truth);
          const proved = found.proved ?? Infinity;
          const whole = norm(y) + norm(found.point);
          assert.ok(off <= proved + 1e-20 * whole, `norm ${norm(y)}: off by ${off}, bound ${proved}`);
          assert.ok(proved <= 1e-6 * whole, `${proved} at ${norm(y)}`);
          worst = Math.max(worst, proved / whole);
        }
      }
    }
    context.diagnostic(`largest bound over the norm: ${worst.toPrecision(2)}`);
  });
}

test('where neither set has room around a point of the other the error is an estimate', () => {
  const rows = Array<Demands>(3).fill(demand('simplex', [number(1)], [3]));
  const project = projector(both({ rows }, demand('psd', [number(0)], [3, 3])), [3, 3]);
  const { kind, proved } = project(normalArray(seeded(3), 9));
  assert.deepEqual([kind, proved], ['estimated', undefined]);
});
