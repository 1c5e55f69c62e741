/** Arithmetic of expectations: exact rational arithmetic lies inside, and whole numbers stay what they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  absolute,
  add,
  divide,
  multiply,
  point,
  power,
  squareRoot,
  subtract,
} from '../../server/src/runner/expected-interval.ts';
import type { Ends } from '../../server/src/runner/expected-interval.ts';

/** A number of the machine as numerator and denominator. */
interface Fraction {
  readonly above: bigint;
  readonly below: bigint;
}

function fraction(value: number): Fraction {
  let scale = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    scale *= 2n;
  }
  return { above: BigInt(scaled), below: scale };
}

function compare(a: Fraction, b: Fraction): number {
  const gap = a.above * b.below - b.above * a.below;
  return gap < 0n ? -1 : gap > 0n ? 1 : 0;
}

function holds({ low, high }: Ends, exact: Fraction): boolean {
  const positive = exact.below < 0n ? { above: -exact.above, below: -exact.below } : exact;
  return (
    (low === -Infinity || compare(fraction(low), positive) <= 0) &&
    (high === Infinity || compare(positive, fraction(high)) <= 0)
  );
}

/** An end, or its neighbour; more would be a loss. */
function isTight({ low, high }: Ends): boolean {
  return (
    low === high ||
    Math.abs(high) < 1e-250 ||
    (high - low) / Math.max(Math.abs(low), Math.abs(high), Number.MIN_VALUE) <= 2 ** -51
  );
}

const real = fc
  .oneof(
    fc.double({ min: -1e30, max: 1e30, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.integer({ min: -1000, max: 1000 }),
  )
  .map((value) => (Math.abs(value) < 1e-200 ? 0 : value));

test('each operation on two numbers holds the exact result, by an end or its neighbour', () => {
  fc.assert(
    fc.property(real, real, (a, b) => {
      const [p, q] = [fraction(a), fraction(b)];
      const sum = { above: p.above * q.below + q.above * p.below, below: p.below * q.below };
      const gap = { above: p.above * q.below - q.above * p.below, below: p.below * q.below };
      const product = { above: p.above * q.above, below: p.below * q.below };
      for (const [found, exact] of [
        [add(point(a), point(b)), sum],
        [subtract(point(a), point(b)), gap],
        [multiply(point(a), point(b)), product],
      ] as const) {
        assert.ok(holds(found, exact) && isTight(found), `${a} and ${b}: ${JSON.stringify(found)}`);
      }
      if (b === 0) return;
      const quotient = divide(point(a), point(b));
      assert.ok(holds(quotient, { above: p.above * q.below, below: p.below * q.above }) && isTight(quotient));
    }),
    { numRuns: 2000 },
  );
});

test('powers and roots hold the exact result', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.integer({ min: 1, max: 6 }),
      (a, exponent) => {
        if (Math.abs(a) < 1e-20) return;
        const { above, below } = fraction(a);
        const found = power(point(a), exponent);
        assert.ok(holds(found, { above: above ** BigInt(exponent), below: below ** BigInt(exponent) }));
        const root = squareRoot(point(Math.abs(a)));
        const [low, high] = [fraction(root.low), fraction(root.high)];
        const exact = fraction(Math.abs(a));
        assert.ok(compare({ above: low.above ** 2n, below: low.below ** 2n }, exact) <= 0);
        assert.ok(compare({ above: high.above ** 2n, below: high.below ** 2n }, exact) >= 0);
      },
    ),
  );
});

test('an operation on intervals holds it on every pair of their numbers', () => {
  const ends = fc.tuple(real, real).map(([a, b]): Ends => ({ low: Math.min(a, b), high: Math.max(a, b) }));
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const inside = ({ low, high }: Ends, at: number): number =>
    Math.min(high, Math.max(low, low + at * (high - low)));
  fc.assert(
    fc.property(ends, ends, share, share, (a, b, s, t) => {
      const [x, y] = [inside(a, s), inside(b, t)];
      const contains = ({ low, high }: Ends, part: Ends): boolean => low <= part.high && part.low <= high;
      assert.ok(contains(add(a, b), add(point(x), point(y))));
      assert.ok(contains(subtract(a, b), subtract(point(x), point(y))));
      assert.ok(contains(multiply(a, b), multiply(point(x), point(y))));
      assert.ok(contains(divide(a, b), divide(point(x), point(y))));
      assert.ok(contains(power(a, 3), power(point(x), 3)) && contains(power(a, 2), power(point(x), 2)));
      assert.ok(contains(absolute(a), point(Math.abs(x))));
    }),
    { numRuns: 2000 },
  );
});

test('whole numbers stay exact, and what is undefined holds nothing', () => {
  assert.deepEqual(multiply(point(3), point(7)), point(21));
  assert.deepEqual(divide(point(21), point(7)), point(3));
  assert.deepEqual(power(point(-3), 3), point(-27));
  assert.deepEqual(power({ low: -2, high: 1 }, 2), { low: 0, high: 4 });
  assert.deepEqual(divide(point(1), { low: -1, high: 1 }), { low: -Infinity, high: Infinity });
  assert.deepEqual(squareRoot({ low: -1e-20, high: 4 }), { low: -Infinity, high: Infinity });
  for (const each of [
    add(point(NaN), point(1)),
    multiply(point(NaN), point(0)),
    divide(point(1), point(NaN)),
  ])
    assert.ok(Number.isNaN(each.low) && Number.isNaN(each.high));
});
