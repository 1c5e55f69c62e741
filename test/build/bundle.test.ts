/** The bundles: what an older Node is told, and that every program is listed once and ignored files stay out. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vsce from '@vscode/vsce';
import { nodeCheck, programs } from '../../server/build/bundle.mjs';
import { projectRoot } from '../../server/build/fingerprint.mjs';

function runOn(version: string): { status: number | null; stderr: string } {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', `${pretend}\n${nodeCheck()}`], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('an older Node gets a sentence, a newer one nothing', () => {
  const old = runOn('20.11.1');
  assert.equal(old.status, 2);
  assert.match(old.stderr, /needs Node\.js 22 or newer; this one is 20\.11\.1\./);
  assert.deepEqual(runOn('22.0.0'), { status: 0, stderr: '' });
});

test('every program has its source and its own output', () => {
  for (const { entry } of programs) assert.ok(existsSync(join(projectRoot, entry)), entry);
  assert.equal(new Set(programs.map(({ output }) => output)).size, programs.length);
});

test('the command line is executable, as npm linked it', { skip: process.platform === 'win32' }, () => {
  assert.equal(statSync(join(projectRoot, 'dist/cli.cjs')).mode & 0o111, 0o111);
});

test('the package holds what runs and nothing else', async () => {
  const files = await vsce.listFiles({ cwd: projectRoot, packageManager: vsce.PackageManager.None });
  const foreign = files.filter(
    (file) =>
      !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(\w+\.cjs|licenses\.txt))$/.test(file) &&
      !/^(grammar\/.*\.(json|md)|samples\/.*|client\/(media|walkthrough)\/.*)$/.test(file),
  );
  assert.deepEqual(foreign, []);
});
