/** Settings from outside: options over those of the file, starts and lets by name, worded mistakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { applyAdjustments } from '../../server/src/check/adjustments.ts';
import { checkText, problemText } from './support.ts';
import { testFiles } from './files.ts';

test('options go to their places', () => {
  const { options, problems } = applyAdjustments(defaultSolveOptions, {
    lower: 'heavy_ball',
    'lower.tolerance': '0.1',
    'hypergradient.linear': 'heavy_ball',
    'hypergradient.linear.tolerance': '1e-10',
    'upper.step': '10',
    budget: '500',
    warm_start: 'false',
    seed: '3',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(options, {
    lower: { method: 'heavy_ball', tolerance: 0.1 },
    hypergradient: { method: 'implicit', linear: { method: 'heavy_ball', tolerance: 1e-10 } },
    upper: { method: 'projected_gradient', step: 10 },
    budget: 500,
    warmStart: false,
    seed: 3,
  });
});

test('another method keeps the tolerances, not the constants of the last', () => {
  const { options } = applyAdjustments(
    { ...defaultSolveOptions, lower: { method: 'heavy_ball', tolerance: 0.1, L: 3 } },
    { lower: 'conjugate_gradient' },
  );
  assert.deepEqual(options.lower, { method: 'conjugate_gradient', tolerance: 0.1 });
});

test('the defaults are not changed', () => {
  const before = JSON.stringify(defaultSolveOptions);
  applyAdjustments(defaultSolveOptions, { 'lower.tolerance': '1', 'hypergradient.linear.relative': '1' });
  assert.equal(JSON.stringify(defaultSolveOptions), before);
});

for (const [path, text, words] of [
  ['lowr.tolerance', '1', /no option `lowr.tolerance`; did you mean `lower`/],
  ['lower.tolerence', '1', /did you mean `tolerance`/],
  ['lower.tolerance', '-1', /must be a number of at least 0, not `-1`/],
  ['lower.tolerance', '', /must be a number/],
  ['lower.tolerance.deep', '1', /has no option/],
  ['lower.iterations', '1.5', /whole number/],
  ['lower', 'fisto', /no lower method `fisto`; did you mean `fista`/],
  ['upper.step', '0', /larger than 0/],
  ['warm_start', 'yes', /`true` or `false`/],
  ['budget', 'lots', /whole number/],
  ['hypergradient.tolerance', '1', /has no option `tolerance`; there are `linear`/],
] as const) {
  test(`${path}=${text} is a worded mistake and changes nothing`, () => {
    const { options, problems } = applyAdjustments(defaultSolveOptions, { [path]: text });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', words);
    assert.deepEqual(options, defaultSolveOptions);
  });
}

test('a start of an upper unknown and a let are set by name', () => {
  const text = problemText({ lets: 'let weight = 2', upperObjective: 'weight * sumsq(A * x - b)' });
  const settings = new Map([
    ['t', 0.5],
    ['weight', 9],
  ]);
  const { problem, facts } = checkText(text, { ...testFiles, settings });
  const start = problem?.upper.unknowns[0]?.start;
  assert.equal(start?.kind === 'number' ? start.value : undefined, 0.5);
  assert.equal(facts.names.find(({ name }) => name === 'weight')?.value, 9);
});

test('what cannot be set is refused with the near names', () => {
  for (const [name, words] of [
    ['tt', /`t`/],
    ['x', /`t`/],
    ['A', /`t`/],
  ] as const) {
    const { diagnostics } = checkText(problemText(), { ...testFiles, settings: new Map([[name, 1]]) });
    const found = diagnostics.find(({ code }) => code === 'adjustment');
    assert.match(found?.remedy ?? '', words);
  }
});
