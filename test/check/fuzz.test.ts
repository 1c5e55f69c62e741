/**
 * Any text: mutated samples and wrong files never make the checker throw, every diagnostic lies in
 * the text, and the same text gives the same answer. A file half typed, at every length, too.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded, integerBelow } from '../support/seeded.ts';
import type { Seeded } from '../support/seeded.ts';
import { readCorpus } from './corpus.ts';
import { checkText, sampleNames, sampleText } from './support.ts';

const texts = [...sampleNames.map(sampleText), ...readCorpus().map(({ marked }) => marked)];

/** Pieces that make trees the grammar allows and the checker must refuse with words. */
const pieces = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '=',
  '+',
  "'",
  '.^',
  '^',
  '*',
  './',
  '&',
  '..',
  ':',
  '0',
  '-1',
  '1e400',
  'x',
  'A',
  'n',
  'let q = ',
  'let f(u) = f(u) ',
  'in [1, ',
  'sum(',
  'cross_entropy(',
  'reshape(A, ',
  'x[',
  'x[1..n, :]',
  'concat()',
  'smooth_abs(x, x)',
  'power(x, 2)',
  'normal(0)',
  '"',
  'minimize ',
  'fixed_point x = ',
  'lower each i in n {',
  'labels[n]',
  'vector[0 * n]',
  'vector[n - 9]',
  'eye(1, 2)',
  'standardize(A)',
  'implicit(implicit())',
  'estimated()',
];

function mutate(text: string, random: Seeded): string {
  let mutated = text;
  for (let step = 0; step <= integerBelow(random, 4); step++) {
    const at = integerBelow(random, mutated.length + 1);
    const end = Math.min(mutated.length, at + integerBelow(random, 12));
    const kind = random();
    const from = integerBelow(random, mutated.length + 1);
    const insert =
      kind < 0.3
        ? ''
        : kind < 0.7
          ? (pieces[integerBelow(random, pieces.length)] ?? '')
          : mutated.slice(from, from + integerBelow(random, 40));
    mutated = mutated.slice(0, at) + insert + mutated.slice(random() < 0.5 ? at : end);
  }
  return mutated;
}

function tryText(text: string): number {
  const { diagnostics, problem } = checkText(text);
  for (const { span, message } of diagnostics) {
    assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, message);
    assert.ok(!/undefined|\[object /.test(message), message);
  }
  assert.equal(problem === undefined || !diagnostics.some(({ severity }) => severity === 'error'), true);
  return diagnostics.length;
}

test('mutated files never throw', () => {
  const random = seeded(2026);
  let found = 0;
  for (let repeat = 0; repeat < 3000; repeat++) {
    const text = texts[integerBelow(random, texts.length)] ?? '';
    const mutated = mutate(text, random);
    try {
      found += tryText(mutated);
    } catch (thrown) {
      assert.fail(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}
on
${mutated}`);
    }
  }
  assert.ok(found > 3000);
});

test('every beginning of a sample is checked', () => {
  for (const name of sampleNames) {
    const text = sampleText(name);
    for (let length = 0; length <= text.length; length += 3) tryText(text.slice(0, length));
  }
});

test('the same text gives the same diagnostics', () => {
  const random = seeded(7);
  for (let repeat = 0; repeat < 100; repeat++) {
    const mutated = mutate(texts[integerBelow(random, texts.length)] ?? '', random);
    assert.deepEqual(checkText(mutated).diagnostics, checkText(mutated).diagnostics);
  }
});
