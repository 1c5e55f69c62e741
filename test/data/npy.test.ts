// npy: every file that NumPy wrote loads with NumPy's values; every damaged or foreign one fails at its byte.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { LoadedArray, SourceSpec } from '../../server/src/data/source.ts';
import type { DataResult } from '../../server/src/data/data-error.ts';
import { errorOf, npyBytes, temporaryFile, valueOf } from './temporary-files.ts';

const files = `${import.meta.dirname}/numpy-files/`;
const expected: Record<string, { shape: number[]; values: number[]; error?: string }> = JSON.parse(
  readFileSync(`${files}expected.json`, 'utf8'),
);

function read(
  content: Uint8Array,
  options: Omit<SourceSpec, 'format' | 'path'> = {},
): DataResult<LoadedArray> {
  return readSource({ format: 'npy', path: temporaryFile(content, 'array.npy'), ...options });
}

const pair = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";

for (const [name, { shape, values, error }] of Object.entries(expected)) {
  test(`written by NumPy: ${name}`, () => {
    const result = readSource({ format: 'npy', path: files + name });
    if (error !== undefined) {
      if (result.ok) assert.fail('a failure was expected');
      assert.ok(result.error.message.includes(error), result.error.message);
      assert.ok(result.error.byte !== undefined);
      return;
    }
    const array = valueOf(result);
    assert.deepEqual(array.shape, shape);
    assert.equal(array.values.length, values.length);
    values.forEach((value, i) => assert.ok(Object.is(array.values[i], value), `value ${i} for ${value}`));
  });
}

test('gzip, rows, columns and shuffle apply to npy', () => {
  const bytes = encodeNpy([3, 2], Float64Array.of(1, 2, 3, 4, 5, 6));
  assert.deepEqual([...valueOf(read(gzipSync(bytes))).values], [1, 2, 3, 4, 5, 6]);
  const column = valueOf(read(bytes, { columns: 2, rows: { from: 2, to: 3 } }));
  assert.deepEqual([column.shape, [...column.values]], [[2], [4, 6]]);
  assert.deepEqual([...valueOf(read(bytes, { columns: { from: 2, to: 2 } })).values], [2, 4, 6]);
  const shuffled = valueOf(read(bytes, { shuffle: 1 }));
  assert.deepEqual(
    [...shuffled.values].toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6],
  );
  errorOf(read(bytes, { columns: 'a' }), /no header line with names/);
  errorOf(read(encodeNpy([2, 1, 1], Float64Array.of(1, 2)), { columns: 1 }), /array of 3 axes/);
  errorOf(read(encodeNpy([], Float64Array.of(1)), { rows: { from: 1, to: 1 } }), /a single number/);
  assert.deepEqual(valueOf(read(encodeNpy([], Float64Array.of(7)))).values, Float64Array.of(7));
});

test('values that are not finite are located in the file, selection or not', () => {
  const bytes = encodeNpy([3, 2], Float64Array.of(1, 2, 3, 4, 5, NaN));
  const error = errorOf(
    read(bytes, { rows: { from: 2, to: 3 }, columns: 2 }),
    /index \[2, 1\] \(counted from 0; row 3/,
  );
  assert.deepEqual([error.index, error.row, error.byte], [[2, 1], 3, bytes.length - 8]);
  assert.equal(valueOf(read(bytes, { rows: { from: 1, to: 2 } })).shape[0], 2);
  assert.equal(valueOf(read(bytes, { columns: [1] })).shape[1], 1);
});

test('truncated and oversized bodies are located', () => {
  const bytes = encodeNpy([2, 3], new Float64Array(6));
  for (const cut of [1, 8, 47]) {
    const error = errorOf(
      read(bytes.subarray(0, bytes.length - cut)),
      /\[2, 3\] of f8, which ends at byte 176/,
    );
    assert.equal(error.byte, bytes.length - cut);
  }
  assert.equal(errorOf(read(Buffer.concat([bytes, new Uint8Array(3)])), /goes on to byte 179/).byte, 176);
  for (const length of [3, 7, 9, 60]) {
    assert.equal(errorOf(read(bytes.subarray(0, length)), /within its header/).byte, length);
  }
});

test('headers that are wrong are located', () => {
  const cases: [string, RegExp, number][] = [
    ['', /"\{" is expected/, 10],
    [pair.replace("'descr'", 'descr'), /"descr" is no known value|a key in quotes/, 11],
    [pair.replace('(2,)', '(-2,)'), /'shape' is not a tuple of nonnegative integers/, 60],
    [pair.replace('(2,)', '2'), /'shape' is not a tuple/, 60],
    [pair.replace('(2,)', '(9007199254740991,)'), /larger than any memory/, 60],
    [pair.replace('False', 'None'), /"None" is no known value/, 44],
    [pair.replace('False', '0'), /neither True nor False/, 44],
    [pair.replace('<f8', 'f8'), /does not say its byte order/, 20],
    [pair.replace('<f8', '<q8'), /unknown type "<q8"/, 20],
    [pair.replace('<f8', 'what'), /'descr' is no element type/, 20],
    [pair.replace("'shape'", "'sharp'"), /the entry 'shape' is missing/, 10],
    [pair.replace(', }', ", 'more': 1}"), /the entry 'more' is unknown/, 74],
    [pair.replace(', }', ", 'shape': (2,)}"), /stands twice/, 73],
    [`${pair}x`, /text follows the dictionary/, 68],
  ];
  for (const [dictionary, message, byte] of cases) {
    const error = errorOf(read(npyBytes(dictionary, new Uint8Array(16))), message);
    assert.equal(error.byte, byte, dictionary);
  }
  assert.equal(errorOf(read(Buffer.from('PK\x03\x04 an archive')), /mark of npy files/).byte, 0);
  const versioned = Uint8Array.from(npyBytes(pair, new Uint8Array(16)));
  versioned[6] = 4;
  assert.equal(errorOf(read(versioned), /versions 1, 2 and 3/).byte, 6);
  versioned[6] = 2;
  errorOf(read(versioned), /announces \d+ bytes of itself/);
});

test('booleans are 0 or 1', () => {
  const dictionary = pair.replace('<f8', '|b1');
  assert.deepEqual([...valueOf(read(npyBytes(dictionary, Uint8Array.of(1, 0)))).values], [1, 0]);
  const error = errorOf(read(npyBytes(dictionary, Uint8Array.of(1, 2))), /is 2, neither 0 nor 1/);
  assert.deepEqual(error.index, [1]);
});

test('arrays without elements and announced giants take no memory', () => {
  errorOf(read(npyBytes(pair.replace('(2,)', '(0, 5)'), new Uint8Array(0))), /no elements/);
  errorOf(
    read(npyBytes(pair.replace('(2,)', '(900000000000000, 0)'), new Uint8Array(0))),
    /at most|no elements/,
  );
  errorOf(read(npyBytes(pair.replace('(2,)', '(900000000000,)'), new Uint8Array(16))), /announces/);
});
