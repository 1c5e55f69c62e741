/** Numbers as people read them: what is shown of a bound is still a bound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  densityWords,
  downwards,
  knownDigits,
  short,
  upwards,
} from '../../server/src/protocol/result-text.ts';
import { seeded } from '../support/seeded.ts';

test('two digits, away from zero and towards it', () => {
  assert.equal(upwards(0.0121), '0.013');
  assert.equal(downwards(0.0199), '0.019');
  assert.equal(upwards(9.91), '10');
  assert.equal(downwards(1e-9), '1e-9');
  assert.equal(upwards(0), '0');
  assert.equal(upwards(1.4e-301), '1e-300');
  assert.equal(downwards(0), '0');
  assert.equal(upwards('Infinity'), 'Infinity');
});

test('never on the wrong side, never far away', () => {
  const random = seeded(3);
  for (let k = 0; k < 5000; k++) {
    const value = (random() + 0.01) * 10 ** Math.floor(590 * random() - 290);
    const [above, below] = [Number(upwards(value)), Number(downwards(value))];
    assert.ok(above >= value && above <= 1.1 * value, `${value} → ${above}`);
    assert.ok(below <= value && below >= 0.9 * value, `${value} → ${below}`);
  }
});

test('a value has the digits that its bound leaves', () => {
  assert.equal(knownDigits(0.53123456789, { bound: 1e-6, kind: 'certified' }).text, '0.53123457');
  assert.equal(knownDigits(0.53123456789, { bound: 0.1, kind: 'certified' }).text, '0.5312');
  assert.equal(knownDigits(0.53123456789, { bound: 'Infinity', kind: 'estimated' }).text, '0.531235');
  assert.equal(knownDigits('NaN', { bound: 1, kind: 'estimated' }).text, 'NaN');
  assert.equal(short(0.00012345), '1.23e-4');
});

test('the interval that is shown holds the interval that is meant', () => {
  const random = seeded(4);
  for (let k = 0; k < 5000; k++) {
    const value = (random() - 0.5) * 10 ** Math.floor(30 * random() - 15);
    const bound = Math.abs(value) * 10 ** (3 - 20 * random());
    const { text, error } = knownDigits(value, { bound, kind: 'certified' });
    const [shown, reach] = [Number(text), Number(upwards(error.bound))];
    assert.ok(
      Math.abs(shown - value) + bound <= reach * (1 + 1e-12),
      `${value} ± ${bound} as ${text} ± ${reach}`,
    );
    assert.ok(reach <= 1.2 * bound || bound > Math.abs(value) / 1000, `${bound} as ${reach}`);
  }
});

test('a share of nonzeros keeps what matters', () => {
  assert.deepEqual([0, 2e-5, 0.0123, 0.256, 0.9999, 1].map(densityWords), [
    '0 % nonzero',
    '0.002 % nonzero',
    '1.2 % nonzero',
    '26 % nonzero',
    '> 99 % nonzero',
    '100 % nonzero',
  ]);
});
