/** Progress: thinned to twenty a second, each phase named from its beginning, in words with real quantities. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../../server/src/protocol/solver.ts';
import { thinOut } from '../../server/src/runner/progress-thinning.ts';
import { ProgressWords } from '../../server/src/runner/progress-words.ts';

test('at most twenty messages a second and one more for each phase; words are made only for those', () => {
  const posted: Progress[] = [];
  let time = 0;
  let described = 0;
  const report = thinOut(
    (progress) => posted.push(progress),
    () => time,
  );
  const phases = ['reading', 'lower', 'hypergradient', 'upper'] as const;
  for (; time < 10_000; time += 1) {
    report(phases[time % phases.length] ?? 'upper', () => {
      described++;
      return { text: `at ${time}` };
    });
  }
  assert.deepEqual(
    posted.slice(0, 4).map(({ phase }) => phase),
    phases,
  );
  assert.ok(posted.length <= 200 + phases.length && posted.length >= 190, `${posted.length} in ten seconds`);
  assert.equal(described, posted.length);
});

test('the words say where the whole run stands, in the sign of the author', () => {
  const words = new ProgressWords(-1);
  assert.equal(words.describe().text, 'starting');
  const counts = { upperStep: 0, spent: 10, budget: 1000 };
  words.note({ phase: 'lower', iteration: 7, lowerBound: 3.24e-4, ...counts });
  assert.equal(words.describe().text, 'step 0: first point; lower 7, ‖x − x*‖ ≤ 3.2e-4; 10 of 1000 products');
  words.note({
    phase: 'upper',
    iteration: 0,
    objective: -0.53124,
    hypergradientNorm: 2.1e-3,
    hypergradientBound: 4e-5,
    ...counts,
    upperStep: 1,
  });
  assert.equal(words.describe().text, 'step 1: F = 0.53124, ‖h‖ = 0.0021 ± 4.0e-5; 10 of 1000 products');
  words.note({ phase: 'hypergradient', iteration: 3, residual: 1e-6, ...counts, upperStep: 1, spent: 14 });
  assert.deepEqual(words.describe(), {
    text: 'step 1: F = 0.53124, ‖h‖ = 0.0021 ± 4.0e-5; linear 3, residual 1.0e-6; 14 of 1000 products',
    upperStep: 1,
    products: 14,
    budget: 1000,
    objective: 0.53124,
    hypergradientNorm: 2.1e-3,
    hypergradientBound: 4e-5,
    lowerBound: 3.24e-4,
  });
});
