// Limits: overrides, the allowance of gzip files, element counts that nothing hides, and sizes for people.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  byteText,
  checkElements,
  defaultLimits,
  shapeText,
  unpackedAllowance,
  withLimits,
} from '../../server/src/data/limits.ts';
import { errorOf, valueOf } from './temporary-files.ts';

test('single limits are replaced', () => {
  assert.deepEqual(withLimits(), defaultLimits);
  assert.deepEqual(withLimits({ maxElements: 3 }), { ...defaultLimits, maxElements: 3 });
});

test('small gzip files may unpack freely, larger ones by ratio, none beyond the limit', () => {
  const limits = withLimits({ freeUnpackedBytes: 1000, maxExpansion: 10, maxUnpackedBytes: 5000 });
  assert.deepEqual(
    [1, 100, 200, 600].map((packed) => unpackedAllowance(packed, limits)),
    [1000, 1000, 2000, 5000],
  );
});

test('elements are counted, and a size of 0 hides no giant', () => {
  const limits = withLimits({ maxElements: 100 });
  assert.equal(valueOf(checkElements('x', [10, 10], limits)), 100);
  assert.equal(valueOf(checkElements('x', [], limits)), 1);
  assert.equal(valueOf(checkElements('x', [0, 100], limits)), 0);
  errorOf(checkElements('x', [10, 11], limits), /shape \[10, 11\] has 110 elements; at most 100/);
  errorOf(checkElements('x', [0, 101], limits), /at most 100/);
  errorOf(checkElements('x', [2, -1], limits), /the size -1/);
  errorOf(checkElements('x', [NaN], limits), /the size NaN/);
});

test('sizes for people', () => {
  assert.deepEqual([1, 2048, 3 * 2 ** 20].map(byteText), ['1 bytes', '2.0 KiB', '3.0 MiB']);
  assert.equal(shapeText([2, 3]), '[2, 3]');
});
