/** The catalogue of methods agrees with itself and with the options of a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  expectableQuantities,
  methodCatalogue,
  solveSettings,
} from '../../server/src/base/method-catalogue.ts';
import { defaultSolveOptions } from '../../server/src/base/solve-options.ts';

test('a method is named once on its axis, an option once in its method, everything is explained', () => {
  const names = methodCatalogue.map(({ axis, name }) => `${axis} ${name}`);
  assert.equal(new Set(names).size, names.length);
  for (const { name, summary, reference, options } of methodCatalogue) {
    assert.ok(summary.length > 5 && reference.length > 5, name);
    assert.equal(new Set(options.map((option) => option.name)).size, options.length);
    for (const option of options)
      assert.ok(option.summary.length > 5 && option.default.length > 0, option.name);
  }
  assert.ok(expectableQuantities.every(({ summary }) => summary.length > 2));
});

test('the defaults are methods of the catalogue, and every setting has a default', () => {
  const known = (axis: string): readonly string[] =>
    methodCatalogue.filter((method) => method.axis === axis).map(({ name }) => name);
  const { lower, hypergradient, upper, budget, warmStart } = defaultSolveOptions;
  assert.ok([...known('lower'), 'automatic'].includes(lower.method));
  assert.ok(known('hypergradient').includes(hypergradient.method));
  assert.ok([...known('linear'), 'automatic'].includes(hypergradient.linear.method));
  assert.ok(known('upper').includes(upper.method));
  const defaults = Object.fromEntries(solveSettings.map((setting) => [setting.name, setting.default]));
  assert.equal(defaults['budget'], String(budget));
  assert.equal(defaults['warm_start'], String(warmStart));
});
