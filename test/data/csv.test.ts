// Reading csv: what loads, and the line and column of everything that does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readSource } from '../../server/src/data/source.ts';
import type { LoadedArray, SourceSpec } from '../../server/src/data/source.ts';
import type { DataResult } from '../../server/src/data/data-error.ts';
import { errorOf, temporaryFile, valueOf } from './temporary-files.ts';

type Options = Omit<SourceSpec, 'format' | 'path'>;

function read(content: string | Uint8Array, options: Options = {}): DataResult<LoadedArray> {
  return readSource({ format: 'csv', path: temporaryFile(content, 'table.csv'), ...options });
}

function checkValues(
  content: string | Uint8Array,
  shape: number[],
  values: number[],
  options: Options = {},
): void {
  const array = valueOf(read(content, options));
  assert.deepEqual(array.shape, shape);
  assert.deepEqual([...array.values], values);
}

function checkPlace(
  content: string,
  message: RegExp,
  line: number,
  column: number,
  options: Options = {},
): void {
  const error = errorOf(read(content, options), message);
  assert.deepEqual({ line: error.line, column: error.column }, { line, column });
}

test('separators, line ends, byte order mark, quotes and gzip', () => {
  const expected = [1, 2.5, -3, 4e2];
  for (const separator of [',', ';', '\t']) {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = [`a${separator}b`, `1${separator}2.5`, `-3${separator}4e2`];
      checkValues(lines.join(end), [2, 2], expected);
      checkValues(`\ufeff${lines.join(end)}${end}`, [2, 2], expected);
      checkValues(lines.slice(1).join(end) + end + end + end, [2, 2], expected);
      checkValues(gzipSync(lines.join(end)), [2, 2], expected);
    }
  }
  checkValues('"a","b ""c"", d"\n"1", 2.5 \n\t-3,"+4e2"\n', [2, 2], expected);
  checkValues('a,"b\nc"\n1,2.5\n-3,4e2', [2, 2], expected);
  checkValues('7\n8\n', [2, 1], [7, 8]);
  checkValues('1,2.5\n-3,4e2', [2, 2], expected, { separator: ',', header: false });
});

test('a header is found where the first line is text, and never swallows data', () => {
  assert.deepEqual(valueOf(read('α, β \n1,2\n')).columnNames, ['α', 'β']);
  assert.equal(valueOf(read('1,2\n3,4\n')).columnNames, undefined);
  assert.deepEqual(valueOf(read(',a\n0,1\n1,2\n')).columnNames, ['', 'a']);
  assert.deepEqual(valueOf(read('2019,2020\n3,4\n', { header: true })).columnNames, ['2019', '2020']);
  checkValues('id7,1\nid8,2\n', [2], [1, 2], { columns: 2 });
  checkPlace('1,2,x\n4,5,6\n', /may be a header or data: its column 3 is text, its column 2 a number/, 1, 5);
  checkPlace('a,b\n1,2\n', /"a" in column 1, line 1, character 1, is not a number/, 1, 1, { header: false });
});

test('columns by name, list, number, range and exclusion', () => {
  const content = 'a,b,c,d\n1,2,3,4\n5,6,7,8\n';
  checkValues(content, [2], [2, 6], { columns: 'b' });
  checkValues(content, [2], [4, 8], { columns: 4 });
  checkValues(content, [2, 1], [2, 6], { columns: ['b'] });
  checkValues(content, [2, 2], [4, 1, 8, 5], { columns: ['d', 'a'] });
  checkValues(content, [2, 3], [2, 3, 4, 6, 7, 8], { columns: { from: 2, to: 4 } });
  checkValues(content, [2, 2], [2, 3, 6, 7], { columns: { from: 'b', to: 'c' } });
  checkValues(content, [2, 3], [1, 2, 4, 5, 6, 8], { columns: { except: 'c' } });
  checkValues(content, [2, 2], [2, 3, 6, 7], { columns: { except: ['a', 4] } });
  assert.deepEqual(valueOf(read(content, { columns: ['d', 'a'] })).columnNames, ['d', 'a']);
});

test('rows are chosen, and only chosen cells must be numbers', () => {
  const content = '# note\na,b\n1,x\n3,4\n5,6\n';
  checkValues(content, [2, 2], [3, 4, 5, 6], { skip: 1, header: true, rows: { from: 2, to: 3 } });
  checkValues(content, [3], [1, 3, 5], { skip: 1, columns: 'a' });
  checkPlace(content, /"x" in column "b", line 3, character 3, is not a number/, 3, 3, {
    skip: 1,
    columns: 'b',
  });
});

test('cells that are no numbers are located by line and character', () => {
  checkPlace('a,b\n1,2\n3,\n', /the cell in column "b", line 3, character 3, is empty/, 3, 3);
  checkPlace('a,b\n1,2\n  ,4\n', /is empty/, 3, 1);
  checkPlace('größe,b\n1,2\n"3",abc\n', /"abc" in column "b"/, 3, 5);
  checkPlace('"é",b\n1,"2"\n"ö",4\n', /is not a number/, 3, 2);
  checkPlace('1,2\r\n3,NaN\r\n', /is not a number \(NaN\)/, 2, 3);
  checkPlace('1,2\n-inf,4\n', /is infinite/, 2, 1);
  checkPlace('1,2\n3,1e999\n', /exceeds the largest double/, 2, 3);
  checkPlace('1;2\n3,5;4\n', /has a decimal comma/, 2, 1);
  checkPlace('1,5;2,5\n', /has a decimal comma/, 1, 1);
  checkPlace('1,0x10\n', /is not a number/, 1, 3, { header: false });
  checkPlace(`1,2\n3,${'9'.repeat(2000)}\n`, /too long for a number/, 2, 3);
  checkPlace('a\n"multi\nline"\n', /is not a number/, 2, 2);
  checkPlace('a\n1\n"2\n3"\nx\n', /is not a number/, 3, 2);
});

test('NaN and infinities load where they are allowed, empty cells never', () => {
  checkValues('1,NaN\n-inf,+Infinity\n', [2, 2], [1, NaN, -Infinity, Infinity], { allowNonFinite: true });
  checkPlace('1,\n2,3\n', /is empty/, 1, 3, { allowNonFinite: true });
  checkPlace('1,2\n3,1e999\n', /exceeds/, 2, 3, { allowNonFinite: true });
});

test('ragged, blank and badly quoted records are located', () => {
  checkPlace('a,b\n1,2\n3,4,5\n', /line 3 has 3 fields, line 1 has 2 fields/, 3, 5);
  checkPlace('a,b\n1,2\n3\n4,5\n', /line 3 has 1 field, line 1 has 2/, 3, 2);
  checkPlace('1,2\n\n3,4\n', /line 2 is blank/, 2, 1);
  checkPlace('1\n\n3\n', /in column 1, line 2, character 1, is empty/, 2, 1);
  checkPlace('\n1,2\n', /line 1 is blank/, 1, 1);
  checkPlace('1,2\n"3,4\n', /the quote at line 2, column 1 is never closed/, 2, 1);
  checkPlace('1,2\n"3"x,4\n', /text follows the closing quote at line 2, column 4/, 2, 4);
  checkPlace('1,2\n3",4\n', /a quote stands inside an unquoted field at line 2, column 2/, 2, 2);
  checkPlace('"a,b\n', /never closed/, 1, 1);
});

test('files without a table say so', () => {
  errorOf(read(''), /the file is empty/);
  errorOf(read('\ufeff'), /the file is empty/);
  errorOf(read(new Uint8Array([0xff, 0xfe, 0x31, 0])), /UTF-16/);
  assert.equal(errorOf(read('a,b\n'), /header line and no rows/).line, 1);
  errorOf(read('1\n2\n', { skip: 2 }), /nothing follows the 2 skipped lines/);
  errorOf(read('1\n2\n', { skip: 5 }), /nothing follows/);
  errorOf(read('1\n2\n', { skip: -1 }), /`skip` is -1/);
  errorOf(read(new Uint8Array([0xe9, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0x32])), /name of column 1 is not UTF-8/);
  errorOf(read(`${'x'.repeat(2 ** 20 + 10)}\n1\n`), /line 1 is longer than 1.0 MiB/);
  errorOf(read(`"${'x'.repeat(2 ** 20 + 10)}"\n1\n`), /line 1 is longer than 1.0 MiB/);
});

test('a file beyond the sample loads whole', () => {
  const rows = 150_000;
  const content = `n,square\n${Array.from({ length: rows }, (_, i) => `${i},${i * i}`).join('\n')}`;
  assert.ok(content.length > 2 ** 20);
  const array = valueOf(read(content));
  assert.deepEqual(array.shape, [rows, 2]);
  assert.equal(array.values[2 * rows - 1], (rows - 1) ** 2);
});

test('files from Python: header, quoting and the samples of the project', () => {
  const samples = `${import.meta.dirname}/../../samples/data/`;
  const cancer = valueOf(
    readSource({ format: 'csv', path: `${samples}breast_cancer.csv`, columns: { from: 1, to: 30 } }),
  );
  assert.deepEqual(cancer.shape, [569, 30]);
  assert.deepEqual([...cancer.values.subarray(0, 3)], [17.99, 10.38, 122.8]);
  const digits = valueOf(readSource({ format: 'csv', path: `${samples}digits.csv.gz`, columns: 65 }));
  assert.deepEqual([digits.shape, ...digits.values.subarray(0, 4)], [[1797], 0, 1, 2, 3]);
  const target = valueOf(readSource({ format: 'csv', path: `${samples}diabetes.csv`, columns: 'target' }));
  assert.deepEqual([target.shape, target.values[0], target.values[441]], [[442], 151, 57]);
  const wine = valueOf(
    readSource({ format: 'csv', path: `${samples}wine.csv`, columns: { except: 'class' } }),
  );
  assert.deepEqual([wine.shape, wine.values[0]], [[178, 13], 14.23]);
});
