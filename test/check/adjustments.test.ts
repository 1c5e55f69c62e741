/** Settings from outside: options over those of the file, starts and lets by name, worded mistakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';
import { applyAdjustments } from '../../server/src/check/blocks/adjustments.ts';
import { checkText, problemText } from './support.ts';
import { testFiles } from './files.ts';

test('a whole method with its options, as the file would have it', () => {
  const before = {
    ...defaultSolveOptions,
    lower: { method: 'heavy_ball', tolerance: 1, mu: 2 } as const,
  };
  const { options, problems } = applyAdjustments(before, {
    lower: ' gradient_descent( tolerance = 1e-3, L=4 ) ',
    hypergradient: 'implicit(cg(tolerance = 1e-8, iterations = 7))',
    upper: 'projected_gradient()',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(options.lower, { method: 'gradient_descent', tolerance: 1e-3, L: 4 });
  assert.deepEqual(options.hypergradient, {
    method: 'implicit',
    linear: { method: 'cg', tolerance: 1e-8, iterations: 7 },
  });
  assert.deepEqual(options.upper, { method: 'projected_gradient' });
  const inside = applyAdjustments(defaultSolveOptions, {
    'hypergradient.linear': 'heavy_ball(tolerance = 2)',
  });
  assert.deepEqual(inside.options.hypergradient.linear, { method: 'heavy_ball', tolerance: 2 });
  const named = applyAdjustments(defaultSolveOptions, { hypergradient: 'implicit(linear = cg)' });
  assert.deepEqual(named.options.hypergradient, { method: 'implicit', linear: { method: 'cg' } });
});

test('options of the file are arithmetic over what is known before the data', () => {
  const { problem } = checkText(`
let c = 2
let half(a) = a / 2
upper { t : scalar = 0
        minimize sumsq(x - 1) }
lower { x : vector[n] = 0
        minimize sumsq(x - t) }
let n = 3
solve { lower = gradient_descent(mu = half(exp(-log(c))), L = c * sqrt(n) + abs(-1), iterations = 2 * n) }
`);
  const { lower } = problem?.options ?? defaultSolveOptions;
  assert.deepEqual(
    { ...lower },
    { method: 'gradient_descent', mu: Math.exp(-Math.log(2)) / 2, L: 2 * Math.sqrt(3) + 1, iterations: 6 },
  );
});

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
  ['lower', 'fista(0.1)', /`0\.1` wants a name, as in `tolerance = 1e-6`/],
  ['lower', 'fista(tolerance = 1, tolerance = 2)', /`tolerance` is given twice/],
  ['lower', 'fista(tolerance = small)', /`lower\.tolerance` must be a number/],
  ['lower', 'fista(step = 1)', /fista has no option `step`/],
  ['lower', 'fistas(tolerance = 1)', /no lower method `fistas`; did you mean `fista`/],
  ['lower', 'fista(tolerance = 1', /no lower method/],
  ['hypergradient', 'implicit(cg, heavy_ball)', /`linear` is given twice/],
  ['hypergradient', 'implicit(cgg)', /no linear method `cgg`/],
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
