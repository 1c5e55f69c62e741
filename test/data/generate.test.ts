// Generated data: known values, the statistics of large draws, and wrong arguments.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eye, linspace, normal, ones, uniform, zeros } from '../../server/src/data/generate.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import { errorOf, valueOf } from './temporary-files.ts';

test('known uniform and normal values', () => {
  const drawn = valueOf(uniform([2, 2], 0, 1, { seed: 5 }));
  assert.deepEqual(
    [...drawn.values],
    [0.2884112281702357, 0.6020823331320106, 0.6495467305510222, 0.8215502577064172],
  );
  const z = valueOf(normal([8], 0, 1, { seed: 5 })).values;
  // From Python's statistics.NormalDist().inv_cdf of the same uniforms.
  const known = [-0.5580321122926827, 0.2587406750896362, 0.384097021621557, 0.9212891494149515];
  known.push(0.04190783283654811, 0.7875634580347569, 0.009750450437309608, 0.8729748065819256);
  known.forEach((value, i) =>
    assert.ok(Math.abs((z[i] as number) - value) <= 4e-16, `value ${i} for ${value}`),
  );
});

test('moments and distribution of large draws', () => {
  const size = 400_000;
  const u = valueOf(uniform([size], -1, 3, { seed: 1 })).values;
  const z = valueOf(normal([size], 2, 0.5, { seed: 2 })).values;
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / size;
  const moment = (values: Float64Array, k: number, centre: number) =>
    mean(values.map((value) => (value - centre) ** k));
  // Bounds are five standard errors.
  assert.ok(Math.abs(mean(u) - 1) < 5 * Math.sqrt(16 / 12 / size));
  assert.ok(Math.abs(moment(u, 2, 1) - 16 / 12) < 5 * Math.sqrt((256 / 80 - 256 / 144) / size));
  assert.ok(u.every((value) => value >= -1 && value < 3));
  assert.ok(Math.abs(mean(z) - 2) < (5 * 0.5) / Math.sqrt(size));
  assert.ok(Math.abs(moment(z, 2, 2) - 0.25) < 5 * 0.25 * Math.sqrt(2 / size));
  assert.ok(Math.abs(moment(z, 3, 2)) < 5 * 0.125 * Math.sqrt(15 / size));
  assert.ok(Math.abs(moment(z, 4, 2) - 3 / 16) < 5 * (1 / 16) * Math.sqrt(96 / size));
  // Kolmogorov and Smirnov: the largest distance of the empirical from the uniform distribution, at level 1e-6.
  const sorted = u.toSorted();
  let distance = 0;
  sorted.forEach((value, i) => (distance = Math.max(distance, Math.abs((value + 1) / 4 - (i + 0.5) / size))));
  assert.ok(distance < 2.7 / Math.sqrt(size));
});

test('streams of one seed are uncorrelated', () => {
  const size = 100_000;
  const a = valueOf(normal([size], 0, 1, { seed: 0, stream: 'A' })).values;
  const b = valueOf(normal([size], 0, 1, { seed: 0, stream: 'B' })).values;
  const product = a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / size;
  assert.ok(Math.abs(product) < 5 / Math.sqrt(size));
});

test('constant arrays, identity and evenly spaced points', () => {
  assert.deepEqual(valueOf(zeros([2, 3])), { shape: [2, 3], values: new Float64Array(6), density: 0 });
  assert.deepEqual(valueOf(ones([])), { shape: [], values: Float64Array.of(1), density: 1 });
  assert.deepEqual([...valueOf(eye(2)).values], [1, 0, 0, 1]);
  assert.deepEqual([...valueOf(linspace(0, 1, 5)).values], [0, 0.25, 0.5, 0.75, 1]);
  const steps = valueOf(linspace(0.1, 0.7, 7)).values;
  assert.deepEqual([steps[0], steps[6]], [0.1, 0.7]);
  assert.deepEqual([...valueOf(linspace(3, 9, 1)).values], [3]);
});

test('wrong arguments of generators', () => {
  errorOf(uniform([1], 2, 1, { seed: 0 }), /lower end 2 lies above/);
  errorOf(uniform([1], -1.5e308, 1.5e308, { seed: 0 }), /too long/);
  errorOf(uniform([1], 0, NaN, { seed: 0 }), /"high" is NaN/);
  errorOf(normal([1], 0, -1, { seed: 0 }), /standard deviation -1 is negative/);
  errorOf(normal([1], 0, 1, { seed: 1.5 }), /the seed 1.5/);
  errorOf(linspace(0, Infinity, 3), /"to" is Infinity/);
  errorOf(zeros([2, -1]), /the size -1, which is not a nonnegative integer/);
  errorOf(eye(1.5), /the size 1.5/);
  errorOf(ones([1000, 1000], withLimits({ maxElements: 1000 })), /has 1000000 elements; at most 1000/);
  errorOf(zeros([1e9, 1e9]), /elements; at most/);
});
