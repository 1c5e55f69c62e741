// mat: both byte orders, packed or not, with and without gzip; sparse arrays by parts; limits; damage by its byte.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { listArrays, readShape } from '../../server/src/data/headers.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { doubles, integers, matBytes } from './mat-bytes.ts';
import type { MatVariable } from './mat-bytes.ts';
import { errorOf, temporaryFile, valueOf } from './temporary-files.ts';

function dense(name: string, values: readonly number[], bigEndian = false): MatVariable {
  return { name, shape: [2, values.length / 2], kind: 6, parts: [[9, doubles(values, bigEndian)]] };
}

function sparse(
  rows: readonly number[],
  begin: readonly number[],
  values: readonly number[],
  shape = [3, 2],
) {
  return {
    name: 'S',
    shape,
    kind: 5,
    parts: [
      [5, integers(rows)],
      [5, integers(begin)],
      [9, doubles(values)],
    ],
  } satisfies MatVariable;
}

function read(bytes: Uint8Array, options: Partial<SourceSpec> = {}) {
  return readSource({ format: 'mat', path: temporaryFile(bytes, 'file.mat'), ...options });
}

test('both byte orders, packed or not, plain or gzip', () => {
  for (const bigEndian of [false, true]) {
    for (const packed of [false, true]) {
      const bytes = matBytes([dense('X', [1, 2, 3, 4, 5, 6], bigEndian), dense('y', [7, 8], bigEndian)], {
        bigEndian,
        packed,
      });
      for (const content of [bytes, gzipSync(bytes)]) {
        const path = temporaryFile(content, 'file.mat');
        const X = valueOf(readSource({ format: 'mat', path, array: 'X' }));
        assert.deepEqual(
          [X.shape, [...X.values]],
          [
            [2, 3],
            [1, 3, 5, 2, 4, 6],
          ],
        );
        const y = readSource({ format: 'mat', path, array: 'y', rows: { from: 2, to: 2 } });
        assert.deepEqual([...valueOf(y).values], [8]);
        assert.deepEqual(valueOf(readShape({ format: 'mat', path, array: 'X', columns: 3 })), [2]);
        assert.deepEqual(
          listArrays('mat', path).map(({ name, shape }) => [name, shape]),
          [
            ['X', [2, 3]],
            ['y', [2, 1]],
          ],
        );
      }
    }
  }
});

test('of a sparse array only the part that is chosen takes memory', () => {
  const wide = [2 ** 20, 2 ** 20];
  const begin = new Array<number>(2 ** 20 + 1).fill(3);
  begin.fill(0, 0, 2);
  begin[2] = 2;
  const bytes = matBytes([sparse([0, 5, 2 ** 20 - 1], begin, [1.5, -2, 4], wide)], { packed: true });
  const path = temporaryFile(bytes, 'wide.mat');
  errorOf(readSource({ format: 'mat', path }), /has 1099511627776 elements/);
  const part = readSource({ format: 'mat', path, rows: { from: 1, to: 6 }, columns: { from: 2, to: 3 } });
  assert.deepEqual([...valueOf(part).values], [1.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2, 0]);
});

test('sparse arrays that contradict themselves', () => {
  const fail = (variable: MatVariable, message: RegExp) => errorOf(read(matBytes([variable])), message);
  fail(sparse([0, 3], [0, 1, 2], [1, 2]), /the rows of column 2 are not ascending numbers below 3/);
  fail(sparse([1, 1], [0, 2, 2], [1, 2]), /the rows of column 1 are not ascending/);
  fail(sparse([0, 1], [0, 2, 1], [1, 2]), /column 2 ends before it begins/);
  fail(sparse([0], [0, 1, 2], [1, 2]), /column 2 has entries that are not there/);
  fail(sparse([0], [0, 1], [1]), /the beginnings of 2 columns are 2 numbers/);
  const error = fail(sparse([0, 1], [0, 1, 2], [1, NaN]), /the value in row 2, column 2 is NaN/);
  assert.deepEqual([error.row, error.index], [2, [1, 1]]);
  const kept = read(matBytes([sparse([0, 1], [0, 1, 2], [1, NaN])]), { rows: { from: 1, to: 1 } });
  assert.deepEqual([...valueOf(kept).values], [1, 0], 'values that nobody asked for are not looked at');
});

test('damage is located, and lengths are not believed', () => {
  const whole = matBytes([dense('X', [1, 2])]);
  const at = (position: number, ...bytes: number[]) => {
    const changed = Buffer.from(whole);
    changed.set(bytes, position);
    return read(changed);
  };
  assert.equal(errorOf(at(128, 99), /damaged at byte 128: an element of the type 99/).byte, 128);
  assert.equal(
    errorOf(at(132, 255, 255, 255, 127), /within a variable that should end at byte/).byte,
    whole.length,
  );
  assert.equal(errorOf(at(136, 9), /the flags of an array are expected/).byte, 136);
  assert.equal(errorOf(at(152, 9), /the sizes of an array are expected/).byte, 152);
  errorOf(at(160, 9), /16 bytes of values do not fill the shape \[9, 1\]/);
  errorOf(read(whole.subarray(0, -4)), /within a variable/);
  errorOf(read(Buffer.concat([whole, Buffer.from([1, 2, 3])])), /within a variable/);
  errorOf(read(matBytes([dense('X', [1, 2]), dense('X', [3, 4])])), /the variable "X" stands twice/);
  const nan = errorOf(read(matBytes([dense('X', [1, NaN])])), /array "X": the value at index \[1, 0\]/);
  assert.equal(whole.length - 8, nan.byte, 'the byte in the file');
  assert.equal(
    errorOf(read(matBytes([dense('X', [1, NaN])], { packed: true })), /index \[1, 0\]/).byte,
    undefined,
  );
});

test('packed variables are bounded', () => {
  const zeros = matBytes([dense('X', new Array<number>(2 ** 19).fill(0))], { packed: true });
  const path = temporaryFile(zeros, 'bomb.mat');
  const limits = withLimits({ freeUnpackedBytes: 2 ** 20 });
  errorOf(readSource({ format: 'mat', path }, limits), /unpacks to more than/);
  assert.equal(valueOf(readSource({ format: 'mat', path })).values.length, 2 ** 19);
  const nested = deflateSync(Buffer.alloc(2 ** 22));
  const bomb = Buffer.concat([zeros.subarray(0, 128), integers([15, nested.length]), nested]);
  errorOf(read(bomb), /the packed variable is no array/);
  errorOf(
    readSource(
      { format: 'mat', path: temporaryFile(matBytes([dense('X', [1, 2]), dense('y', [1, 2])])), array: 'X' },
      withLimits({ maxMembers: 1 }),
    ),
    /more than 1 variables/,
  );
});

test('a variable beyond the part of a gzip file that is looked at is not known while one types', () => {
  const noise = Array.from({ length: 20_000 }, (_, k) => Math.sin(k * k));
  const bytes = gzipSync(matBytes([dense('first', noise), dense('last', [1, 2])]));
  const path = temporaryFile(bytes, 'long.mat.gz');
  const limits = withLimits({ maxCountedBytes: 2 ** 16 });
  assert.equal(valueOf(readShape({ format: 'mat', path, array: 'last' }, limits)), undefined);
  assert.deepEqual(valueOf(readShape({ format: 'mat', path, array: 'first' }, limits)), [2, 10_000]);
  assert.deepEqual([...valueOf(readSource({ format: 'mat', path, array: 'last' }, limits)).values], [1, 2]);
});
