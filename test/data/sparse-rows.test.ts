// Sparse rows: the nonzeros of the dense values, in order, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataArray } from '../../server/src/data/data-array.ts';
import { createRandom } from '../../server/src/data/random.ts';
import { sparseRows } from '../../server/src/data/sparse-rows.ts';

test('a small matrix with an empty row', () => {
  const sparse = sparseRows(dataArray([3, 3], Float64Array.of(0, 2, 0, 0, 0, -0, 3, 0, 4)));
  assert.deepEqual(sparse, {
    rows: 3,
    columns: 3,
    rowStart: Int32Array.of(0, 1, 1, 3),
    column: Int32Array.of(1, 0, 2),
    value: Float64Array.of(2, 3, 4),
  });
});

test('random matrices are rebuilt exactly', () => {
  const random = createRandom(4);
  for (let trial = 0; trial < 50; trial++) {
    const rows = 1 + Math.floor(random.uniform() * 8);
    const columns = 1 + Math.floor(random.uniform() * 8);
    const values = Float64Array.from({ length: rows * columns }, () =>
      random.uniform() < 0.7 ? 0 : random.normal(),
    );
    const sparse = sparseRows({ shape: [rows, columns], values });
    assert.ok(sparse !== undefined);
    const dense = new Float64Array(values.length);
    for (let i = 0; i < rows; i++) {
      for (let k = sparse.rowStart[i] as number; k < (sparse.rowStart[i + 1] as number); k++) {
        dense[i * columns + (sparse.column[k] as number)] = sparse.value[k] as number;
      }
    }
    assert.deepEqual(dense, values);
  }
});

test('only matrices have sparse rows; NaN counts as nonzero', () => {
  assert.equal(sparseRows({ shape: [2], values: new Float64Array(2) }), undefined);
  assert.equal(sparseRows({ shape: [1, 1, 2], values: new Float64Array(2) }), undefined);
  assert.equal(sparseRows({ shape: [1, 1], values: Float64Array.of(NaN) })?.value.length, 1);
});
