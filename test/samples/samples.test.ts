/**
 * Every sample, and the first file of the README: it has no errors and no warnings, its layout is the formatter's,
 * it describes itself with its data, and the quick ones run and keep what they expect.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { check } from '../../server/src/check/check.ts';
import type { Answer } from '../../server/src/protocol/solver.ts';
import { answerRequest } from '../../server/src/runner/pipeline.ts';
import { fileEnvironment } from '../../server/src/runner/source-headers.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { format } from '../../server/src/syntax/print.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'samples');
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.bilevel'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
/** They take a few seconds each; the others take longer. */
const quick = new Set(
  ['multinomial', 'synthetic-logistic', 'denoising', 'signal-denoising', 'elastic-net'].map(
    (name) => `${name}.bilevel`,
  ),
);

function answer(text: string, kind: 'run' | 'describe', path: string): Answer {
  return answerRequest({ id: 1, kind, source: { text, path }, adjustments: {} }, () => {}, neverCancelled);
}

function checkRun(text: string, path: string): void {
  const ran = answer(text, 'run', path);
  assert.equal(ran.kind, 'finished', JSON.stringify(ran));
  const missed = (ran.result.expectations ?? []).filter(({ holds }) => !holds);
  assert.deepEqual(missed, []);
}

for (const { name, text } of samples) {
  test(`${name}: without errors and warnings, laid out, and describes itself`, () => {
    const { tree, diagnostics } = parse(text);
    const found = [...diagnostics, ...check(tree, fileEnvironment(folder)).diagnostics];
    assert.deepEqual(
      found.filter(({ severity }) => severity !== 'hint'),
      [],
    );
    const once = format(text);
    assert.equal(format(once), once);
    const described = answer(text, 'describe', join(folder, name));
    assert.equal(described.kind, 'described', JSON.stringify(described));
  });
}

for (const { name, text } of samples.filter((sample) => quick.has(sample.name))) {
  test(`${name}: keeps what it expects`, () => checkRun(text, join(folder, name)));
}

test("the README's first file converges with a certified hypergradient", () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const first = /```bilevel\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const more = `${first}\nexpect {\n  relative_hypergradient_error < 0.01\n  descent_certified == 1\n}\n`;
  checkRun(more, join(folder, 'data', 'first.bilevel'));
});

test('every sample is in the table of the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const { name } of samples) assert.ok(readme.includes(`(samples/${name})`), name);
});
