/** Every mutation of the samples gives the error that follows from it, at its place, and no other. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { LineIndex } from '../../server/src/base/span.ts';
import { fileEnvironment } from '../../server/src/runner/source-headers.ts';
import { diagnose } from './corpus.ts';
import { mutationsOf } from './mutations.ts';
import { sampleNames, sampleText } from './support.ts';

const samples = fileEnvironment(join(import.meta.dirname, '..', '..', 'samples'));
const mutations = sampleNames.flatMap((sample) =>
  mutationsOf(sampleText(sample)).map((mutation) => ({ sample, ...mutation })),
);
const byOperator = Map.groupBy(mutations, ({ operator }) => operator);

for (const [operator, made] of byOperator) {
  test(`${operator}: ${made.length} files`, () => {
    for (const { sample, text, code, at } of made) {
      const index = new LineIndex(text);
      const errors = diagnose(text, samples).filter(({ severity }) => severity === 'error');
      const found = errors.map(({ code: each, span }) => {
        const place = 'line' in at ? `line ${index.at(span.start).line}` : `${span.start}..${span.end}`;
        return `${each} at ${place}`;
      });
      const place = 'line' in at ? `line ${at.line}` : `${at.start}..${at.end}`;
      const said = errors.map(({ message }) => message).join('; ');
      assert.deepEqual(found, [`${code} at ${place}`], `${sample}, ${operator}: ${said}\n${text}`);
    }
  });
}

test('there are many mutations of many kinds', () => {
  assert.ok(mutations.length >= 200, `${mutations.length}`);
  assert.ok(byOperator.size >= 25, `${byOperator.size}`);
});
