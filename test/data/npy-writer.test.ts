// Writing npy: read back bit for bit, and byte for byte what NumPy itself writes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { readSource } from '../../server/src/data/source.ts';
import { temporaryFile, valueOf } from './temporary-files.ts';

test('what the writer writes is read back bit for bit', () => {
  const values = Float64Array.of(0.1, -0, 5e-324, 1.7976931348623157e308, NaN, -Infinity);
  for (const shape of [[6], [2, 3], [1, 2, 3], [6, 1]]) {
    const bytes = encodeNpy(shape, values);
    assert.equal((bytes.length - 48) % 64, 0);
    const array = valueOf(readSource({ format: 'npy', path: temporaryFile(bytes), allowNonFinite: true }));
    assert.deepEqual(array.shape, shape);
    values.forEach((value, i) => assert.ok(Object.is(array.values[i], value)));
  }
});

test('the bytes are those of NumPy', () => {
  const samples = `${import.meta.dirname}/../../samples/data/quadratic/`;
  for (const name of ['A.npy', 'b.npy']) {
    const { shape, values } = valueOf(readSource({ format: 'npy', path: samples + name }));
    assert.deepEqual(Buffer.from(encodeNpy(shape, values)), readFileSync(samples + name));
  }
});
