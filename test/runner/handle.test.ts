/**
 * The handle against a process that misbehaves in every way: each request gets exactly one answer, a dead
 * process is put into words and replaced, cancelling ends within its second, nothing is left behind.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Progress } from '../../server/src/protocol/solver.ts';
import { SolverHandle } from '../../server/src/runner/handle.ts';
import type { SolverTask } from '../../server/src/runner/handle.ts';

const standIn = join(import.meta.dirname, 'stand-in-solver.ts');
const task = (text: string): SolverTask => ({
  kind: 'run',
  source: { text, path: '/problem.bilevel' },
  adjustments: {},
});

function handleFor(context: TestContext): SolverHandle {
  const handle = new SolverHandle(standIn);
  context.after(() => handle.dispose());
  return handle;
}

/** Resolves with the first progress of a run of `text`, together with its run. */
async function started(handle: SolverHandle, text: string) {
  const { promise, resolve } = Promise.withResolvers<Progress>();
  let acknowledged = false;
  const run = handle.start(task(text), {
    progress: resolve,
    cancelling: () => {
      acknowledged = true;
    },
  });
  return { run, progress: await promise, acknowledged: () => acknowledged };
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(processId: number): Promise<void> {
  for (let tries = 0; isRunning(processId); tries++) {
    assert.ok(tries < 200, `process ${processId} is still there after 5 s`);
    await delay(25);
  }
}

test('requests are answered in order by one process', async (context) => {
  const handle = handleFor(context);
  const answers = await Promise.all(
    ['first', 'second', 'third'].map((text) => handle.start(task(text)).answer),
  );
  assert.deepEqual(
    answers.map((answer) => answer.kind === 'rejected' && answer.diagnostics[0]?.code),
    ['first', 'second', 'third'],
  );
  assert.deepEqual(
    answers.map(({ id }) => id),
    [1, 2, 3],
  );
});

test('a killed process is reported to the request that was running, with its last progress', async (context) => {
  const handle = handleFor(context);
  const { run } = await started(handle, 'wait');
  const next = handle.start(task('next'));
  const first = handle.processId;
  assert.ok(first !== undefined);
  process.kill(first, 'SIGKILL');
  const answer = await run.answer;
  assert.equal(answer.kind, 'failed');
  assert.match(
    answer.kind === 'failed' ? answer.message : '',
    /^the solver process was killed \(SIGKILL\).* during: working on wait$/,
  );
  assert.equal(answer.kind === 'failed' && answer.lastProgress?.text, 'working on wait');
  assert.equal((await next.answer).kind, 'rejected');
  assert.notEqual(handle.processId, first);
});

test('an exit code and the last words of a defect are reported', async (context) => {
  const handle = handleFor(context);
  const exit = await handle.start(task('exit7')).answer;
  assert.match(exit.kind === 'failed' ? exit.message : exit.kind, /exit code 7 before its first report/);
  const defect = await handle.start(task('throw')).answer;
  assert.match(defect.kind === 'failed' ? defect.message : defect.kind, /exit code 1/);
  assert.equal((await handle.start(task('after')).answer).kind, 'rejected');
});

test('a program that cannot be started is reported', async (context) => {
  const handle = new SolverHandle(join(import.meta.dirname, 'no-such-program.ts'));
  context.after(() => handle.dispose());
  const answer = await handle.start(task('anything')).answer;
  assert.match(answer.kind === 'failed' ? answer.message : answer.kind, /exit code 1/);
});

test('cancelling is acknowledged and keeps the process', async (context) => {
  const handle = handleFor(context);
  const { run, acknowledged } = await started(handle, 'wait');
  const before = handle.processId;
  run.cancel();
  run.cancel();
  assert.equal((await run.answer).kind, 'cancelled');
  assert.ok(acknowledged());
  assert.equal((await handle.start(task('next')).answer).kind, 'rejected');
  assert.equal(handle.processId, before);
});

test('a run that does not listen is ended by force, and its process with it', async (context) => {
  const handle = handleFor(context);
  const { run } = await started(handle, 'deaf');
  const processId = handle.processId;
  assert.ok(processId !== undefined);
  const asked = performance.now();
  run.cancel();
  const answer = await run.answer;
  context.diagnostic(`cancelled after ${Math.round(performance.now() - asked)} ms`);
  assert.equal(answer.kind, 'cancelled');
  assert.equal(answer.kind === 'cancelled' && answer.lastProgress?.text, 'working on deaf');
  assert.ok(!isRunning(processId));
  assert.equal((await handle.start(task('next')).answer).kind, 'rejected');
});

test('a request that waits is cancelled without touching the one that runs', async (context) => {
  const handle = handleFor(context);
  const { run } = await started(handle, 'wait');
  const waiting = handle.start(task('never'));
  waiting.cancel();
  assert.deepEqual(await waiting.answer, { id: 2, kind: 'cancelled' });
  run.cancel();
  assert.equal((await run.answer).kind, 'cancelled');
});

test('after dispose nothing runs and nothing starts', async () => {
  const handle = new SolverHandle(standIn);
  const { run } = await started(handle, 'deaf');
  const waiting = handle.start(task('never'));
  const processId = handle.processId;
  assert.ok(processId !== undefined);
  await handle.dispose();
  assert.ok(!isRunning(processId));
  assert.equal((await run.answer).kind, 'cancelled');
  assert.equal((await waiting.answer).kind, 'cancelled');
  assert.equal((await handle.start(task('late')).answer).kind, 'failed');
  await handle.dispose();
});

test('the solver process ends when its front is killed', async () => {
  const front = spawn(process.execPath, [join(import.meta.dirname, 'front.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  front.stdout.setEncoding('utf8');
  const [text] = (await front.stdout[Symbol.asyncIterator]().next()).value.match(/\d+/) ?? [];
  const processId = Number(text);
  assert.ok(isRunning(processId));
  front.kill('SIGKILL');
  await untilGone(processId);
});
