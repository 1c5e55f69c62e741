/**
 * The server over standard input and output with a client of its own: runs with progress, results at their
 * lines equal to the run's JSON, stale after an edit, cancelling, a killed solver, answers while it works.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { PublishDiagnosticsParams } from 'vscode-languageserver';
import type { LastResult, ResultsParameters, StatusParameters } from '../../server/src/protocol/editor.ts';
import { knownDigits, upwards } from '../../server/src/protocol/result-text.ts';
import { SolverHandle } from '../../server/src/runner/handle.ts';
import { plain } from '../features/support.ts';
import { endlessProblem } from './endless-problem.ts';
import {
  command,
  ended,
  endlessUri,
  ridge,
  ridgePath,
  ridgeUri,
  start,
  startEndless,
} from './running-client.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a run: progress, results at their lines, the numbers of its JSON', async (t) => {
  const client = await start(t);
  client.open(ridgeUri, ridge);
  const results = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations }) => annotations.length > 0,
    60_000,
  );
  const published = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    ({ diagnostics }) => diagnostics.some(({ source }) => source === 'bilevel run'),
    60_000,
  );
  const end = ended(client);
  await command(client, 'run', ridgeUri);
  assert.equal((await end).state, 'finished');
  const { annotations, stale, version } = await results;
  assert.equal(stale, false);
  assert.equal(version, 1);

  // The same text run directly gives the same JSON, but for the time it took.
  const last = await client.ask<LastResult>('bilevel/lastResult', { uri: ridgeUri });
  assert.ok(last !== null);
  const { result } = last;
  const handle = new SolverHandle();
  t.after(() => handle.dispose());
  const answer = await handle.start({
    kind: 'run',
    source: { text: ridge, path: ridgePath },
    adjustments: {},
  }).answer;
  assert.ok(answer.kind === 'finished');
  assert.deepEqual(result.upper, answer.result.upper);
  assert.deepEqual(result.hypergradient, answer.result.hypergradient);
  assert.deepEqual(result.counts, answer.result.counts);

  // What is shown is that JSON, at the lines of its statements.
  const lines = ridge.split('\n');
  const shown = (level: string): string => {
    const { line, text } = annotations.find((each) => each.level === level) ?? { line: 0, text: 'nothing' };
    return `${lines[line]?.trim().split(' ')[0] ?? ''} | ${text}`;
  };
  const { upper, lower, hypergradient } = result;
  const objective = knownDigits(upper.objective, upper.objectiveError);
  assert.ok(
    shown('upper').startsWith(
      `minimize | F = ${objective.text} ± ${upwards(objective.error.bound)} (certified); converged`,
    ),
  );
  assert.ok(
    // Its objective fills the line: the result stands where the block begins.
    shown('lower').startsWith(`lower | ${lower.method}: `) &&
      shown('lower').includes(`‖x − x*‖ ≤ ${upwards(lower.error.bound)} (certified)`),
  );
  assert.equal(
    shown('hypergradient'),
    `lambda | ‖h − ∇F‖ ≤ ${upwards(hypergradient.error.bound)}, relative ${upwards(hypergradient.relativeError)} (certified), descent certified`,
  );
  assert.equal(shown('expectation'), 'upper_objective | holds');
  assert.deepEqual(
    (await published).diagnostics.map(({ message }) => message),
    annotations.slice(0, 3).map(({ text }) => text),
  );

  // Progress began, carried the real quantity, and ended; no percentage was made up.
  const progress = client.received
    .filter(({ method }) => method === '$/progress')
    .map(
      ({ params }) =>
        (params as { value: { kind: string; message?: string; percentage?: number; cancellable?: boolean } })
          .value,
    );
  assert.deepEqual(
    [progress[0]?.kind, progress[0]?.cancellable, progress.at(-1)?.kind],
    ['begin', true, 'end'],
  );
  assert.ok(progress.some(({ message = '' }) => /F = 0\.3/u.test(message)));
  assert.ok(progress.every(({ percentage }) => percentage === undefined));
  assert.equal(await client.stop(), 0);
});

test('an edit greys the results and withdraws the diagnostics; undo brings them back', async (t) => {
  const client = await start(t);
  client.open(ridgeUri, ridge);
  const fresh = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations }) => annotations.length > 0,
    60_000,
  );
  const told = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    ({ diagnostics }) => diagnostics.length > 0,
    60_000,
  );
  await command(client, 'run', ridgeUri);
  const before = await fresh;
  await told;
  const edit = async (
    version: number,
    change: object,
  ): Promise<[ResultsParameters, PublishDiagnosticsParams]> => {
    const both = Promise.all([
      client.next<ResultsParameters>('bilevel/results', ({ textVersion }) => textVersion === version),
      // What was found before a run may still be told of the version before.
      client.next<PublishDiagnosticsParams>(
        'textDocument/publishDiagnostics',
        (told) => told.version === version,
      ),
    ]);
    client.notify('textDocument/didChange', {
      textDocument: { uri: ridgeUri, version },
      contentChanges: [change],
    });
    return both;
  };
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const [stale, withdrawn] = await edit(2, { range: top, text: '# one\n# two\n' });
  assert.equal(stale.stale, true);
  assert.equal(stale.version, 1);
  assert.deepEqual(
    stale.annotations.map(({ line }) => line),
    before.annotations.map(({ line }) => line + 2),
  );
  assert.deepEqual(withdrawn.diagnostics, []);
  const [again, back] = await edit(3, {
    range: { start: top.start, end: { line: 2, character: 0 } },
    text: '',
  });
  assert.deepEqual(again, { ...before, textVersion: 3 });
  assert.equal(back.diagnostics.length, 3);
  assert.equal(await client.stop(), 0);
});

test('edits during a run: its results arrive stale, at the moved lines', async (t) => {
  const client = await start(t);
  client.open(ridgeUri, ridge);
  const results = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations }) => annotations.length > 0,
    60_000,
  );
  await command(client, 'run', ridgeUri);
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  client.notify('textDocument/didChange', {
    textDocument: { uri: ridgeUri, version: 2 },
    contentChanges: [{ range: top, text: '#\n' }],
  });
  const { stale, version, annotations } = await results;
  assert.equal(stale, true);
  assert.equal(version, 1);
  const lower = annotations.find(({ level }) => level === 'lower');
  assert.match(`#\n${ridge}`.split('\n')[lower?.line ?? 0] ?? '', /^lower \{/u);
  assert.equal(await client.stop(), 0);
});

test('an expectation that fails is an error at its line', async (t) => {
  const client = await start(t);
  client.open(ridgeUri, ridge.replace('upper_objective <= 0.4', 'upper_objective <= 0.1'));
  const published = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    ({ diagnostics }) => diagnostics.length > 0,
    60_000,
  );
  const end = ended(client);
  await command(client, 'run', ridgeUri);
  const error = (await published).diagnostics.find(({ severity }) => severity === 1);
  assert.match(plain(error?.message), /does not hold/u);
  assert.equal(
    error?.range.start.line,
    ridge.split('\n').findIndex((line) => line.includes('<= 0.4')),
  );
  assert.match((await end).text, /an expectation failed/u);
  assert.equal(await client.stop(), 0);
});

test('data that changes on disk makes results stale, whatever the text', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-server-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const client = await start(t);
  const table = join(folder, 'b.csv');
  writeFileSync(table, '1\n2\n3\n');
  const text = `data {
  b : vector[n] = csv("b.csv", columns = 1)
}
upper {
  theta : scalar = 0
  minimize sumsq(x - b)
}
lower {
  x : vector[n] = 0
  minimize sumsq(x - theta) + 0.1 * sumsq(x)
}
`;
  const uri = pathToFileURL(join(folder, 'problem.bilevel')).href;
  client.open(uri, text);
  const fresh = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations }) => annotations.length > 0,
    60_000,
  );
  await command(client, 'run', uri);
  assert.equal((await fresh).stale, false);
  const stale = client.next<ResultsParameters>('bilevel/results');
  writeFileSync(table, '1\n2\n3\n4\n');
  assert.equal((await stale).stale, true);
  const again = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations, stale: old }) => annotations.length > 0 && !old,
    60_000,
  );
  await command(client, 'run', uri);
  await again;
  const last = await client.ask<LastResult>('bilevel/lastResult', { uri });
  assert.deepEqual(last?.result.lower.variables['x']?.shape, [4], 'the run read the new file');
  assert.equal(await client.stop(), 0);
});

test('the gradient is checked', async (t) => {
  const client = await start(t);
  client.open(ridgeUri, ridge);
  const results = client.next<ResultsParameters>(
    'bilevel/results',
    ({ annotations }) => annotations.length > 0,
    60_000,
  );
  await command(client, 'checkGradient', ridgeUri);
  const hypergradient = (await results).annotations.find(({ level }) => level === 'hypergradient');
  assert.match(hypergradient?.text ?? '', /from the exact one, the bound holds/u);
  assert.match(hypergradient?.hoverMarkdown ?? '', /from finite differences/u);
  assert.equal(await client.stop(), 0);
});

test('data that cannot be used is told at its declaration', async (t) => {
  const client = await start(t);
  const text = endlessProblem.replace('normal(0, 1, seed = 2)', 'normal(0, 1e308, seed = 2) * 1e10');
  client.open(endlessUri, text);
  const end = ended(client);
  const published = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    ({ diagnostics }) => diagnostics.length > 0,
    60_000,
  );
  await command(client, 'run', endlessUri);
  assert.equal((await end).state, 'failed');
  const [error] = (await published).diagnostics;
  assert.equal(error?.severity, 1);
  assert.equal(error?.range.start.line, 2);
  assert.equal(await client.stop(), 0);
});

test('a file with errors is not run, and the first error is named', async (t) => {
  const client = await start(t);
  client.open(endlessUri, endlessProblem.replace('A * x', 'B * x'));
  const end = ended(client);
  await command(client, 'run', endlessUri);
  assert.match((await end).text, /nothing was run: line 7: .*`B`/u);
  const refused = await client.request('workspace/executeCommand', {
    command: 'bilevel.server.run',
    arguments: ['file:///nowhere.bilevel'],
  });
  assert.match(refused.error?.message ?? '', /open document/u);
  assert.equal(await client.stop(), 0);
});

test('a run is cancelled within a second, by command and by the progress', async (t) => {
  const client = await start(t);
  await startEndless(client);
  const times: number[] = [];
  let end = ended(client);
  const heard = client.next<StatusParameters>('bilevel/status', ({ text }) => text === 'cancelling …');
  let begin = performance.now();
  await command(client, 'cancel', endlessUri);
  assert.equal((await heard).state, 'running');
  assert.equal((await end).state, 'cancelled');
  times.push(performance.now() - begin);

  const created = client.next<{ token: string }>('window/workDoneProgress/create');
  const working = client.next<StatusParameters>(
    'bilevel/status',
    ({ text }) => /step \d+: F/u.test(text),
    60_000,
  );
  await command(client, 'run', endlessUri);
  const { token } = await created;
  await working;
  end = ended(client);
  begin = performance.now();
  client.notify('window/workDoneProgress/cancel', { token });
  assert.equal((await end).state, 'cancelled');
  times.push(performance.now() - begin);
  t.diagnostic(`cancelled after ${times.map((time) => `${Math.round(time)} ms`).join(' and ')}`);
  for (const time of times) assert.ok(time <= 1000, `${time} ms`);
  assert.equal(await client.stop(), 0);
});

test('a solver that is killed is reported, and everything goes on', async (t) => {
  const client = await start(t);
  const solver = await startEndless(client);
  const end = ended(client);
  const message = client.next<{ message: string }>('window/showMessage');
  const published = client.next<PublishDiagnosticsParams>(
    'textDocument/publishDiagnostics',
    ({ diagnostics }) => diagnostics.length > 0,
  );
  process.kill(solver, 'SIGKILL');
  assert.equal((await end).state, 'failed');
  assert.match((await message).message, /the solver process was killed \(SIGKILL\).*step/u);
  const [error] = (await published).diagnostics;
  assert.equal(error?.severity, 1);
  assert.equal(error?.source, 'bilevel run');
  assert.ok(
    (await client.ask('textDocument/hover', {
      textDocument: { uri: endlessUri },
      position: { line: 8, character: 1 },
    })) !== null,
  );
  const working = client.next<StatusParameters>(
    'bilevel/status',
    ({ text, solverProcess }) => solverProcess !== solver && /step \d+: F/u.test(text),
    60_000,
  );
  await command(client, 'run', endlessUri);
  const next = await working;
  assert.notEqual(next.solverProcess, solver);
  assert.equal(await client.stop(), 0);
});

test('shutdown leaves no process behind, and neither does a client that vanishes', async (t) => {
  const client = await start(t);
  const solver = await startEndless(client);
  assert.equal(await client.stop(), 0);
  assert.equal(isAlive(solver), false, 'after shutdown and exit');

  const second = await start(t);
  const other = await startEndless(second);
  second.server.stdin.destroy();
  await second.exited;
  for (let waited = 0; isAlive(other) && waited < 3000; waited += 50) await sleep(50);
  assert.equal(isAlive(other), false, 'after the stream closed');
});

test('typing during a run: answers come at once (measured)', async (t) => {
  const client = await start(t);
  await startEndless(client);
  const times: number[] = [];
  let version = 1;
  const place = { line: 8, character: 0 };
  for (let k = 0; k < 100; k++) {
    const text = k % 2 === 0 ? 'x' : '';
    const range = { start: place, end: { line: 8, character: k % 2 } };
    const begin = performance.now();
    client.notify('textDocument/didChange', {
      textDocument: { uri: endlessUri, version: ++version },
      contentChanges: [{ range, text }],
    });
    await client.ask('textDocument/diagnostic', { textDocument: { uri: endlessUri } });
    times.push(performance.now() - begin);
    await sleep(20);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): string => `${(times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(1)} ms`;
  t.diagnostic(
    `edit to diagnostics at 50 edits a second while the solver works: median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`,
  );
  assert.equal(times.length, 100);
  assert.equal(await client.stop(), 0);
});
