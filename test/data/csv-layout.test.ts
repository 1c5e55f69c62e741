// The layout of csv files: separator, header and start of the data, from a bounded sample.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferLayout } from '../../server/src/data/formats/csv-layout.ts';
import type { CsvOptions } from '../../server/src/data/formats/csv-layout.ts';
import { errorOf, valueOf } from './temporary-files.ts';

function layout(text: string, options: CsvOptions = {}, whole = true) {
  return inferLayout('a.csv', Buffer.from(text), whole, options);
}

test('the separator is the one that cuts the first records into equally many fields', () => {
  const cases: [string, string, number][] = [
    ['a,b\n1,2\n', ',', 2],
    ['a;b\n1;2\n', ';', 2],
    ['a\tb,c\n1\t2\n', '\t', 2],
    ['a;b,c;d\n1,2\n3,4\n', ',', 2],
    ['1,5;2,5\n3,5;4,5\n', ';', 2],
    ['"a;b","c;d"\n1,2\n', ',', 2],
    ['7\n8\n', ',', 1],
    ['a,b,c;d\n1,2\n1;2;3;4\n', ',', 3],
  ];
  for (const [text, separator, columnCount] of cases) {
    const found = valueOf(layout(text));
    assert.deepEqual([found.separator, found.columnCount], [separator, columnCount], JSON.stringify(text));
  }
  assert.equal(valueOf(layout('a;b,c\n1;2,3\n', { separator: ',' })).columnCount, 2);
});

test('skipped lines are physical lines', () => {
  const found = valueOf(layout('# "note\r\n\r\nx,y\n1,2\n', { skip: 2 }));
  assert.deepEqual(found, {
    separator: ',',
    columnCount: 2,
    columnNames: ['x', 'y'],
    firstLine: 3,
    dataStart: 15,
  });
});

test('a beginning that is cut within the second record gives the same layout', () => {
  const text = 'x,y\n1,2\n3,4\n';
  for (let length = 6; length < text.length; length++) {
    assert.deepEqual(layout(text.slice(0, length), {}, false), layout(text), `${length} bytes`);
  }
  errorOf(layout('x,y', {}, false), /line 1 is longer/);
  errorOf(layout('a\nb\n', { skip: 5 }, false), /the 5 skipped lines exceed/);
});

test('numbers separated by spaces are no header of one name', () => {
  errorOf(layout('1.5 2.5\n3.5 4.5\n'), /line 1 are separated by spaces/);
  errorOf(layout('  1e0  2e0\n'), /separated by spaces/);
  assert.deepEqual(valueOf(layout('size 2\n1\n')).columnNames, ['size 2']);
  assert.deepEqual(valueOf(layout('"1 2"\n1\n')).columnNames, ['1 2']);
});
