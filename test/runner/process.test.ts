/**
 * The real solver process: answers of every kind, progress with real quantities, a cancel that keeps the
 * last iterate, a kill that is reported, and an exhausted memory that is put into words.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { readFileSync } from 'node:fs';
import type { Progress } from '../../server/src/protocol/solver.ts';
import { SolverHandle } from '../../server/src/runner/handle.ts';
import { slowProblem } from './slow-problem.ts';

const samples = join(import.meta.dirname, '..', '..', 'samples');
const ridge = {
  text: readFileSync(join(samples, 'ridge.bilevel'), 'utf8'),
  path: join(samples, 'ridge.bilevel'),
};
const slow = { text: slowProblem, path: join(samples, 'slow.bilevel') };

function handleFor(context: TestContext): SolverHandle {
  const handle = new SolverHandle();
  context.after(() => handle.dispose());
  return handle;
}

/** Starts the slow problem and waits until its lower level is being solved. */
async function startSlow(handle: SolverHandle) {
  const { promise, resolve } = Promise.withResolvers<Progress>();
  const acknowledged = Promise.withResolvers<number>();
  const run = handle.start(
    { kind: 'run', source: slow, adjustments: {} },
    {
      progress: (progress) => {
        if (progress.phase === 'lower' && (progress.products ?? 0) > 0) resolve(progress);
      },
      cancelling: () => acknowledged.resolve(performance.now()),
    },
  );
  const progress = await Promise.race([promise, run.answer]);
  assert.ok('phase' in progress, JSON.stringify(progress));
  return { run, progress, acknowledged: acknowledged.promise };
}

test('one process runs, describes, computes gradients and rejects', async (context) => {
  const handle = handleFor(context);
  const adjustments = { options: { 'upper.steps': '2' } };
  const seen: Progress[] = [];
  const [run, gradient, described, rejected] = await Promise.all([
    handle.start({ kind: 'run', source: ridge, adjustments }, { progress: (progress) => seen.push(progress) })
      .answer,
    handle.start({ kind: 'gradient', source: ridge, adjustments, verify: false }).answer,
    handle.start({ kind: 'describe', source: ridge, adjustments }).answer,
    handle.start({ kind: 'run', source: { ...ridge, text: 'upper {' }, adjustments }).answer,
  ]);
  assert.ok(
    run.kind === 'finished' && run.result.status === 'step_limit' && run.result.counts.upperSteps === 2,
  );
  assert.equal(run.result.hypergradient.variables, undefined);
  assert.ok(gradient.kind === 'finished');
  assert.equal(gradient.result.hypergradient.variables?.['lambda']?.data?.length, 10);
  assert.ok(described.kind === 'described');
  assert.deepEqual(described.description.dimensions['d']?.value, 10);
  assert.ok(rejected.kind === 'rejected' && rejected.diagnostics.length > 0);
  assert.equal(seen[0]?.phase, 'reading');
  assert.ok(seen.some(({ products, text }) => (products ?? 0) > 0 && /F = 0\.3/.test(text)));
});

test('a cancelled run is acknowledged, ends by itself and keeps its last finite iterate', async (context) => {
  const handle = handleFor(context);
  const { run, acknowledged } = await startSlow(handle);
  const before = handle.processId;
  const asked = performance.now();
  run.cancel();
  const seenAt = await acknowledged;
  const answer = await run.answer;
  context.diagnostic(
    `acknowledged after ${(seenAt - asked).toFixed(1)} ms, ended after ${(performance.now() - asked).toFixed(1)} ms`,
  );
  assert.ok(answer.kind === 'finished', answer.kind);
  assert.equal(answer.result.status, 'cancelled');
  assert.deepEqual(answer.result.upper.variables['lambda']?.data, [-25]);
  assert.ok(answer.result.lower.variables['w']?.data?.every((value) => Number.isFinite(value)));
  assert.equal(handle.processId, before);
});

test('a killed process is reported while it works, and the next run succeeds', async (context) => {
  const handle = handleFor(context);
  const { run, progress } = await startSlow(handle);
  assert.match(progress.text, /lower \d+, ‖x − x\*‖ ≤ /);
  process.kill(handle.processId ?? 0, 'SIGKILL');
  const answer = await run.answer;
  assert.ok(answer.kind === 'failed');
  assert.match(answer.message, /killed \(SIGKILL\).*during: step 0/);
  assert.ok((answer.lastProgress?.products ?? 0) > 0);
  const next = await handle.start({ kind: 'gradient', source: ridge, adjustments: {}, verify: false }).answer;
  assert.ok(next.kind === 'finished' && next.result.status === 'evaluated');
});

test('the same file and seed give the same bits, in whichever process', async (context) => {
  const results = await Promise.all(
    [handleFor(context), handleFor(context)].map(async (handle) => {
      const answer = await handle.start({
        kind: 'run',
        source: ridge,
        adjustments: { options: { 'upper.steps': '5' } },
      }).answer;
      assert.ok(answer.kind === 'finished');
      const { upper, lower, hypergradient, counts } = answer.result;
      return { upper, lower, hypergradient, counts };
    }),
  );
  assert.deepEqual(results[0], results[1]);
});

test('data that exceeds the limits or the memory is a diagnostic, and the process lives on', async (context) => {
  const handle = handleFor(context);
  const text = slowProblem.replaceAll('[20', '[400000').replaceAll('50]', '50000]');
  const answer = await handle.start({ kind: 'run', source: { ...slow, text }, adjustments: {} }).answer;
  assert.ok(answer.kind === 'rejected', JSON.stringify(answer));
  assert.match(answer.diagnostics[0]?.message ?? '', /20000000000|elements|memory/);
  const next = await handle.start({ kind: 'describe', source: ridge, adjustments: {} }).answer;
  assert.equal(next.kind, 'described');
});
