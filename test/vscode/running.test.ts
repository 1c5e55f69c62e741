/**
 * Running a problem in the real VS Code, as a person does: click, see the results at their lines, trust that they
 * are those of the run, edit and see them grey. The numbers on the screen are held against the run's JSON, and
 * that against the command line's.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { RunResult } from '../../server/src/protocol/result.ts';
import { projectRoot } from './host/paths.ts';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

/** Small and quick; `expected` is what the last block asks of the upper objective, 1/2 at the solution. */
const small = (expected: string): string => `problem "Small"

upper {
  theta : vector[2] in [-5, 5] = 3
  minimize sumsq(x) + sum(x)
}

lower {
  x : vector[2] = 0
  minimize sumsq(x - theta)
}

expect {
  upper_objective ${expected}
}
`;

const withoutData = small('<= 1').replace(
  'upper {',
  `data {
  A : matrix[n, 2] = csv("data/absent.csv")
}

upper {`,
);

const { stage, step } = stageForAll({
  files: {
    'small.bilevel': small('<= 0'),
    'hopeless.bilevel': small('<= -100'),
    'without-data.bilevel': withoutData.replace('sumsq(x) + sum(x)', 'sumsq(A * x)'),
  },
});

step('Run shows at each line how that level ended, in the numbers of the run', async () => {
  const { page, workbench } = stage;
  await stage.open('ridge.bilevel');
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  const end = await stage.run('ridge.bilevel', () => screen.lens(page, 'Run').click());
  assert.equal(end.state, 'finished', end.text);
  const result = await lastResult('ridge.bilevel');
  const shown = await until('results at four lines', async () => {
    const found = await screen.shownResults(page);
    return found.length === 4 && found;
  });
  await page.locator('.statusbar').getByText(result.status).waitFor();
  await workbench.screenshot('results');

  const at = (start: string): screen.ShownResult => {
    const found = shown.find(({ line }) => line.trimStart().startsWith(start));
    assert.ok(found !== undefined, `${start}: ${JSON.stringify(shown)}`);
    return found;
  };
  const lower = at('lower {');
  assert.match(lower.text, new RegExp(`\\b${result.counts.lowerGradients} lower gradients`));
  assertRoundedUp(lower.text, /‖x − x\*‖ ≤ ([\d.e+-]+) \(certified\)/u, result.lower.error.bound);
  const hypergradient = at('lambda : vector');
  assertRoundedUp(hypergradient.text, /‖h − ∇F‖ ≤ ([\d.e+-]+)/u, result.hypergradient.error.bound);
  assertRoundedUp(
    hypergradient.text,
    /relative ([\d.e+-]+) \(certified\)/u,
    result.hypergradient.relativeError,
  );
  assert.equal(/descent certified/.test(hypergradient.text), result.hypergradient.descentCertified);
  const upper = at('minimize sumsq(Xv');
  const objective = Number(/F = ([\d.e+-]+) ±/u.exec(upper.text)?.[1]);
  assert.ok(Math.abs(objective - Number(result.upper.objective)) <= 1e-9, upper.text);
  assertRoundedUp(upper.text, /± ([\d.e+-]+) \(certified\)/u, result.upper.objectiveError.bound);
  assert.match(upper.text, new RegExp(`${result.status.replaceAll('_', ' ')}$`));
  assert.equal(at('upper_objective').text, 'holds');
  // Certified numbers have one colour, a plain one another; neither is the grey of old results.
  assert.equal(lower.colour, upper.colour);
  assert.ok(shown.every(({ italic }) => !italic));
});

step('the hover of a result has the whole of it, and the problems stay free of what went well', async () => {
  const { page, workbench } = stage;
  const end = await screen.pointAt(page, 'lambda : vector', '= -2');
  await page.mouse.move(end.x + 80, end.y);
  const hover = page.locator('.monaco-hover:not(.hidden)');
  await hover.getByText('Hessian products').waitFor();
  await workbench.screenshot('hover-result');
  await screen.leaveHover(page);
  const found = await stage.diagnostics('ridge.bilevel');
  assert.deepEqual(
    found.filter(({ severity }) => severity === 'error' || severity === 'warning'),
    [],
  );
});

step('the run is the one that the command line makes', async () => {
  const result = await lastResult('ridge.bilevel');
  const program = join(projectRoot, 'dist', 'cli.cjs');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, 'run', '--json', join(stage.folder, 'ridge.bilevel')],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(withoutTimes(result), withoutTimes(JSON.parse(stdout) as RunResult));
});

step('an edit greys the results, each at its statement; an undo brings them back', async () => {
  const { page, workbench } = stage;
  const text = await stage.text('ridge.bilevel');
  const fresh = await screen.shownResults(page);
  // What went well is shown at its line and is no problem besides.
  assert.ok((await stage.diagnostics('ridge.bilevel')).every(({ source }) => source !== 'bilevel run'));
  await page
    .locator('.monaco-editor[role="code"] .view-lines')
    .first()
    .click({ position: { x: 500, y: 8 } });
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# changed\n');
  const stale = await until('stale results', async () => {
    const found = await screen.shownResults(page);
    return found.length === 4 && found.every(({ text }) => text.endsWith('(stale)')) && found;
  });
  assert.ok(stale.every(({ italic }) => italic));
  assert.equal(new Set(stale.map(({ colour }) => colour)).size, 1);
  assert.ok(!fresh.some(({ colour }) => colour === stale[0]?.colour));
  const lastWord = (line: string): string | undefined => line.split(' ').at(-1);
  await until('each at its own statement, one line further down', async () => {
    const found = await screen.shownResults(page);
    return fresh.every(({ line, text: words }) =>
      found.some((each) => each.text === `${words} (stale)` && lastWord(each.line) === lastWord(line)),
    );
  });
  await workbench.screenshot('stale');
  await until('the text from before', async () => {
    if ((await stage.text('ridge.bilevel')) === text) return true;
    await page.keyboard.press('Control+Z');
    return false;
  });
  await until('fresh results again', async () =>
    (await screen.shownResults(page)).every(({ text }) => !text.endsWith('(stale)')),
  );
});

step('an expectation that fails is marked at its line', async () => {
  const { page, workbench } = stage;
  await stage.open('hopeless.bilevel');
  await stage.run('hopeless.bilevel', () => screen.lens(page, 'Run').click());
  const failed = await until('the failed expectation', async () =>
    (await stage.diagnostics('hopeless.bilevel')).find(({ severity }) => severity === 'error'),
  );
  assert.equal(failed.line, 14);
  assert.match(failed.message, /does not hold/);
  await until('it on the screen', async () =>
    (await screen.shownResults(page)).some(
      ({ line, text }) => line.includes('upper_objective <= -100') && text.startsWith('does not hold'),
    ),
  );
  await workbench.screenshot('failed-expectation');
  // It is of the text that ran: an edit withdraws it, an undo brings it back.
  await stage.goTo(1, 1);
  await page.keyboard.type(' ');
  const isTold = async (): Promise<boolean> =>
    (await stage.diagnostics('hopeless.bilevel')).some(({ source }) => source === 'bilevel run');
  await until('it to go', async () => !(await isTold()));
  await page.keyboard.press('Control+Z');
  await until('it to be back', isTold);
});

step('several files keep their own results', async () => {
  const { page, workbench } = stage;
  await stage.open('small.bilevel');
  assert.equal((await screen.shownResults(page)).length, 0);
  await stage.run('small.bilevel', () => workbench.runCommand('Bilevel: Run'));
  await until('its results', async () => (await screen.shownResults(page)).length === 4);
  assert.ok((await stage.diagnostics('small.bilevel')).every(({ severity }) => severity !== 'error'));
  const objective = Number((await lastResult('small.bilevel')).upper.objective);
  assert.ok(Math.abs(objective + 0.5) < 1e-6, String(objective));
  await stage.open('hopeless.bilevel');
  await until('the other results', async () =>
    (await screen.shownResults(page)).some(({ text }) => text.startsWith('does not hold')),
  );
});

step('Check gradient says how far the exact one is, and that the bound holds', async () => {
  const { page, workbench } = stage;
  await stage.open('small.bilevel');
  await stage.run('small.bilevel', () => screen.lens(page, 'Check gradient').click());
  await until('the verdict', async () =>
    (await screen.shownResults(page)).some(({ text }) => text.includes('the bound holds')),
  );
  await workbench.screenshot('gradient-checked');
});

step('a missing data file is an error at its name, with what to do', async () => {
  const { page, workbench } = stage;
  await stage.closeEditors();
  await stage.open('without-data.bilevel');
  await stage.run('without-data.bilevel', () => screen.lens(page, 'Run').click());
  const error = await until('the error', async () =>
    (await stage.diagnostics('without-data.bilevel')).find(({ severity }) => severity === 'error'),
  );
  assert.equal(error.line, 4);
  assert.match(error.message, /absent\.csv/);
  assert.ok(error.message.trim().split('\n').length >= 2, error.message);
  await workbench.runCommand('Problems: Focus on Problems View');
  await until('it in the panel', async () =>
    (await screen.problemRows(page)).some((row) => row.includes('absent.csv')),
  );
  await workbench.screenshot('missing-data');
});

async function lastResult(path: string): Promise<RunResult> {
  const last = await stage.probe.ask(async ({ api }, uri) => (await api()).lastResult(uri), stage.uri(path));
  assert.ok(last !== null);
  return last.result;
}

/** A bound on the screen has two digits, rounded so that it stays a bound. */
function assertRoundedUp(text: string, pattern: RegExp, exact: number | string): void {
  const shown = Number(pattern.exec(text)?.[1]);
  const value = Number(exact);
  assert.ok(shown >= value && shown <= value * 1.11, `${text}: ${exact}`);
}

/** Seconds differ from run to run; everything else is computed. */
function withoutTimes(result: RunResult): unknown {
  return JSON.parse(
    JSON.stringify(result, (key, value: unknown) => (key === 'seconds' ? undefined : value)),
  ) as unknown;
}
