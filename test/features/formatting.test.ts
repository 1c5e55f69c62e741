/** Formatting touches only what changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { formattingEdits } from '../../server/src/features/formatting.ts';
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

test('one line that is off makes an edit of that line', () => {
  const text = format(ridge);
  const untidy = text.replace('  minimize sumsq', '      minimize   sumsq');
  const edits = formattingEdits(snapshotOf(untidy));
  assert.equal(edits.length, 1);
  assert.equal(edits[0]?.range.start.line, 9);
  assert.ok((edits[0]?.range.end.line ?? Infinity) <= 10);
  assert.equal(applied(untidy), text);
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
