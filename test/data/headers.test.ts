// Shapes from headers: always those that loading gives, kept until the file changes, bounded work.

import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { countRows, readHeader, readRange, readShape } from '../../server/src/data/headers.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { errorOf, idxBytes, temporaryFile, valueOf } from './temporary-files.ts';

const samples = `${import.meta.dirname}/../../samples/data/`;
const table = 'a,b,"c\nd"\n1,2,3\n4,"5",6\n7,8,9\n\n';
const long = `x,y\n${Array.from({ length: 200_000 }, (_, i) => `${i},${2 * i}`).join('\r\n')}`;

test('the shape of a header is the shape that loads', () => {
  const specs: SourceSpec[] = [
    { format: 'csv', path: temporaryFile(table, 'table.csv') },
    { format: 'csv', path: temporaryFile(table), columns: 'b' },
    {
      format: 'csv',
      path: temporaryFile(table),
      columns: { except: 'b' },
      rows: { from: 2, to: 3 },
      shuffle: 4,
    },
    { format: 'csv', path: temporaryFile(gzipSync(table)) },
    { format: 'csv', path: temporaryFile(long) },
    { format: 'csv', path: temporaryFile(gzipSync(long)), columns: ['y'] },
    { format: 'csv', path: `${samples}digits.csv.gz`, columns: { from: 1, to: 64 } },
    { format: 'csv', path: `${samples}wine.csv`, columns: 'class', rows: { from: 1, to: 100 } },
    { format: 'npy', path: `${samples}quadratic/A.npy`, rows: { from: 5, to: 9 } },
    { format: 'npy', path: `${samples}hypercleaning-labels.npy` },
    {
      format: 'npy',
      path: temporaryFile(gzipSync(encodeNpy([1000, 100], new Float64Array(1e5)))),
      columns: 3,
    },
    { format: 'npy', path: temporaryFile(encodeNpy([], Float64Array.of(3))) },
    { format: 'idx', path: temporaryFile(idxBytes(0x08, [2, 3, 4], new Uint8Array(24))) },
    { format: 'idx', path: temporaryFile(gzipSync(idxBytes(0x08, [3], new Uint8Array(3)))) },
  ];
  for (const spec of specs) {
    assert.deepEqual(valueOf(readShape(spec)), valueOf(readSource(spec)).shape, JSON.stringify(spec));
  }
});

test('the number type of a file bounds its entries', () => {
  const idx = (type: number, values: Uint8Array): SourceSpec => ({
    format: 'idx',
    path: temporaryFile(idxBytes(type, [2], values)),
  });
  assert.deepEqual(readRange(idx(0x08, new Uint8Array(2))), { lower: 0, upper: 255 });
  assert.deepEqual(readRange(idx(0x09, new Uint8Array(2))), { lower: -128, upper: 127 });
  assert.equal(readRange(idx(0x0e, new Uint8Array(16))), undefined);
  assert.equal(readRange({ format: 'npy', path: `${samples}quadratic/A.npy` }), undefined);
  assert.equal(readRange({ format: 'csv', path: temporaryFile(table) }), undefined);
});

test('errors of a header are those of loading', () => {
  const specs: SourceSpec[] = [
    { format: 'csv', path: temporaryFile('') },
    { format: 'csv', path: temporaryFile('a,b\n') },
    { format: 'csv', path: temporaryFile('1,b\n1,2\n') },
    { format: 'csv', path: temporaryFile(table), columns: 'z' },
    { format: 'csv', path: temporaryFile(table), rows: { from: 1, to: 4 } },
    { format: 'npy', path: temporaryFile(encodeNpy([2], new Float64Array(2)).subarray(0, 130)) },
    { format: 'npy', path: temporaryFile('nothing') },
    { format: 'npy', path: `${samples}no-such.npy` },
    { format: 'idx', path: temporaryFile(idxBytes(0x08, [2], new Uint8Array(3))) },
    { format: 'idx', path: temporaryFile(idxBytes(0x08, [2], new Uint8Array(2))), skip: 1 },
  ];
  for (const spec of specs) {
    const shape = readShape(spec);
    assert.ok(!shape.ok);
    assert.deepEqual(shape, readSource(spec), JSON.stringify(spec));
  }
});

test('column names are listed', () => {
  const header = valueOf(readHeader({ format: 'csv', path: `${samples}diabetes.csv` }));
  assert.deepEqual(header.columnNames?.slice(-2), ['s6', 'target']);
  assert.deepEqual(header.shape, [442, 11]);
});

test('an answer is kept until the file changes', () => {
  const path = temporaryFile('1,2\n', 'growing.csv');
  const spec: SourceSpec = { format: 'csv', path };
  const first = readHeader(spec);
  assert.equal(readHeader(spec), first, 'the same object: nothing was read again');
  appendFileSync(path, '3,4\n');
  assert.deepEqual(valueOf(readHeader(spec)).shape, [2, 2]);
  writeFileSync(path, 'x');
  errorOf(readHeader(spec), /no rows/);
});

test('rows beyond the counted part are unknown until they are counted', async () => {
  const limits = withLimits({ maxCountedBytes: 2 ** 20 });
  for (const content of [long, gzipSync(long)]) {
    const spec: SourceSpec = { format: 'csv', path: temporaryFile(content) };
    assert.deepEqual(valueOf(readShape(spec, limits)), [undefined, 2]);
    assert.deepEqual(valueOf(readShape({ ...spec, columns: 'y' }, limits)), [undefined]);
    assert.deepEqual(valueOf(readShape({ ...spec, rows: { from: 1, to: 20 } }, limits)), [20, 2]);
    const aborted = await countRows(spec, limits, AbortSignal.abort());
    errorOf(aborted, /cancelled/);
    const bounded = await countRows(spec, { ...limits, maxUnpackedBytes: 2 ** 21, maxFileBytes: 2 ** 21 });
    assert.ok(!bounded.ok);
    assert.deepEqual(valueOf(await countRows(spec, limits)).shape, [200_000, 2]);
    assert.deepEqual(valueOf(readShape(spec, limits)), [200_000, 2]);
  }
});
