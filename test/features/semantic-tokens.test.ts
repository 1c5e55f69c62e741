/** Colours by meaning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  SemanticTokensHistory,
  semanticTokensLegend,
  semanticTokensOf,
} from '../../server/src/features/semantic-tokens.ts';
import { RandomProgram } from '../support/random-program.ts';
import { ridge, snapshotOf } from './support.ts';

function tokens(text: string): { line: number; text: string; type: string; modifiers: string[] }[] {
  return decoded(semanticTokensOf(snapshotOf(text)).data, text);
}

function decoded(
  data: readonly number[],
  text: string,
): { line: number; text: string; type: string; modifiers: string[] }[] {
  const lines = text.split(/\r\n|\r|\n/u);
  const found = [];
  let line = 0;
  let character = 0;
  for (let i = 0; i < data.length; i += 5) {
    const [down = 0, across = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5);
    line += down;
    character = down === 0 ? character + across : across;
    found.push({
      line,
      text: lines[line]?.slice(character, character + length) ?? '',
      type: semanticTokensLegend.tokenTypes[type] ?? '',
      modifiers: semanticTokensLegend.tokenModifiers.filter((_, bit) => (bits & (1 << bit)) !== 0),
    });
  }
  return found;
}

test('each kind of name has its type', () => {
  const text = `${ridge}solve {\n  lower = fista(tolerance = 0.1)\n  budget = 10 # products\n}\nlet c = 2\nlet f(a) = a + c\n`;
  const all = tokens(text);
  const typeOf = (name: string, line?: number): string => {
    const found = all.find((token) => token.text === name && (line === undefined || token.line === line));
    return [found?.type ?? 'none', ...(found?.modifiers ?? [])].join(' ');
  };
  assert.equal(typeOf('problem'), 'keyword');
  assert.equal(typeOf('"Ridge"'), 'string');
  assert.equal(typeOf('X', 3), 'variable declaration readonly data');
  assert.equal(typeOf('X', 9), 'variable readonly data');
  assert.equal(typeOf('matrix'), 'type defaultLibrary');
  assert.equal(typeOf('n', 3), 'typeParameter declaration');
  assert.equal(typeOf('n', 9), 'typeParameter');
  assert.equal(typeOf('npy'), 'function defaultLibrary');
  assert.equal(typeOf('theta', 8), 'parameter declaration upper');
  assert.equal(typeOf('w', 9), 'variable lower');
  assert.equal(typeOf('sumsq'), 'function defaultLibrary');
  assert.equal(typeOf('.*'), 'operator');
  assert.equal(typeOf('lower', 17), 'property');
  assert.equal(typeOf('fista'), 'enumMember');
  assert.equal(typeOf('tolerance'), 'property');
  assert.equal(typeOf('0.1'), 'number');
  assert.equal(typeOf('# products'), 'comment');
  assert.equal(typeOf('c', 20), 'property declaration readonly');
  assert.equal(typeOf('f'), 'function declaration');
  assert.equal(typeOf('a', 21), 'parameter declaration');
});

test('tokens are in order and inside their lines, whatever the text', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new RandomProgram(seed);
    const text = random.edited(random.program());
    for (const token of tokens(text)) {
      assert.notEqual(token.text, '', `seed ${seed}`);
      assert.notEqual(token.type, '', `seed ${seed}`);
    }
    for (const value of semanticTokensOf(snapshotOf(text)).data) assert.ok(value >= 0, `seed ${seed}`);
  }
});

test('after an edit only the difference travels, and makes the whole', () => {
  const history = new SemanticTokensHistory();
  let told = history.full(snapshotOf(ridge));
  for (const text of [
    ridge.replace('= 0\n', '= 12\n'),
    ridge.replace('upper {', '# new\nupper {'),
    ridge,
    '',
    ridge.replace('theta', 'θ'),
  ]) {
    const answer = history.delta(snapshotOf(text), told.resultId ?? '');
    assert.ok('edits' in answer, 'the client is up to date');
    const data = [...told.data];
    for (const { start, deleteCount, data: put = [] } of answer.edits)
      data.splice(start, deleteCount, ...put);
    assert.deepEqual(data, semanticTokensOf(snapshotOf(text)).data);
    told = { resultId: answer.resultId ?? '', data };
  }
  assert.ok('data' in history.delta(snapshotOf(ridge), 'of another time'));
});

test('of a range only what touches it', () => {
  const range = { start: { line: 7, character: 0 }, end: { line: 8, character: 200 } };
  const lines = new Set(
    decoded(semanticTokensOf(snapshotOf(ridge), range).data, ridge).map(({ line }) => line),
  );
  assert.deepEqual([...lines], [7, 8]);
});

test('an array called as a function is has its own colour, and the function its', () => {
  const text = ridge.replaceAll('theta', 'exp');
  const found = tokens(text).filter((token) => token.text === 'exp');
  assert.deepEqual(
    found.map(({ type, modifiers }) => [type, ...modifiers].join(' ')),
    ['parameter declaration upper', 'function defaultLibrary', 'parameter upper'],
  );
});
