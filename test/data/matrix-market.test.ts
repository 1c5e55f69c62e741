// Matrix Market: every mistake at its line, symmetries, parts of large sparse matrices.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShape } from '../../server/src/data/headers.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { errorOf, temporaryFile, valueOf } from './temporary-files.ts';

const general = '%%MatrixMarket matrix coordinate real general\n';

function read(text: string, options: Partial<SourceSpec> = {}) {
  return readSource({ format: 'matrix_market', path: temporaryFile(text, 'a.mtx'), ...options });
}

test('words in any case, comments, blank lines and line ends of every kind', () => {
  const text =
    '%%matrixmarket MATRIX Coordinate Real General\r\n%\r\n\r\n2 2 2\r\n1 1\t1.5\r\n\r\n  2 2 -2e1  \r\n';
  assert.deepEqual([...valueOf(read(text)).values], [1.5, 0, 0, -20]);
  assert.deepEqual([...valueOf(read(text.replaceAll('\r\n', '\r'))).values], [1.5, 0, 0, -20]);
  assert.deepEqual(
    [...valueOf(read(text, { columns: 2, shuffle: 1 })).values].toSorted((a, b) => a - b),
    [-20, 0],
  );
});

test('symmetries: both triangles, whichever is in the file', () => {
  const symmetric = '%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 4\n1 2 3\n';
  assert.deepEqual([...valueOf(read(symmetric)).values], [4, 3, 3, 0]);
  const skew = symmetric
    .replace('symmetric', 'skew-symmetric')
    .replace('1 1 4\n', '')
    .replace('2 2 2', '2 2 1');
  assert.deepEqual([...valueOf(read(skew)).values], [0, 3, -3, 0]);
  errorOf(read(skew.replace('1 2 3', '1 1 3')), /the entry on the diagonal is 3/);
  errorOf(read(symmetric.replace('1 1 4', '2 1 3')), /row 1, column 2 stands twice, itself or mirrored/);
  errorOf(
    read(symmetric.replace('2 2 2', '2 3 2')),
    /a symmetric matrix is square, this one has 2 rows and 3/,
  );
});

test('every mistake has its line', () => {
  const mistakes: readonly (readonly [text: string, message: RegExp, line: number, column?: number])[] = [
    ['', /file is empty/, 0],
    ['1 2 3\n', /does not begin with "%%MatrixMarket"/, 1],
    ['%%MatrixMarket matrix coordinate real\n', /line 1 has 4 words/, 1],
    ['%%MatrixMarket vector coordinate real general\n', /holds a "vector"/, 1],
    ['%%MatrixMarket matrix coordinate complex general\n1 1 0\n', /complex numbers/, 1],
    ['%%MatrixMarket matrix coordinate reel general\n', /field "reel" is not known/, 1],
    ['%%MatrixMarket matrix coordinate real hermitian\n', /Write|Hermitian/, 1],
    ['%%MatrixMarket matrix array pattern general\n', /a pattern has no values/, 1],
    [general, /the file ends in line 1, before its sizes/, 1],
    [`${general}2 2\n`, /line 2 should hold rows, columns and entries/, 2],
    [`${general}2 2 -1\n`, /as whole numbers/, 2],
    [`${general}2 2 1\n`, /ends in line 2, after 0 of 1 entries/, 2],
    [`${general}2 2 1\n1 1 1\n2 2 2\n`, /line 4 follows the 1 announced entries/, 4],
    [`${general}2 2 1\n1 1\n`, /line 3 has 2 numbers; 3 are expected/, 3],
    [`${general}2 2 1\n1 3 1\n`, /"3" is no column: the columns are 1 to 2/, 3, 3],
    [`${general}2 2 1\n0 1 1\n`, /"0" is no row/, 3, 1],
    [`${general}2 2 2\n1 1 1\n1 1 0\n`, /row 1, column 1 stands twice/, 4],
    [`${general}2 2 1\n1 1 1,5\n`, /"1,5" is no number/, 3, 5],
    [`${general}2 2 1\n1 1 -inf\n`, /the value is -inf/, 3, 5],
    [`${general}2 2 1\n1 1 1e999\n`, /exceeds the largest double/, 3, 5],
    [`${general.replace('real', 'integer')}1 1 1\n1 1 9007199254740993\n`, /not below 2\^53/, 3, 5],
    [`${general.replace('real', 'integer')}1 1 1\n1 1 0.5\n`, /"0.5" is no whole number/, 3, 5],
  ];
  for (const [text, message, line, column] of mistakes) {
    const error = errorOf(read(text), message);
    assert.deepEqual([error.line ?? 0, error.column], [line, column], text);
  }
});

test('of a large sparse matrix only the part that is chosen takes memory', () => {
  const path = temporaryFile(`${general}1000000 1000000 2\n3 2 5\n999999 7 1\n`, 'large.mtx');
  errorOf(readSource({ format: 'matrix_market', path }), /has 1000000000000 elements/);
  assert.deepEqual(valueOf(readShape({ format: 'matrix_market', path })), [1e6, 1e6]);
  const part = { rows: { from: 2, to: 3 }, columns: { from: 1, to: 2 } };
  assert.deepEqual([...valueOf(readSource({ format: 'matrix_market', path, ...part })).values], [0, 0, 0, 5]);
  errorOf(read(`${general}99999999999 99999999999 0\n`), /larger than any memory/);
  const comments = `${general}${'% nothing\n'.repeat(120_000)}1 1 0\n`;
  errorOf(
    readShape({ format: 'matrix_market', path: temporaryFile(comments) }),
    /no sizes stand in the first/,
  );
});
