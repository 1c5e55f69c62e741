/** Formatting touches only what changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  formattingEdits,
  rangeFormattingEdits,
  typedFormattingEdits,
} from '../../server/src/features/formatting.ts';
import { format } from '../../server/src/syntax/print.ts';
import { RandomProgram } from '../support/random-program.ts';
import { ridge, snapshotOf } from './support.ts';

function applied(text: string): string {
  const document = TextDocument.create('file:///a.bilevel', 'bilevel', 1, text);
  return TextDocument.applyEdits(document, formattingEdits(snapshotOf(text)));
}

test('a formatted text has no edits', () => {
  assert.deepEqual(formattingEdits(snapshotOf(format(ridge))), []);
});

test('only the spaces that are off are edited', () => {
  const text = format(ridge);
  const untidy = text.replace('  minimize sumsq', '      minimize   sumsq');
  const edits = formattingEdits(snapshotOf(untidy));
  assert.deepEqual(
    edits.map(({ range, newText }) => [range.start.line, newText]),
    [
      [8, '\n  '],
      [9, ' '],
    ],
  );
  assert.equal(applied(untidy), text);
});

test('a range is formatted alone, and so is the block whose brace is typed', () => {
  const text = format(ridge);
  const untidy = text.replace('theta : ', 'theta  :   ').replace('w : vector', 'w  :  vector');
  const apply = (edits: TextEdit[]): string =>
    TextDocument.applyEdits(TextDocument.create('file:///a.bilevel', 'bilevel', 1, untidy), edits);
  const line = untidy.split('\n').findIndex((each) => each.includes('theta  :'));
  const ofLine = { start: { line, character: 4 }, end: { line, character: 5 } };
  const upper = text.replace('w : vector', 'w  :  vector');
  assert.equal(apply(rangeFormattingEdits(snapshotOf(untidy), ofLine)), upper);
  const snapshot = snapshotOf(untidy);
  const brace = snapshot.position(untidy.indexOf('}', untidy.indexOf('upper')) + 1);
  assert.equal(apply(typedFormattingEdits(snapshot, brace)), upper);
  assert.deepEqual(typedFormattingEdits(snapshot, { line: 0, character: 0 }), []);
  // The cursor stays behind the brace, also at the end of a file without a last line end.
  const last = snapshotOf('upper {\n  t  : scalar\n  minimize t ^ 2\n}');
  const edits = typedFormattingEdits(last, { line: 3, character: 1 });
  assert.ok(edits.length > 0 && edits.every(({ range }) => range.start.line < 3));
});

test('a broken text is left alone', () => {
  assert.deepEqual(formattingEdits(snapshotOf(ridge.replace('= 0\n', '= (0\n'))), []);
});

test('the edits make the formatted text', () => {
  for (let seed = 0; seed < 100; seed++) {
    const text = new RandomProgram(seed).program();
    for (const variant of [
      text,
      text.replaceAll('\n', '\r\n'),
      `\uFEFF${text}`,
      text.trimEnd(),
      `${text}\n\n\n`,
    ]) {
      assert.equal(applied(variant), format(variant), `seed ${seed}`);
    }
  }
});
