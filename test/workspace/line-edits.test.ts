/** Lines tracked through edits, against a text whose lines carry their own names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lineEdit, moveLine } from '../../server/src/workspace/line-edits.ts';
import { integerBelow, seeded } from '../support/seeded.ts';

const change = (line: number, character: number, endLine: number, endCharacter: number, text: string) => ({
  range: { start: { line, character }, end: { line: endLine, character: endCharacter } },
  text,
});

const text = `${'x'.repeat(40)}\n`.repeat(9);

function moved(line: number, ...changes: TextDocumentContentChangeEvent[]): number {
  return changes.reduce((now, each) => moveLine(now, lineEdit(each, text)), line);
}

test('an edit below changes nothing, one above shifts', () => {
  assert.equal(moved(3, change(4, 0, 6, 0, 'x')), 3);
  assert.equal(moved(3, change(1, 2, 1, 2, '\n\n')), 5);
  assert.equal(moved(3, change(0, 0, 2, 0, '')), 1);
  assert.equal(moved(3, change(1, 0, 1, 0, 'a\r\nb\rc\n')), 6);
});

test('Enter before a line pushes it, Enter at its end does not', () => {
  assert.equal(moved(3, change(3, 0, 3, 0, '\n')), 4);
  assert.equal(moved(3, change(3, 20, 3, 20, '\n')), 3);
});

test('Enter in the space before a statement pushes it too', () => {
  const before = 'upper {\r\n  minimize x\r\n}\r\n';
  const enter = (character: number): number =>
    moveLine(1, lineEdit(change(1, character, 1, character, '\n  '), before));
  assert.deepEqual([0, 1, 2, 3, 12].map(enter), [2, 2, 2, 1, 1]);
});

test('a line inside what is replaced goes to where the replacement begins', () => {
  assert.equal(moved(3, change(2, 1, 5, 0, 'a')), 2);
});

test('the whole text replaced: lines that stay are found again', () => {
  const before = 'a\nb\nc\nd\n';
  const whole = (text: string): number[] =>
    [0, 1, 2, 3].map((line) => moveLine(line, lineEdit({ text }, before)));
  assert.deepEqual(whole('new\na\nb\nc\nd\n'), [1, 2, 3, 4]);
  assert.deepEqual(whole('a\nb\nc and more\nd\n'), [0, 1, 2, 3]);
  assert.deepEqual(whole('a\nd\n'), [0, 1, 1, 1]);
  assert.deepEqual(whole(before), [0, 1, 2, 3]);
});

test('random edits of other lines: the line stays with its text', () => {
  const random = seeded(7);
  for (let round = 0; round < 400; round++) {
    const lines = Array.from({ length: 12 }, (_, k) => (k === 6 ? 'the line' : `other ${k}`));
    let document = TextDocument.create('file:///a', 'bilevel', 0, lines.join('\n'));
    let tracked = 6;
    for (let step = 0; step < 6; step++) {
      const now = document.getText().split('\n');
      const at = now.indexOf('the line');
      const above = random() < 0.5;
      // Whole lines on one side of the tracked one, which keeps its text.
      const low = above ? 0 : at + 1;
      const high = above ? at : now.length;
      if (high <= low) continue;
      const first = low + integerBelow(random, high - low);
      const last = first + integerBelow(random, high - first);
      const text = Array.from({ length: integerBelow(random, 4) }, () => 'new\n').join('');
      const edit = change(first, 0, last, 0, text);
      tracked = moveLine(tracked, lineEdit(edit, document.getText()));
      document = TextDocument.update(document, [edit], step + 1);
    }
    assert.equal(document.getText().split('\n')[tracked], 'the line', `round ${round}`);
  }
});
