/** Completion by context: what is offered, in which order, and what it inserts. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CompletionItem, MarkupContent } from 'vscode-languageserver';
import { completionsOf, resolvedCompletion } from '../../server/src/features/completion/completion.ts';
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
  assert.deepEqual(labels('<|>').slice(0, 8), [
    'problem',
    'data',
    'upper',
    'lower',
    'solve',
    'expect',
    'report',
    'let',
  ]);
  assert.deepEqual(labels(`${ridge}\nso<|>`), ['data', 'solve', 'expect', 'report', 'let']);
  // Read as `solve` already, and still being typed.
  assert.deepEqual(labels(`${ridge}\nsolv<|>`), ['data', 'solve', 'expect', 'report', 'let']);
});

test('at the beginning of a statement: what the block takes', () => {
  assert.deepEqual(labels('data {\n  <|>\n}'), ['let']);
  assert.deepEqual(labels('upper {\n  x : scalar = 0\n  mi<|>\n}'), ['minimize', 'maximize', 'let']);
  assert.deepEqual(labels('lower {\n  x : vector[3] = 0\n  mi<|>'), [
    'minimize',
    'maximize',
    'fixed_point',
    'let',
  ]);
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
    'symmetric',
    'psd',
    'rows(set)',
  ]);
  assert.ok(labels(ridge.replace('in [-3, 2]', 'in nonneg & <|>')).includes('ball(r)'));
  assert.ok(labels(ridge.replace('in [-3, 2]', 'in rows(<|>)')).includes('simplex'));
});

test('in an objective: the names with their shapes first, then functions with signatures', () => {
  const offered = items(ridge.replace('sum(exp', 'sum(ex<|>p'));
  const names = offered.slice(0, 4).map(({ label, detail }) => `${label}: ${detail ?? ''}`);
  assert.deepEqual(names, [
    'X: matrix[n, d], data',
    'theta: vector[d], upper unknown',
    'w: vector[d], lower unknown',
    // The function that makes a number of anything fits; `y`, which has n entries against d, comes late.
    'sum: sum(x : any shape, axis = k) : scalar, or the shape without axis k',
  ]);
  const order = offered.map(({ label }) => label);
  assert.ok(order.indexOf('y') > order.indexOf('mean'));
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
  for (const name of ['X', 'csv', 'npz', 'idx', 'image', 'standardize', 'normal'])
    assert.ok(source.includes(name), name);
  for (const name of ['theta', 'w']) assert.ok(!source.includes(name), name);
  const options = labels(ridge.replace('npy("y.npy")', 'csv("y.csv", rows = 1..3, <|>)'));
  assert.deepEqual(options.slice(0, 4), ['columns', 'except', 'shuffle', 'skip']);
});

test('in solve: entries that are missing, methods of the axis, options that are missing', () => {
  assert.deepEqual(labels(solve('lower = fista()\n  <|>')), [
    'hypergradient',
    'upper',
    'budget',
    'warm_start',
    'sample',
  ]);
  assert.deepEqual(labels(solve('sample <|>')), ['n', 'd']);
  assert.deepEqual(labels(solve('lower = <|>')), [
    'gradient_descent',
    'heavy_ball',
    'fista',
    'conjugate_gradient',
  ]);
  assert.deepEqual(labels(solve('hypergradient = implicit(<|>)')).slice(0, 3), [
    'cg',
    'gradient_descent',
    'heavy_ball',
  ]);
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
  const compared = labels(`${ridge}\nexpect {\n  upper_objective <= 2 * <|>\n}`);
  assert.ok(compared.includes('hypergradient_norm') && compared.includes('n'), 'results and numbers');
  assert.deepEqual(labels(`${ridge}\nexpect {\n  upper_objective <|>\n}`), []);
  const report = 'report {\n  size = norm2(w)\n}\n';
  assert.ok(labels(`${ridge}\n${report}expect {\n  <|>\n}`).includes('size'), 'reported values are offered');
  const values = labels(`${ridge}\nreport {\n  test = <|>\n}`);
  assert.ok(
    ['upper_objective', 'w', 'norm2'].every((name) => values.includes(name)),
    values.join(' '),
  );
});

test('what fits by its shape comes first, up to the statement', () => {
  const first = (before: string, after: string, count: number): readonly string[] =>
    labels(ridge.replace(before, after)).slice(0, count);
  // After X only what has d rows, or is a number.
  assert.deepEqual(first('minimize sumsq(X * w - y) / n +', 'minimize sumsq(X * <|> - y) / n +', 2), [
    'theta',
    'w',
  ]);
  assert.deepEqual(first('minimize sumsq(X * w - y) / n +', 'minimize sumsq(X * w - <|>) / n +', 1), ['y']);
  // An objective is a number.
  const objective = labels(ridge.replace('minimize sumsq(X * w - y) / n +', 'minimize <|> +'));
  assert.deepEqual(objective.slice(0, 2), ['sum', 'mean']);
  assert.ok(objective.indexOf('sumsq') < objective.indexOf('w') && objective.indexOf('w') > 0);
  assert.ok(objective.indexOf('sumsq') < objective.indexOf('tanh'));
  // A start has the shape of its unknown.
  const start = labels(ridge.replace('w : vector[d] = 0', 'w : vector[d] = <|>'));
  assert.ok(start.indexOf('X') > start.indexOf('zeros'), start.join(' '));
  // Half typed, with nothing closed behind it.
  const broken = labels(`${ridge.slice(0, ridge.indexOf('w - y) / n + sum'))}<|>`);
  assert.deepEqual(broken.slice(0, 2), ['theta', 'w']);
});

test('labels where labels are wanted, and nowhere else first', () => {
  const text = ridge
    .replace('y : vector[n] = npy("y.npy")', 'y : labels[n, 2] = npy("y.npy")')
    .replace('w : vector[d] = 0', 'w : matrix[d, 2] = 0')
    .replaceAll('sumsq(X * w - y)', 'sum(cross_entropy(X * w, y))');
  const offered = labels(
    text.replace('sum(cross_entropy(X * w, y)) / n\n', 'sum(cross_entropy(X * w, <|>)) / n\n'),
  );
  assert.equal(offered[0], 'y');
});

test('only methods that suit the lower level', () => {
  const fixedPoint = 'lower {\n  z : vector[2]\n  fixed_point z = 0.5 * z\n}\nsolve {\n  lower = <|>\n}';
  assert.ok(labels(fixedPoint).includes('anderson'));
  assert.ok(!labels(fixedPoint).includes('fista'));
});

test('many problems and sums over an index: `each`, and sizes after `in`', () => {
  assert.deepEqual(labels(`${ridge.slice(0, ridge.indexOf('lower'))}lower <|>`), ['each']);
  assert.deepEqual(labels(ridge.replace('lower {', 'lower each i in <|> {')), ['n', 'd']);
  assert.deepEqual(labels(ridge.replace('sumsq(X * w - y) / n +', 'sum(i in <|>, y[i]) +')), ['n', 'd']);
});

test('a fixed point has the shape of its unknown', () => {
  const text =
    'upper {\n  A : matrix[3, 3] = 0\n  v : vector[2] = 0\n  minimize sumsq(z)\n}\nlower {\n  z : matrix[4, 3]\n  fixed_point z = tanh(z * <|>)\n}\n';
  assert.equal(labels(text)[0], 'A');
});

test('documentation comes when it is asked for', () => {
  const { snapshot, position } = openFixture(ridge.replace('sum(exp', 'sum(ex<|>p'));
  const settings = {
    snippets: true,
    folder: undefined,
    markdown: { drawsFormulas: false, opensReference: false },
  };
  const list = completionsOf(snapshot, position, settings)?.items ?? [];
  const item = list.find(({ label }) => label === 'softplus');
  assert.ok(item !== undefined && item.documentation === undefined);
  const resolved = resolvedCompletion(snapshot, item, settings);
  assert.match((resolved.documentation as MarkupContent).value, /ln\(1 \+ eᵗ\)/u);
  const name = list.find(({ label }) => label === 'theta');
  assert.ok(name !== undefined);
  assert.match((resolvedCompletion(snapshot, name, settings).documentation as MarkupContent).value, /θ ∈/u);
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

test('arrays of a file of several, with their shapes; channels of images', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-completion-'));
  t.after(() => rmSync(folder, { recursive: true }));
  copyFileSync(
    join(import.meta.dirname, '..', 'data', 'scipy-files', 'several.npz'),
    join(folder, 'two.npz'),
  );
  const data = (source: string): string => `data {\n  X : matrix[n, d] = ${source}\n}\n`;
  const offered = items(data('npz("two.npz", array = "<|>")'), folder);
  assert.deepEqual(
    offered.map(({ label, detail }) => `${label}: ${detail ?? ''}`),
    // Texts cannot be read: they come last.
    ['X: 3 × 2', 'y: 3', 'F: 2 × 3', 'big: 3', 'names: an array'],
  );
  assert.deepEqual(labels(data('npz("<|>")'), folder), ['two.npz']);
  assert.deepEqual(labels(data('image("a.png", channels = "<|>")'), folder), ['grey', 'rgb', 'rgba']);
  assert.ok(labels(data('npz("two.npz", <|>)'), folder).includes('array'));
});

test('a client without snippets gets plain text', () => {
  const { snapshot, position } = openFixture('<|>');
  const offered = completionsOf(snapshot, position, { snippets: false, folder: undefined })?.items ?? [];
  assert.ok(offered.length > 0);
  for (const { textEdit } of offered) assert.doesNotMatch(textEdit?.newText ?? '', /\$/u);
});

test("a function of the file is offered in the place of the language's, an array beside it", () => {
  const exps = (marked: string): string[] =>
    items(marked).flatMap(({ label, detail = '' }) => (label === 'exp' ? [detail] : []));
  const at = ridge.replace('minimize sumsq(X * w - y) / n\n', 'minimize <|>\n');
  assert.equal(exps(at).length, 1);
  assert.deepEqual(exps(`let exp(a) = a .^ 2\n${at}`), ['let']);
  assert.equal(exps(at.replaceAll('theta', 'exp')).length, 2);
});
