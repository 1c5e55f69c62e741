/** Inlay hints: sizes, constants, chosen methods. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inlayHintsOf } from '../../server/src/features/inlay-hints.ts';
import type { Numbers } from '../../server/src/features/numbers.ts';
import { plain, ridge, snapshotOf, wholeFile } from './support.ts';

function hints(text: string, numbers?: Numbers, range = wholeFile): string[] {
  return inlayHintsOf(snapshotOf(text), range, numbers).map(
    ({ position, label }) => `${position.line}:${position.character} ${plain(label)}`,
  );
}

const numbers: Numbers = {
  dimensions: {},
  constants: {
    mu: { value: 0.0199, kind: 'certified', from: '1:1', formula: '' },
    L: { value: 11.1, kind: 'certified', from: '1:1', formula: '' },
  },
  methods: { lower: 'conjugate_gradient (automatic)', upper: 'projected_gradient', budget: '100000' },
  where: 'at the start',
};

test('sizes where a dimension is named, as far as they are known', () => {
  assert.deepEqual(hints(ridge), ['3:18 4 × 3', '4:15 4', '8:19 3', '13:15 3']);
  assert.deepEqual(hints(ridge.replace('vector[d] = 0', 'vector[3] = 0')), [
    '3:18 4 × 3',
    '4:15 4',
    '8:19 3',
  ]);
  assert.deepEqual(hints('data {\n  A : matrix[n, k] = npy("no.npy")\n}\n'), []);
});

test('constants at the lower objective, mu rounded down, L and kappa up', () => {
  assert.ok(hints(ridge, numbers).includes('14:10 mu = 0.019, L = 12, kappa = 560'));
});

test('what solve leaves open', () => {
  const text = `${ridge}solve {\n  upper = projected_gradient()\n}\n`;
  assert.ok(hints(text, numbers).includes('16:5 lower = conjugate_gradient (automatic)'));
  assert.ok(
    !hints(`${ridge}solve {\n  upper = projected_gradient()\n  lower = fista()\n}\n`, numbers).some((hint) =>
      hint.startsWith('16:'),
    ),
  );
});

test('the step of the lower method, from the constants, unless they are given', () => {
  const step = (entry: string): string | undefined =>
    hints(`${ridge}solve {\n  lower = ${entry}\n}\n`, numbers).find((hint) => hint.includes('step'));
  assert.equal(step('fista(tolerance = 0.1)'), '17:32 step 1/L = 0.0901');
  assert.equal(step('gradient_descent'), '17:26 step 2/(L + mu) = 0.18');
  assert.equal(step('heavy_ball()'), '17:22 step 4/(√L + √mu)² = 0.332');
  assert.equal(step('fista(L = 3)'), undefined);
  assert.equal(step('conjugate_gradient()'), undefined);
});

test('only in the range asked for', () => {
  const range = { start: { line: 7, character: 0 }, end: { line: 11, character: 0 } };
  assert.deepEqual(hints(ridge, numbers, range), ['8:19 3']);
});
