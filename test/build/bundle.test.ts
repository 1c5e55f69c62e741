/** The bundles: what an older Node is told, and that every program is listed once and ignored files stay out. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import vsce from '@vscode/vsce';
import { nodeCheck, programFiles, programs } from '../../server/build/bundle.mjs';
import { projectRoot } from '../../server/build/fingerprint.mjs';

function runOn(version: string, program: string): { status: number | null; stderr: string } {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', `${pretend}\n${program}`], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('an older Node gets a sentence, a newer one nothing', () => {
  const old = runOn('20.11.1', nodeCheck());
  assert.equal(old.status, 2);
  assert.match(old.stderr, /needs Node\.js 22\.2 or newer; this one is 20\.11\.1\./);
  assert.equal(runOn('22.1.0', nodeCheck()).status, 2);
  for (const enough of ['22.2.0', '24.0.1'])
    assert.deepEqual(runOn(enough, nodeCheck()), { status: 0, stderr: '' });
});

test('so does the set-up, which needs less', () => {
  const { engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  assert.equal(engines.node, '>=20');
  const setUp = `import(${JSON.stringify(pathToFileURL(join(projectRoot, 'server/build/setup.mjs')).href)})`;
  const old = runOn('18.20.4', setUp);
  assert.equal(old.status, 1);
  assert.match(old.stderr, /setting up needs Node\.js 20 or newer; this one is 18\.20\.4/);
});

test('every program has its source and its own files', () => {
  for (const { entry } of programs) assert.ok(existsSync(join(projectRoot, entry)), entry);
  assert.equal(new Set(programFiles).size, programFiles.length);
});

test('what an editor waits for is small: the rest is loaded later', () => {
  for (const program of ['extension.cjs', 'solver.cjs']) {
    const { size } = statSync(join(projectRoot, 'dist', program));
    assert.ok(size < 50_000, `${program} has ${size} bytes`);
  }
});

test('the command line is executable, as npm linked it', { skip: process.platform === 'win32' }, () => {
  assert.equal(statSync(join(projectRoot, 'dist/cli.cjs')).mode & 0o111, 0o111);
});

test('the package holds what runs and nothing else', async () => {
  const files = await vsce.listFiles({ cwd: projectRoot, packageManager: vsce.PackageManager.None });
  const foreign = files.filter(
    (file) =>
      !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/([\w-]+\.cjs|licenses\.txt))$/.test(file) &&
      !/^(grammar\/.*\.(json|md)|samples\/.*|client\/(media|walkthrough)\/.*)$/.test(file),
  );
  assert.deepEqual(foreign, []);
});
