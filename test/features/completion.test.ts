/** Completion by context: what is offered, in which order, and what it inserts. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CompletionItem } from 'vscode-languageserver';
import { completionsOf } from '../../server/src/features/completion.ts';
import { openFixture, ridge } from './support.ts';

function items(marked: string, folder?: string): readonly CompletionItem[] {
  const { snapshot, position } = openFixture(marked);
  return completionsOf(snapshot, position, { snippets: true, folder })?.items ?? [];
}

function labels(marked: string, folder?: string): readonly string[] {
  return items(marked, folder).map(({ label }) => label);
}

const solve = (body: string): string => `${ridge}\nsolve {\n  ${body}\n}\n`;

test('at the top level: blocks that are missing', () => {
  assert.deepEqual(labels('<|>'), ['problem', 'data', 'upper', 'lower', 'solve', 'expect', 'let']);
  assert.deepEqual(labels(`${ridge}\nso<|>`), ['data', 'solve', 'expect', 'let']);
});

test('at the beginning of a statement: what the block takes', () => {
  assert.deepEqual(labels('data {\n  <|>\n}'), ['let']);
  assert.deepEqual(labels('upper {\n  x : scalar = 0\n  mi<|>\n}'), ['minimize', 'maximize', 'let']);
  assert.deepEqual(labels('lower {\n  x : vector[3] = 0\n  mi<|>'), ['minimize', 'let']);
  assert.deepEqual(labels('lower {\n  x : vector[3] = 0\n  minimize sumsq(x)\n  <|>\n}'), ['let']);
});

test('after the colon: types; labels are data', () => {
  assert.deepEqual(labels('data {\n  X : <|>'), ['scalar', 'vector', 'matrix', 'tensor', 'labels']);
  assert.deepEqual(labels('upper {\n  X : ma<|>'), ['scalar', 'vector', 'matrix', 'tensor']);
});

test('in the brackets of a type: dimensions', () => {
  assert.deepEqual(labels(ridge.replace('theta : vector[d]', 'theta : vector[<|>]')), ['n', 'd']);
});

test('after `in`: sets', () => {
  assert.deepEqual(labels(ridge.replace('in [-3, 2]', 'in <|>')), [
    '[lo, hi]',
    'nonneg',
    'simplex',
    'ball(r)',
    'spectral_ball(r)',
    'rows(set)',
  ]);
  assert.ok(labels(ridge.replace('in [-3, 2]', 'in nonneg & <|>')).includes('ball(r)'));
  assert.ok(labels(ridge.replace('in [-3, 2]', 'in rows(<|>)')).includes('simplex'));
});

test('in an objective: the names with their shapes first, then functions with signatures', () => {
  const offered = items(ridge.replace('sum(exp', 'sum(ex<|>p'));
  const names = offered.slice(0, 6).map(({ label, detail }) => `${label}: ${detail ?? ''}`);
  assert.deepEqual(names, [
    'X: matrix[n, d], data',
    'n: dimension = 4',
    'd: dimension = 3',
    'y: vector[n], data',
    'theta: vector[d], upper unknown',
    'w: vector[d], lower unknown',
  ]);
  const smooth = offered.find(({ label }) => label === 'smooth_abs');
  assert.match(smooth?.detail ?? '', /smooth_abs\(t : any shape, width/u);
  assert.deepEqual(smooth?.textEdit, {
    range: { start: { line: 14, character: 38 }, end: { line: 14, character: 41 } },
    newText: 'smooth_abs($1, $2)',
  });
  assert.ok(!offered.some(({ label }) => label === 'standardize'), 'a function of data is not offered');
  assert.ok(!offered.some(({ label }) => label === 'csv'), 'a source is not offered');
});

test('in data: sources, their options once each, no unknowns', () => {
  const source = labels(ridge.replace('npy("y.npy")', '<|>'));
  for (const name of ['X', 'csv', 'npy', 'idx', 'standardize', 'normal'])
    assert.ok(source.includes(name), name);
  for (const name of ['theta', 'w', 'npz']) assert.ok(!source.includes(name), name);
  const options = labels(ridge.replace('npy("y.npy")', 'csv("y.csv", rows = 1..3, <|>)'));
  assert.deepEqual(options.slice(0, 4), ['columns', 'except', 'shuffle', 'skip']);
});

test('in solve: entries that are missing, methods of the axis, options that are missing', () => {
  assert.deepEqual(labels(solve('lower = fista()\n  <|>')), [
    'hypergradient',
    'upper',
    'budget',
    'warm_start',
  ]);
  assert.deepEqual(labels(solve('lower = <|>')), [
    'gradient_descent',
    'heavy_ball',
    'fista',
    'conjugate_gradient',
  ]);
  assert.deepEqual(labels(solve('hypergradient = implicit(<|>)')), ['cg', 'gradient_descent', 'heavy_ball']);
  assert.deepEqual(labels(solve('hypergradient = implicit(cg(tolerance = 1, <|>))')), [
    'relative',
    'iterations',
  ]);
  assert.deepEqual(labels(solve('lower = heavy_ball(<|>)')), [
    'tolerance',
    'relative',
    'iterations',
    'L',
    'mu',
  ]);
  assert.deepEqual(labels(solve('warm_start = <|>')), ['true', 'false']);
  assert.deepEqual(labels(solve('budget = <|>')), []);
});

test('in expect: results', () => {
  const offered = labels(`${ridge}\nexpect {\n  <|>\n}`);
  assert.ok(offered.includes('upper_objective') && offered.includes('estimated'));
  assert.ok(!labels(`${ridge}\nexpect {\n  estimated(<|>\n}`).includes('estimated'));
  assert.deepEqual(labels(`${ridge}\nexpect {\n  upper_objective <= <|>\n}`), []);
});

test('nothing in comments, nor where a new name is made', () => {
  assert.deepEqual(labels(`${ridge}# ab<|>`), []);
  assert.deepEqual(labels(`${ridge}let na<|>`), []);
});

test('in a path: files of the kind first, folders, then the rest; the whole string is replaced', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-completion-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'table.csv'), 'age,income,"a b"\n1,2,3\n');
  writeFileSync(join(folder, 'notes.md'), '');
  writeFileSync(join(folder, 'more', 'deep.csv'), '1\n');
  const data = (source: string): string => `data {\n  X : matrix[n, d] = ${source}\n}\n`;
  assert.deepEqual(labels(data('csv("<|>")'), folder), ['table.csv', 'more/', 'notes.md']);
  assert.deepEqual(labels(data('csv("more/<|>")'), folder), ['more/deep.csv']);
  assert.deepEqual(labels(data('csv("table.csv", columns = "<|>")'), folder), ['age', 'income', 'a b']);
  assert.deepEqual(labels(data('csv("table.csv", columns = ["age", "in<|>'), folder), [
    'age',
    'income',
    'a b',
  ]);
  assert.deepEqual(labels(data('csv("<|>")')), [], 'no file is looked at where it may not be');
  const [first] = items(data('csv("ta<|>ble")'), folder);
  assert.deepEqual(first?.textEdit, {
    range: { start: { line: 1, character: 26 }, end: { line: 1, character: 31 } },
    newText: 'table.csv',
  });
});

test('a client without snippets gets plain text', () => {
  const { snapshot, position } = openFixture('<|>');
  const offered = completionsOf(snapshot, position, { snippets: false, folder: undefined })?.items ?? [];
  assert.ok(offered.length > 0);
  for (const { textEdit } of offered) assert.doesNotMatch(textEdit?.newText ?? '', /\$/u);
});
