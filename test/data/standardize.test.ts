// Standardisation: known scales, constant columns, references of another shape.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataArray } from '../../server/src/data/data-array.ts';
import { normal } from '../../server/src/data/generate.ts';
import { columnScale, standardize } from '../../server/src/data/standardize.ts';
import { errorOf, valueOf } from './temporary-files.ts';

test('columns get mean 0 and deviation 1 by the reference', () => {
  const reference = dataArray([4, 2], Float64Array.of(1, 10, 2, 30, 3, 10, 4, 30));
  const { array, scale, notes } = valueOf(standardize(reference, reference));
  assert.deepEqual([...scale.mean], [2.5, 20]);
  assert.deepEqual([...scale.deviation], [Math.sqrt(1.25), 10]);
  assert.deepEqual([...array.values.filter((_, i) => i % 2 === 1)], [-1, 1, -1, 1]);
  assert.deepEqual(notes, []);
  const other = valueOf(standardize(dataArray([1, 2], Float64Array.of(2.5, 40)), reference));
  assert.deepEqual([...other.array.values], [0, 2]);
  assert.deepEqual([other.array.shape, other.array.density], [[1, 2], 0.5]);
});

test('a shift of 1e8 costs no digits', () => {
  const values = valueOf(normal([1000], 1e8, 1, { seed: 3 })).values;
  const { deviation } = valueOf(columnScale(dataArray([1000], values)));
  const shifted = valueOf(
    columnScale(
      dataArray(
        [1000],
        values.map((value) => value - 1e8),
      ),
    ),
  );
  assert.ok(Math.abs((deviation[0] as number) / (shifted.deviation[0] as number) - 1) < 1e-12);
});

test('constant columns keep their size and are named', () => {
  const reference = dataArray([3, 3], Float64Array.of(0.1, 1, 7, 0.1, 2, 7, 0.1, 3, 7));
  const { array, scale, notes } = valueOf(standardize(reference, reference));
  assert.deepEqual([...scale.deviation].filter((value) => value === 1).length, 2);
  assert.deepEqual([array.values[0], array.values[2]], [0, 0]);
  assert.match(notes[0] ?? '', /Columns 1, 3 are constant/);
  const one = valueOf(standardize(dataArray([2], Float64Array.of(5, 6)), dataArray([1], Float64Array.of(5))));
  assert.deepEqual([...one.array.values], [0, 1]);
  assert.match(one.notes[0] ?? '', /Column 1 is constant/);
});

test('what cannot be a reference', () => {
  const matrix = dataArray([2, 2], Float64Array.of(1, 2, 3, 4));
  errorOf(
    standardize(matrix, dataArray([2, 1], Float64Array.of(1, 2))),
    /shape \[2, 2\], its reference \[2, 1\]/,
  );
  errorOf(standardize(matrix, dataArray([2], Float64Array.of(1, 2))), /reference \[2\]/);
  errorOf(standardize(matrix, dataArray([0, 2], new Float64Array(0))), /at least one row/);
  errorOf(
    standardize(dataArray([1, 1, 1], Float64Array.of(1)), dataArray([1, 1, 1], Float64Array.of(1))),
    /shape \[1, 1, 1\]/,
  );
  errorOf(
    columnScale(dataArray([2], Float64Array.of(-1e200, 1e200))),
    /column 1 has mean 0 and standard deviation Infinity/,
  );
  errorOf(columnScale(dataArray([2], Float64Array.of(0, 1e-200))), /too small/);
  errorOf(columnScale(dataArray([2], Float64Array.of(0, NaN))), /not finite/);
});
