// Random numbers: the published outputs of the generator, pinned permutations, and the inverse normal distribution.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createRandom,
  inverseNormal,
  isSeed,
  permutation,
  xoshiro256,
} from '../../server/src/data/random.ts';
import type { Random } from '../../server/src/data/random.ts';

function words(random: Random, count: number): bigint[] {
  return Array.from({ length: count }, () => {
    const { high, low } = random.bits();
    return (BigInt(high) << 32n) | BigInt(low);
  });
}

test('xoshiro256** gives its published outputs', () => {
  const state = Uint32Array.of(0, 1, 0, 2, 0, 3, 0, 4);
  assert.deepEqual(words(xoshiro256(state), 10), [
    11520n,
    0n,
    1509978240n,
    1215971899390074240n,
    1216172134540287360n,
    607988272756665600n,
    16172922978634559625n,
    8476171486693032832n,
    10595114339597558777n,
    2904607092377533576n,
  ]);
});

test('seeding by splitmix64, with and without a stream (outputs of an independent program)', () => {
  assert.deepEqual(words(createRandom(0), 3), [
    0x99ec5f36cb75f2b4n,
    0xbf6e1f784956452an,
    0x1a5f849d4933e6e0n,
  ]);
  assert.deepEqual(words(createRandom(1), 3), [
    0xb3f2af6d0fc710c5n,
    0x853b559647364cean,
    0x92f89756082a4514n,
  ]);
  assert.deepEqual(words(createRandom(2 ** 53 - 1), 3), [
    0x38daf29b1ebbe041n,
    0xdb282e495b1b8379n,
    0x1b5b097bad6154c0n,
  ]);
  assert.deepEqual(words(createRandom(7, 'θ0'), 3), [
    0xb9ba3d2c63cb5413n,
    0x716d4306d136e2a4n,
    0x9bdf9b424868ec47n,
  ]);
});

test('the 64-bit arithmetic on halves equals BigInt arithmetic', () => {
  const mask = (1n << 64n) - 1n;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & mask;
  const seedWords = words(createRandom(3), 4);
  const state = Uint32Array.from(
    seedWords.flatMap((word) => [Number(word >> 32n), Number(word & 0xffffffffn)]),
  );
  let [s0 = 0n, s1 = 0n, s2 = 0n, s3 = 0n] = seedWords;
  const random = xoshiro256(state);
  for (let i = 0; i < 5000; i++) {
    assert.equal(words(random, 1)[0], (rotate((s1 * 5n) & mask, 7n) * 9n) & mask);
    const shifted = (s1 << 17n) & mask;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotate(s3, 45n);
  }
});

test('permutations are known and complete', () => {
  assert.deepEqual([...permutation(10, 0)], [7, 8, 3, 1, 5, 4, 2, 0, 9, 6]);
  assert.deepEqual([...permutation(10, 1)], [3, 6, 1, 5, 0, 9, 2, 8, 4, 7]);
  const long = permutation(1797, 42);
  assert.deepEqual(
    [...long.subarray(0, 8), ...long.subarray(-3)],
    [1538, 1093, 479, 1636, 1722, 406, 213, 1585, 1220, 680, 150],
  );
  assert.deepEqual(
    long.toSorted(),
    Uint32Array.from({ length: 1797 }, (_, i) => i),
  );
  assert.deepEqual([permutation(0, 1).length, permutation(1, 1)[0]], [0, 0]);
});

test('every position is equally likely', () => {
  const size = 5;
  const draws = 20_000;
  const counts = new Float64Array(size * size);
  for (let seed = 0; seed < draws; seed++) {
    permutation(size, seed).forEach((row, place) => counts[row * size + place]!++);
  }
  // Five standard deviations of a binomial count.
  const allowed = 5 * Math.sqrt(draws * 0.2 * 0.8);
  for (const count of counts) assert.ok(Math.abs(count - draws / size) < allowed, `${count}`);
});

test('the inverse normal distribution function, into the tails', () => {
  const known: [number, number][] = [
    [1e-300, -37.0470962993612],
    [1e-16, -8.222082216130435],
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.05, -1.6448536269514726],
    [0.074, -1.4466320671589785],
    [0.3, -0.5244005127080407],
    [0.5, 0],
  ];
  for (const [probability, value] of known) {
    assert.ok(Math.abs(inverseNormal(probability) - value) <= 1e-15 * Math.abs(value), `${probability}`);
  }
  assert.equal(inverseNormal(0.75), -inverseNormal(0.25));
  assert.equal(inverseNormal(2 ** -53), -inverseNormal(1 - 2 ** -53));
});

test('seeds are integers that a double holds exactly', () => {
  assert.deepEqual([0, 1, 2 ** 53 - 1].map(isSeed), [true, true, true]);
  assert.deepEqual([-1, 0.5, 2 ** 53, NaN, Infinity].map(isSeed), [false, false, false, false, false]);
});
