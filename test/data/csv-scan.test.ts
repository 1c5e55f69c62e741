// The byte level of csv: fields, counting in pieces, and places.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CsvRecord,
  locate,
  RecordCounter,
  skipLines,
  textStart,
} from '../../server/src/data/formats/csv-scan.ts';

function fieldsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const record = new CsvRecord();
  assert.equal(record.scan(bytes, 0, 0x2c), undefined);
  return Array.from({ length: record.count }, (_, k) =>
    bytes.toString('utf8', record.starts[k], record.ends[k]),
  );
}

test('fields of a record', () => {
  assert.deepEqual(fieldsOf('a,,c\nrest'), ['a', '', 'c']);
  assert.deepEqual(fieldsOf('"a,b","c\n","d"""\r\n'), ['a,b', 'c\n', 'd""']);
  assert.deepEqual(fieldsOf('a,'), ['a', '']);
  assert.deepEqual(fieldsOf('\n'), ['']);
  assert.equal(fieldsOf(Array.from({ length: 1000 }, String).join(',')).length, 1000);
});

test('records count the same in one piece and byte by byte', () => {
  const texts = [
    '',
    'a',
    'a\n',
    'a\n\n\n',
    'a\r\nb\r\n\r\n',
    'a\rb\r',
    '\n\na\n',
    '"a\nb"\nc',
    '"a""\n"\r\nc\n',
    'a\n\r\nb',
  ];
  const counts = [0, 1, 1, 1, 2, 2, 3, 2, 2, 3];
  texts.forEach((text, i) => {
    const bytes = Buffer.from(text);
    const whole = new RecordCounter();
    whole.add(bytes);
    const pieces = new RecordCounter();
    for (const byte of bytes) pieces.add(Uint8Array.of(byte));
    assert.deepEqual([whole.count, pieces.count], [counts[i], counts[i]], JSON.stringify(text));
  });
});

test('places count lines from 1 and characters in UTF-16 units, without the byte order mark', () => {
  const bytes = Buffer.from('\ufeffaé\r\n𝜃x\rz');
  const at = (text: string) => bytes.indexOf(text);
  assert.deepEqual(locate(bytes, at('a')), { line: 1, column: 1 });
  assert.deepEqual(locate(bytes, at('é') + 2), { line: 1, column: 3 });
  assert.deepEqual(locate(bytes, at('x')), { line: 2, column: 3 });
  assert.deepEqual(locate(bytes, at('z')), { line: 3, column: 1 });
  assert.equal(textStart(bytes), 3);
  assert.deepEqual(
    [0, 1, 2, 3].map((lines) => skipLines(bytes, 3, lines)),
    [3, at('𝜃'), at('z'), -1],
  );
});
