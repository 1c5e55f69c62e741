/** Trust of combined numbers, and the cancellation token. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationSource, neverCancelled } from '../../server/src/base/cancellation.ts';
import { weakest } from '../../server/src/base/certainty.ts';

const failure = { kind: 'probabilistic', failureProbability: 1e-6 } as const;

test("trust is the weakest ingredient's, and failure probabilities add", () => {
  assert.deepEqual(weakest([]), { kind: 'certified' });
  assert.deepEqual(weakest([{ kind: 'certified' }, failure, failure]), {
    kind: 'probabilistic',
    failureProbability: 2e-6,
  });
  assert.deepEqual(weakest([failure, { kind: 'given' }]), { kind: 'given' });
  assert.deepEqual(weakest([{ kind: 'given' }, { kind: 'estimated' }, failure]), { kind: 'estimated' });
});

test('a probability never exceeds one', () => {
  const likely = { kind: 'probabilistic', failureProbability: 0.7 } as const;
  assert.equal(weakest([likely, likely]).failureProbability, 1);
});

test('a source cancels its token and no other', () => {
  const source = new CancellationSource();
  assert.equal(source.cancelled, false);
  source.cancel();
  assert.deepEqual([source.cancelled, neverCancelled.cancelled], [true, false]);
});
