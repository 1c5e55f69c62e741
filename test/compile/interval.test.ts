/**
 * Interval arithmetic of formulas: random operations never exclude the exact value (double-double), and
 * the conventions for zero and infinity hold.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as interval from '../../server/src/compile/interval.ts';
import type { Interval } from '../../server/src/compile/interval.ts';
import * as dd from '../support/double-double.ts';
import { normal, seeded } from '../support/seeded.ts';

const { point } = interval;

function inside(bounds: Interval, exact: dd.DoubleDouble): boolean {
  return dd.compare(dd.dd(bounds.lower), exact) <= 0 && dd.compare(exact, dd.dd(bounds.upper)) <= 0;
}

test('operations on points and on intervals enclose the exact values of their members', () => {
  const random = seeded(4);
  const draw = () => normal(random) * 10 ** (6 * random() - 3);
  for (let trial = 0; trial < 3000; trial++) {
    const [s, t, r] = [draw(), draw(), Math.abs(draw())];
    const widen = (v: number): Interval => ({
      lower: v - random() * Math.abs(v),
      upper: v + random() * Math.abs(v),
    });
    for (const [a, b] of [
      [point(s), point(t)],
      [widen(s), widen(t)],
    ] as const) {
      const [x, y] = [dd.dd(s), dd.dd(t)];
      assert.ok(inside(interval.addIntervals(a, b), dd.add(x, y)));
      assert.ok(inside(interval.multiplyIntervals(a, b), dd.multiply(x, y)));
      assert.ok(inside(interval.divideIntervals(a, b), dd.divide(x, y)));
      assert.ok(inside(interval.negateInterval(a), dd.negate(x)));
      assert.ok(inside(interval.powerInterval(a, 3), dd.multiply(dd.multiply(x, x), x)));
      assert.ok(inside(interval.powerInterval(a, 2), dd.multiply(x, x)));
    }
    assert.ok(inside(interval.squareRootInterval(point(r)), dd.sqrt(dd.dd(r))));
    assert.ok(inside(interval.powerInterval(point(r), -0.5), dd.divide(dd.one, dd.sqrt(dd.dd(r)))));
    assert.ok(inside(interval.logarithmInterval(point(r)), dd.log(dd.dd(r))));
    if (Math.abs(s) < 300) assert.ok(inside(interval.exponentialInterval(point(s)), dd.exp(dd.dd(s))));
  }
});

test('zero and infinity follow the conventions of formulas', () => {
  const [nought, infinite] = [point(0), point(Infinity)];
  assert.deepEqual(interval.multiplyIntervals(nought, infinite), nought);
  assert.equal(interval.divideIntervals(point(2), nought).upper, Infinity);
  assert.deepEqual(interval.divideIntervals(nought, nought), nought);
  assert.deepEqual(interval.divideIntervals(point(1), { lower: -1, upper: 1 }), interval.everything);
  assert.equal(interval.divideIntervals(point(-1), point(-2)).lower <= 0.5, true);
  assert.ok(interval.powerInterval({ lower: -1, upper: 2 }, 2).lower === 0);
  assert.deepEqual(interval.addIntervals(point(-Infinity), infinite), interval.everything);
  assert.equal(interval.multiplyIntervals({ lower: 0, upper: 1e-320 }, point(1e-10)).lower, 0);
});
