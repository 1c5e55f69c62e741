/**
 * A folder that nobody trusts yet, in the real VS Code: problems in it are analysed, but nothing is run and no data
 * is read before the user trusts it.
 */
import assert from 'node:assert/strict';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

const wrong = `problem "Wrong"
lower {
  x : vector[2] = 0
  minimize sumsq(x - unknown_name)
}
`;

const { stage, step } = stageForAll({
  askForTrust: true,
  settings: { 'security.workspace.trust.startupPrompt': 'never' },
  files: { 'wrong.bilevel': wrong },
});

step('an untrusted file is analysed', async () => {
  const { page, workbench } = stage;
  assert.equal(await stage.probe.ask(({ vscode }) => vscode.workspace.isTrusted), false);
  await stage.open('wrong.bilevel');
  const error = await until('the error', async () =>
    (await stage.diagnostics('wrong.bilevel')).find(({ message }) => message.includes('unknown_name')),
  );
  assert.equal(error.line, 4);
  await screen.squiggles(page, 'error').first().waitFor();
  await workbench.screenshot('untrusted-analysed');
});

step('running it asks for trust and runs nothing', async () => {
  const { page, workbench } = stage;
  await stage.open('quadratic.bilevel');
  await screen.lens(page, 'Run').click();
  await page.locator('.notification-toast').filter({ hasText: 'not trusted' }).waitFor();
  await workbench.screenshot('untrusted-run');
  assert.equal(await stage.status('quadratic.bilevel'), undefined);
  const last = await stage.probe.ask(
    async ({ api }, uri) => (await api()).lastResult(uri),
    stage.uri('quadratic.bilevel'),
  );
  assert.equal(last, null);
});
