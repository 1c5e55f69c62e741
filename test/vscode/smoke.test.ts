/**
 * Proves the test host itself: a workbench opens on a folder with a trivially small extension, that extension
 * answers a command on the screen, and a suite runs inside the extension host. When this fails, no other test
 * in this folder means anything.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkbench, runInExtensionHost } from './host/workbench.ts';

let scratch = '';
let folder = '';
let extension = '';

const extensionProgram = `
const vscode = require('vscode');
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('trivial.greet', () =>
    vscode.window.showInformationMessage('Greetings from Node ' + process.versions.node.split('.')[0])));
};`;

before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'bilevel-smoke-'));
  folder = join(scratch, 'folder');
  extension = join(scratch, 'extension');
  mkdirSync(folder);
  mkdirSync(extension);
  writeFileSync(join(folder, 'hello.txt'), 'The norm ‖x − x*‖ is at most ε.\n');
  writeFileSync(
    join(extension, 'package.json'),
    JSON.stringify({
      name: 'trivial',
      publisher: 'test',
      version: '0.0.1',
      engines: { vscode: '^1.101.0' },
      main: './extension.js',
      contributes: { commands: [{ command: 'trivial.greet', title: 'Greet', category: 'Trivial' }] },
    }),
  );
  writeFileSync(join(extension, 'extension.js'), extensionProgram);
});

after(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test('a workbench opens, shows a file and runs a command of the extension', async () => {
  const workbench = await openWorkbench({ folder, extension });
  try {
    await workbench.openFile('hello.txt');
    await workbench.runCommand('Trivial: Greet');
    await workbench.page.locator('.notification-toast').getByText('Greetings from Node').waitFor();
    assert.ok(existsSync(await workbench.screenshot('smoke')));
  } finally {
    await workbench.close();
  }
});

test('a suite in the extension host decides the exit code', async () => {
  const suite = join(scratch, 'suite.js');
  writeFileSync(
    suite,
    `exports.run = async () => {
      const extension = require('vscode').extensions.getExtension('test.trivial');
      await extension.activate();
      console.log('active: ' + extension.isActive);
    };`,
  );
  const passed = await runInExtensionHost({ folder, extension }, suite);
  assert.equal(passed.code, 0, passed.log);
  assert.match(passed.log, /active: true/);

  writeFileSync(suite, `exports.run = async () => { throw new Error('as expected'); };`);
  const failed = await runInExtensionHost({ folder, extension }, suite);
  assert.equal(failed.code, 1, failed.log);
});
