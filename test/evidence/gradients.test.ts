/**
 * Hypergradients from text against two independent routes, on the samples and on files made from them:
 * a dense solve at the polished lower solution, and Richardson-extrapolated differences of F. The bound
 * must hold and be finite everywhere. Hyper-cleaning, whose full data takes minutes, is here at the size
 * of the digits; `bilevel gradient samples/hyper-cleaning.bilevel --verify` does it in full.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerRequest } from '../../server/src/runner/pipeline.ts';
import { neverCancelled } from '../../server/src/base/cancellation.ts';
import { samplesFolder, variants, type Variant } from './variants.ts';

function read(name: string): Variant {
  return { name, text: readFileSync(join(samplesFolder, `${name}.bilevel`), 'utf8') };
}

const files = [...['quadratic', 'ridge', 'logistic'].map(read), ...variants()];

test('the variants are twenty different files', () => {
  assert.ok(variants().length >= 20);
  assert.equal(new Set(variants().map(({ text }) => text)).size, variants().length);
});

for (const { name, text } of files) {
  test(`${name}: hypergradient agrees with differences and a dense solve`, (context) => {
    const answer = answerRequest(
      {
        id: 1,
        kind: 'gradient',
        source: { text, path: join(samplesFolder, 'variant.bilevel') },
        adjustments: { options: { 'lower.tolerance': '1e-10', 'hypergradient.linear.tolerance': '1e-10' } },
        verify: true,
      },
      () => undefined,
      neverCancelled,
    );
    assert.equal(answer.kind, 'finished', JSON.stringify(answer));
    if (answer.kind !== 'finished') return;
    const { error, verification, norm } = answer.result.hypergradient;
    assert.ok(verification !== undefined);
    assert.ok(
      Number(verification.exactRelativeError) <= 1e-8,
      `dense solve: ${verification.exactRelativeError}`,
    );
    assert.ok(
      Number(verification.differenceRelativeError) <= 1e-6,
      `differences: ${verification.differenceRelativeError}`,
    );
    assert.ok(verification.boundHolds);
    assert.equal(error.kind, 'certified');
    assert.ok(Number.isFinite(error.bound) && Number(norm) > 0);
    context.diagnostic(
      `exact ${verification.exactRelativeError}, differences ${verification.differenceRelativeError}, bound ${Number(error.bound) / Number(norm)}`,
    );
  });
}
