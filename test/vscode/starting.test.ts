/**
 * The extension in its first moments, in the real VS Code: what is asked for before the language server is there waits
 * for it and is done; a server that cannot start, or answers no more, is replaced by the command that says so, and
 * leaves no process behind.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { projectRoot } from './host/paths.ts';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

const scratch = mkdtempSync(join(tmpdir(), 'bilevel-extension-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const server = join(scratch, 'dist', 'server.cjs');
/** What the package holds, where a test may break it. */
for (const part of ['package.json', 'README.md', 'dist', 'grammar', join('client', 'media')])
  cpSync(join(projectRoot, part), join(scratch, part), { recursive: true });

const { stage, step } = stageForAll({ extension: scratch });

step('asked in the moment of its activation, it runs, restarts and answers once it can', async () => {
  const answers = await stage.probe.ask(async ({ vscode, api }, uri) => {
    // The document activates the extension; nothing is awaited before everything has been asked for.
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    void vscode.window.showTextDocument(document);
    const active = api();
    const asked = active.then((bilevel) => bilevel.lastResult(uri));
    const run = active.then(() => vscode.commands.executeCommand('bilevel.run', document.uri));
    const cancelled = active.then(() => vscode.commands.executeCommand('bilevel.cancel', document.uri));
    return { asked: await asked, run: (await run) ?? null, cancelled: (await cancelled) ?? null };
  }, stage.uri('ridge.bilevel'));
  assert.deepEqual(answers, { asked: null, run: null, cancelled: null });
  await until(
    'the run to be cancelled',
    async () => (await stage.status('ridge.bilevel'))?.state === 'cancelled',
  );

  const restarted = await stage.probe.ask(async ({ vscode }, uri) => {
    const again = vscode.commands.executeCommand('bilevel.restartServer');
    const more = vscode.commands.executeCommand('bilevel.restartServer');
    await Promise.all([again, more]);
    await vscode.commands.executeCommand('bilevel.run', vscode.Uri.parse(uri));
    return true;
  }, stage.uri('ridge.bilevel'));
  assert.ok(restarted);
  await runs('ridge.bilevel');
  await until('one server to be left', async () => (await serverProcesses()).length === 1);
});

step('a server that answers no more is replaced, and its process is ended', async () => {
  const [before] = await serverProcesses();
  assert.ok(before !== undefined);
  process.kill(before, 'SIGSTOP');
  await stage.probe.ask(({ vscode }) => vscode.commands.executeCommand('bilevel.restartServer'));
  await until('another server alone', async () => {
    const now = await serverProcesses();
    return now.length === 1 && now[0] !== before;
  });
  await stage.open('quadratic.bilevel');
  await stage.run('quadratic.bilevel', () =>
    stage.probe.ask(
      ({ vscode }, uri) => vscode.commands.executeCommand('bilevel.run', vscode.Uri.parse(uri)),
      stage.uri('quadratic.bilevel'),
    ),
  );
});

step('a server that cannot start is told of, and starts once it can', async () => {
  const { page, workbench } = stage;
  const works = readFileSync(server);
  writeFileSync(server, 'console.error("broken on purpose"); process.exit(3);\n');
  await until('the results of the last run', async () => (await screen.shownResults(page)).length >= 3);
  await stage.probe.ask(({ vscode }) => void vscode.commands.executeCommand('bilevel.restartServer'));
  await assert.rejects(
    stage.probe.ask(
      ({ vscode }, uri) => vscode.commands.executeCommand('bilevel.run', vscode.Uri.parse(uri)),
      stage.uri('quadratic.bilevel'),
    ),
    /The language server is not running/,
  );
  writeFileSync(server, works);
  // A message goes by itself after some seconds.
  const toasts = page.locator('.notification-toast');
  const failure = toasts.filter({ hasText: 'cannot be started' });
  await failure.waitFor();
  assert.equal(await failure.count(), 1);
  const others = await toasts.filter({ hasNotText: /cannot be started|is not running/u }).allInnerTexts();
  assert.deepEqual(others, []);
  // Nobody knows any more whether they hold.
  assert.deepEqual(await screen.shownResults(page), []);
  await workbench.screenshot('server-that-cannot-start');
  await failure.getByText('Try Again').click();
  await stage.probe.ask(
    ({ vscode }, uri) => vscode.commands.executeCommand('bilevel.run', vscode.Uri.parse(uri)),
    stage.uri('quadratic.bilevel'),
  );
  await runs('quadratic.bilevel');
  await until('one server to be left', async () => (await serverProcesses()).length === 1);
});

/** The last run ends well, and its result is there. */
async function runs(path: string): Promise<void> {
  await until(`the run of ${path} to end`, async () => (await stage.status(path))?.state === 'finished');
  const result = await stage.probe.ask(
    async ({ api }, uri) => (await api()).lastResult(uri),
    stage.uri(path),
  );
  assert.equal(result?.result.status, 'converged');
}

/** Process ids of the language servers that the extension under test has started. */
function serverProcesses(): Promise<number[]> {
  return stage.probe.ask(
    (_, file) => {
      const { execFileSync } = process.getBuiltinModule('node:child_process');
      const listed = execFileSync('ps', ['-Ao', 'pid=,args='], { encoding: 'utf8' });
      return listed
        .split('\n')
        .filter((line) => line.includes(file))
        .map((line) => Number.parseInt(line, 10));
    },
    join('dist', 'server.cjs'),
  );
}
