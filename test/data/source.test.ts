// Sources: rows, seeded shuffles as splits, options that a format lacks, limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits, withLimits } from '../../server/src/data/limits.ts';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { permutation } from '../../server/src/data/random.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { errorOf, idxBytes, temporaryFile, valueOf } from './temporary-files.ts';

const total = 50;
const count = Float64Array.from({ length: total }, (_, i) => i);
const paths = {
  csv: temporaryFile(`n\n${count.join('\n')}\n`, 'count.csv'),
  npy: temporaryFile(encodeNpy([total, 1], count), 'count.npy'),
  idx: temporaryFile(idxBytes(0x08, [total, 1], Uint8Array.from(count)), 'count-idx'),
};
const formats = ['csv', 'npy', 'idx'] as const;

function read(format: (typeof formats)[number], options: Omit<SourceSpec, 'format' | 'path'> = {}): number[] {
  return [...valueOf(readSource({ format, path: paths[format], ...options })).values];
}

test('a shuffle permutes all rows by the seed, before the range is taken', () => {
  for (const format of formats) {
    const order = [...permutation(total, 9)];
    assert.deepEqual(read(format, { shuffle: 9 }), order);
    assert.deepEqual(read(format, { shuffle: 9, rows: { from: 11, to: 20 } }), order.slice(10, 20));
    const parts = [1, 21, 41].map((from) =>
      read(format, { shuffle: 9, rows: { from, to: Math.min(total, from + 19) } }),
    );
    assert.deepEqual(
      parts.flat().toSorted((a, b) => a - b),
      [...count],
      'disjoint ranges are disjoint splits',
    );
    assert.deepEqual(read(format, { rows: { from: 50, to: 50 } }), [49]);
  }
});

test('ranges of rows that a file does not have', () => {
  for (const format of formats) {
    const rows = (from: number, to: number) =>
      readSource({ format, path: paths[format], rows: { from, to } });
    const error = errorOf(rows(1, 51), /rows 1\.\.51 go beyond the file, which has 50 rows/);
    assert.equal(error.row, 51);
    for (const [from, to] of [
      [0, 3],
      [3, 2],
      [1.5, 3],
      [NaN, 3],
      [-1, 1],
    ] as const)
      errorOf(rows(from, to), /are no range/);
  }
});

test('seeds and options are checked', () => {
  for (const shuffle of [-1, 0.5, NaN, 2 ** 53])
    errorOf(readSource({ format: 'npy', path: paths.npy, shuffle }), /the seed/);
  errorOf(readSource({ format: 'npy', path: paths.npy, skip: 1 }), /`skip` has no meaning for npy files/);
  errorOf(
    readSource({ format: 'idx', path: paths.idx, header: true }),
    /`header` has no meaning for idx files/,
  );
});

test('limits hold before memory is taken', () => {
  const small = withLimits({ maxElements: 49 });
  for (const format of formats)
    errorOf(readSource({ format, path: paths[format] }, small), /has 50 elements; at most 49/);
  errorOf(
    readSource({ format: 'npy', path: paths.npy }, withLimits({ maxFileBytes: 100 })),
    /at most 100 bytes are read/,
  );
  assert.equal(defaultLimits.maxElements, 2 ** 28);
});

test('the density is measured', () => {
  const path = temporaryFile(encodeNpy([2, 2], Float64Array.of(0, 1, 0, 0)), 'sparse.npy');
  assert.equal(valueOf(readSource({ format: 'npy', path })).density, 0.25);
});
