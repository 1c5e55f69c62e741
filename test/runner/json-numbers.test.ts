/** Numbers and bounds as the solver process sends them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonBound, jsonNumber } from '../../server/src/runner/json-numbers.ts';

test('what is not finite is sent as a word', () => {
  assert.deepEqual([0.5, NaN, Infinity, -Infinity].map(jsonNumber), [0.5, 'NaN', 'Infinity', '-Infinity']);
});

test('a bound that is not a number is no certified one', () => {
  assert.deepEqual(jsonBound({ value: NaN, kind: 'certified' }), { bound: 'Infinity', kind: 'estimated' });
  assert.deepEqual(jsonBound({ value: 1e-9, kind: 'probabilistic', failureProbability: 1e-12 }), {
    bound: 1e-9,
    kind: 'probabilistic',
    failureProbability: 1e-12,
  });
  assert.deepEqual(jsonBound({ value: Infinity, kind: 'certified' }), {
    bound: 'Infinity',
    kind: 'certified',
  });
});
