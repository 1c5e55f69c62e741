/** Which arrays of more axes a declaration of fewer takes, and that a row is a vector in a checked file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeAsDeclared } from '../../server/src/check/blocks/data-shape.ts';
import type { Environment } from '../../server/src/check/environment.ts';
import { checked, checkText, problemText } from './support.ts';
import { testFiles } from './files.ts';

const cases: readonly [shape: number[], rank: number, result: number[]][] = [
  [[16, 1], 1, [16]],
  [[1, 16], 1, [16]],
  [[1, 1], 1, [1]],
  [[1, 1], 0, []],
  [[1], 0, []],
  [[2, 16], 1, [2, 16]],
  [[1, 16], 2, [1, 16]],
  [[16], 1, [16]],
  [[16, 1], 0, [16, 1]],
  [[1, 4, 1], 1, [4]],
  [[1, 4, 3], 2, [1, 4, 3]],
];
for (const [shape, rank, result] of cases) {
  test(`[${shape.join(', ')}] for ${rank} axes is [${result.join(', ')}]`, () => {
    assert.deepEqual(
      shapeAsDeclared(shape, rank, (length) => length === 1),
      result,
    );
  });
}

const rows: Environment = {
  header: (source) => (source.path === 'row.csv' ? { shape: [1, 5] } : testFiles.header(source)),
};

test('a file of one row is a vector of its columns', () => {
  const problem = checked(
    problemText({ data: 'r : vector[k] = csv("row.csv")', upperObjective: 'sumsq(A * x - b) + sum(r)' }),
    rows,
  );
  assert.equal(problem.dimensions.get('k')?.value, 5);
});

test('a size that no file gives is named with its article', () => {
  const { diagnostics } = checkText(problemText({ data: 'v : vector[m] = npy("a.npy")' }));
  const [found] = diagnostics.filter(({ code }) => code === 'declared-shape');
  assert.equal(found?.reason, 'm is the size that its data file gives');
});

test('a half-written file has no hints about unused names', () => {
  const unused = (text: string): number =>
    checkText(text).diagnostics.filter(({ code }) => code === 'unused-name').length;
  const whole = problemText({ lets: 'let spare = 3' });
  assert.equal(unused(whole), 1);
  assert.equal(unused(whole.replace('let spare = 3', 'let spare = 3 +')), 0);
  assert.equal(unused(whole.replace(/lower \{[^}]*\}/, '')), 0);
  assert.equal(unused(whole.replace(/upper \{[^}]*\}/, 'upper { t : vector[d] = 0 }')), 0);
});
