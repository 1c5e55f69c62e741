// Arrays: density, and memory taken only within the limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocateValues, dataArray, density } from '../../server/src/data/data-array.ts';
import { defaultLimits, withLimits } from '../../server/src/data/limits.ts';
import { errorOf, valueOf } from './temporary-files.ts';

test('the density is the fraction of nonzeros', () => {
  assert.equal(density(Float64Array.of(NaN, 0)), 0.5);
  assert.equal(density(Float64Array.of(-0, 0, 1, 2)), 0.5);
  assert.equal(density(new Float64Array(0)), 1);
  assert.equal(dataArray([1, 4], Float64Array.of(0, 0, 0, 5e-324)).density, 0.25);
});

test('memory is taken within the limits, and its lack is a failure', () => {
  assert.equal(valueOf(allocateValues('x', [2, 3], defaultLimits)).length, 6);
  errorOf(allocateValues('x', [2 ** 29], defaultLimits), /elements; at most/);
  errorOf(allocateValues('x', [2 ** 50], withLimits({ maxElements: 2 ** 52 })), /the machine has no memory/);
});
