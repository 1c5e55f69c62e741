/** What the editor asks of the checker: names with their uses, types at a place, calls, sources. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatShape } from '../../server/src/base/dimension.ts';
import { expressionAt, nameAt } from '../../server/src/check/facts.ts';
import { readFixture } from '../support/markers.ts';
import { checkText, problemText } from './support.ts';

function at(marked: string) {
  const { text, cursor = 0 } = readFixture(marked);
  const { facts } = checkText(text);
  return { text, facts, cursor };
}

test('a name is found at its declaration and at each use', () => {
  const text = problemText({ lets: 'let r = A * x - b', upperObjective: 'sumsq(r) + sumsq(r)' });
  const { facts } = checkText(text);
  const name = facts.names.find((each) => each.name === 'r');
  assert.equal(name?.kind, 'let');
  assert.equal(name?.uses.length, 2);
  for (const span of [name?.declared, ...(name?.uses ?? [])]) {
    assert.equal(text.slice(span?.start, span?.end), 'r');
    assert.equal(nameAt(facts, span?.start ?? -1), name);
  }
});

test('a dimension is declared in the first type that names it', () => {
  const { facts, text } = at(problemText());
  const name = facts.names.find((each) => each.name === 'd');
  assert.equal(name?.kind, 'dimension');
  assert.equal(name?.value, 3);
  assert.equal(text.slice(name?.declared.start, name?.declared.end), 'd');
  assert.equal(name?.uses.length, 2);
});

test('the type under the cursor is that of the smallest expression', () => {
  const { facts, cursor } = at(problemText({ upperObjective: 'sumsq(A <|>* x - b)' }));
  const typed = expressionAt(facts, cursor);
  assert.equal(typed === undefined ? undefined : formatShape(typed.expression.shape), 'vector[n]');
});

test('calls and sources are listed with their places', () => {
  const { facts, text } = at(problemText());
  const calls = facts.calls.map(({ span }) => text.slice(span.start, span.end));
  assert.deepEqual([...new Set(calls)].toSorted(), ['exp', 'npy', 'sum', 'sumsq']);
  assert.deepEqual(
    facts.sources.map(({ source }) => source.path),
    ['a.npy', 'b.npy'],
  );
});

test('a file with mistakes still has its names and what could be typed', () => {
  const { facts, text } = at(problemText({ upperObjective: 'sumsq(A * x - ' }));
  assert.deepEqual(
    facts.names.filter(({ symbol }) => symbol !== undefined).map(({ name }) => name),
    ['A', 'b', 't', 'x'],
  );
  const typed = facts.expressions.map(({ span }) => text.slice(span.start, span.end));
  assert.ok(typed.includes('A * x'));
});
