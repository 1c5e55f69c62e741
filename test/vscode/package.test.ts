/**
 * The package that users install: made as for a marketplace, small, installed in a fresh VS Code, and there it
 * starts, checks a file and runs one, with nothing of the checkout around it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './host/paths.ts';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

/** What a user downloads. */
const largestBytes = 3_000_000;

const { stage, step } = stageForAll(() => ({
  extension: packaged(),
  files: {
    'wrong.bilevel': 'problem "Wrong"\nlower {\n  x : vector[2] = 0\n  minimize sumsq(x - absent)\n}\n',
  },
}));

step('the package is small, and works where it is installed', async () => {
  const { page, workbench } = stage;
  await stage.open('wrong.bilevel');
  const place = await stage.probe.ask(
    ({ vscode }) => vscode.extensions.getExtension('bilevel.bilevel')?.extensionPath ?? '',
  );
  assert.ok(!place.startsWith(projectRoot), place);
  const error = await until('the error', async () =>
    (await stage.diagnostics('wrong.bilevel')).find(({ message }) => message.includes('absent')),
  );
  assert.equal(error.line, 4);
  await stage.open('quadratic.bilevel');
  const end = await stage.run('quadratic.bilevel', () => screen.lens(page, 'Run').click());
  assert.equal(end.state, 'finished', end.text);
  await until('the results', async () => (await screen.shownResults(page)).length >= 3);
  await workbench.screenshot('installed-package');
});

/** The path of the package, freshly made. */
function packaged(): string {
  const made = spawnSync(process.execPath, [join('server', 'build', 'package.mjs')], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  assert.equal(made.status, 0, made.stderr);
  const { name, version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const vsix = join(projectRoot, `${name}-${version}.vsix`);
  assert.ok(statSync(vsix).size <= largestBytes);
  return vsix;
}
