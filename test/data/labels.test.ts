// Labels: 0 to k - 1, the first wrong one with its row, and advice for labels that count from 1.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLabels } from '../../server/src/data/labels.ts';

test('labels from 0 to k - 1 pass', () => {
  assert.equal(checkLabels(Float64Array.of(0, 1, 2, 2, -0), 3), undefined);
  assert.equal(checkLabels([], 3), undefined);
});

test('the first wrong label is named with its row', () => {
  const cases: [number[], RegExp, number, RegExp][] = [
    [[0, 1, 3, 7], /the label 3 in row 3 is outside 0 to 2/, 3, /Declare 8 classes/],
    [[1, 2, 3], /the label 3 in row 3/, 3, /count from 1: subtract 1/],
    [[0, -1], /the label -1 in row 2/, 2, /Number the classes from 0/],
    [[0.5], /the label 0.5 in row 1 is not a whole number/, 1, /class numbers/],
    [[0, NaN], /the label NaN in row 2 is not a whole number/, 2, /class numbers/],
    [[0, Infinity], /the label Infinity in row 2/, 2, /class numbers/],
  ];
  for (const [values, message, row, remedy] of cases) {
    const error = checkLabels(Float64Array.from(values), 3, 'y.npy');
    assert.match(error?.message ?? '', message);
    assert.match(error?.remedy ?? '', remedy);
    assert.deepEqual([error?.row, error?.path], [row, 'y.npy']);
  }
});

test('the number of classes is checked', () => {
  assert.match(checkLabels([0], 0)?.message ?? '', /number of classes is 0/);
  assert.match(checkLabels([0], 2.5)?.message ?? '', /number of classes is 2.5/);
});
