/**
 * What happens when a run does not end as it should, in the real VS Code: cancelled from the editor, or its process
 * killed from outside. Either way the editor stays alive, says what happened, and runs again.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';
import { slowProblem } from '../runner/slow-problem.ts';

/** Cancelling ends a run within this time, whatever it computes. */
const cancelMilliseconds = 1000;

const { stage, step } = stageForAll({ files: { 'slow.bilevel': slowProblem } });

step('a long run shows what it has reached, and ends by its code lens', async () => {
  const { page, workbench } = stage;
  await stage.open('slow.bilevel');
  const solver = await startSlowRun();
  const first = await until('progress', async () => (await stage.status('slow.bilevel'))?.text);
  await until('further progress', async () => {
    const { text } = (await stage.status('slow.bilevel')) ?? {};
    return text !== undefined && text !== first && /\d/.test(text);
  });
  await page
    .locator('.statusbar')
    .getByText(/step 0.*lower \d+/u)
    .first()
    .waitFor();
  await workbench.screenshot('running');
  await assertCancelled(solver, () => screen.lens(page, 'Cancel').click());
  await screen.lens(page, 'Run').waitFor();
  await workbench.screenshot('cancelled');
});

step('a run ends by a click on the status bar', async () => {
  const { page } = stage;
  const solver = await startSlowRun();
  await assertCancelled(solver, () => page.locator('[id="bilevel.bilevel.bilevel.status"]').click());
});

step('a killed solver is reported while typing goes on, and the next run works', async () => {
  const { page, workbench } = stage;
  const solver = await startSlowRun();
  process.kill(solver, 'SIGKILL');
  await stage.goTo(1, 1);
  await page.keyboard.type('# typed meanwhile\n');
  const failed = await until('the report', async () => {
    const status = await stage.status('slow.bilevel');
    return status?.state === 'failed' && status;
  });
  assert.match(failed.text, /run failed/);
  const toast = page.locator('.notification-toast').filter({ hasText: 'Bilevel' }).first();
  await toast.waitFor();
  await workbench.screenshot('killed');
  assert.ok((await stage.text('slow.bilevel')).startsWith('# typed meanwhile\n'));

  // Diagnostics still come.
  await page.keyboard.type('nonsense\n');
  await until('an error where nonsense was typed', async () =>
    (await stage.diagnostics('slow.bilevel')).some(
      ({ severity, line }) => severity === 'error' && line === 2,
    ),
  );
  await until('it to go with an undo', async () => {
    if ((await stage.diagnostics('slow.bilevel')).every(({ source }) => source !== 'bilevel')) return true;
    await page.keyboard.press('Control+Z');
    return false;
  });

  await stage.open('quadratic.bilevel');
  const end = await stage.run('quadratic.bilevel', () => screen.lens(page, 'Run').click());
  assert.equal(end.state, 'finished', end.text);
  await until('its results', async () => (await screen.shownResults(page)).length >= 3);
  await workbench.screenshot('next-run');
});

/** Clicks Run, and answers the solver's process once it computes. */
async function startSlowRun(): Promise<number> {
  await screen.lens(stage.page, 'Run').click();
  const running = await until('the run', async () => {
    const status = await stage.status('slow.bilevel');
    return status?.state === 'running' && status.solverProcess !== undefined && status;
  });
  assert.ok(running.solverProcess !== undefined && isAlive(running.solverProcess));
  await screen.lens(stage.page, 'Cancel').waitFor();
  return running.solverProcess;
}

/** The run is over in time; its process, which may serve the next run, no longer computes. */
async function assertCancelled(solver: number, cancel: () => Promise<void>): Promise<void> {
  await cancel();
  const start = performance.now();
  const status = await until('the end of the run', async () => {
    const now = await stage.status('slow.bilevel');
    return now?.state === 'cancelled' && now;
  });
  const took = performance.now() - start;
  assert.ok(took <= cancelMilliseconds, `the run ended after ${Math.round(took)} ms`);
  assert.match(status.text, /cancelled/);
  let before = -1;
  await until('the process to rest', () => {
    const now = computedTicks(solver);
    const rests = now === before;
    before = now;
    return rests;
  });
}

/** The processor time that a process has used; 0 once it is gone, or where there is no such account. */
function computedTicks(process_: number): number {
  try {
    const account = readFileSync(`/proc/${process_}/stat`, 'utf8');
    // After the name, which may hold spaces, user and system time are the 12th and 13th numbers.
    const fields = account.slice(account.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
}
