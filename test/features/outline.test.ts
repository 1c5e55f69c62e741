/** The outline of whole and of broken files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentSymbol, Range } from 'vscode-languageserver';
import { outlineOf } from '../../server/src/features/outline.ts';
import { RandomProgram } from '../support/random-program.ts';
import { ridge, snapshotOf } from './support.ts';

function shown(text: string): string[] {
  const lines: string[] = [];
  const visit = ({ name, detail, children }: DocumentSymbol, depth: number): void => {
    lines.push(`${'  '.repeat(depth)}${name}${detail === undefined ? '' : ` ${detail}`}`);
    for (const child of children ?? []) visit(child, depth + 1);
  };
  for (const symbol of outlineOf(snapshotOf(text))) visit(symbol, 0);
  return lines;
}

test('every declaration, objective and entry in the order of the text', () => {
  const more = `${ridge}solve {\n  budget = 10\n}\nexpect {\n  upper_objective <= 1\n}\nlet f(a) = a\n`;
  assert.deepEqual(shown(more), [
    'Ridge problem',
    'data',
    '  X matrix[n, d]',
    '  y vector[n]',
    'upper',
    '  theta vector[d]',
    '  minimize sumsq(X * w - y) / n',
    'lower',
    '  w vector[d]',
    '  minimize sumsq(X * w - y) / n + sum(exp(theta) .* w .^ 2)',
    'solve',
    '  budget 10',
    'expect',
    '  upper_objective <= 1',
    'f (a)',
  ]);
});

test('a half-typed file keeps what could be read', () => {
  const text = ridge.replace('theta : vector[d] in [-3, 2] = 0', 'theta :').replace('lower {', 'lower');
  const lines = shown(text);
  for (const line of ['  X matrix[n, d]', 'upper', '  theta', '  w vector[d]'])
    assert.ok(lines.includes(line), line);
});

test('names are never empty and every range contains its selection and its children', () => {
  const inside = (inner: Range, outer: Range): boolean =>
    !before(inner.start, outer.start) && !before(outer.end, inner.end);
  const before = (a: Range['start'], b: Range['start']): boolean =>
    a.line < b.line || (a.line === b.line && a.character < b.character);
  for (let seed = 0; seed < 200; seed++) {
    const random = new RandomProgram(seed);
    const check = ({ name, range, selectionRange, children }: DocumentSymbol): void => {
      assert.notEqual(name.trim(), '', `seed ${seed}`);
      assert.ok(inside(selectionRange, range), `seed ${seed}: the selection of ${name}`);
      for (const child of children ?? []) {
        assert.ok(inside(child.range, range), `seed ${seed}: ${child.name} in ${name}`);
        check(child);
      }
    };
    outlineOf(snapshotOf(random.edited(random.program()))).forEach(check);
  }
});
