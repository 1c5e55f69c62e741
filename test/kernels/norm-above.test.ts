/** Norms rounded up: never below the exact norm at any scale, close above it, and 0 only for zeros. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normAbove } from '../../server/src/kernels/norm-above.ts';

test('norms are enclosed from above from the smallest numbers to the largest', () => {
  for (let power = -1070; power <= 1000; power += 9) {
    const scale = 2 ** power;
    // 3, 4 and 12 have the norm 13; what is far smaller does not count.
    const arrays = [Float64Array.of(3 * scale, 0, -4 * scale), Float64Array.of(12 * scale)];
    const norm = normAbove(arrays);
    assert.ok(norm >= 13 * scale, `2^${power}: ${norm}`);
    assert.ok(norm <= 13 * scale * (1 + 1e-13) + 2 * Number.MIN_VALUE, `2^${power}: ${norm}`);
  }
});

test('zeros have the norm 0, and what is not bounded has none', () => {
  assert.equal(normAbove([new Float64Array(3), new Float64Array(0)]), 0);
  assert.equal(normAbove([Float64Array.of(1, -Infinity)]), Infinity);
  assert.ok(Number.isNaN(normAbove([Float64Array.of(1), Float64Array.of(NaN)])));
});
