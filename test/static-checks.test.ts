/**
 * What can be seen without running anything: types, lint and format of the whole project, each as one test, so
 * that `npm test` says about them what it says about everything else.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const projectRoot = join(import.meta.dirname, '..');

const checks = {
  'the types fit': ['tsc', '--noEmit', '--pretty', 'false'],
  'the lint finds nothing': ['oxlint', '--type-aware', '--deny-warnings', '--format', 'unix'],
  'the format is that of the formatter': ['oxfmt', '--list-different'],
};

for (const [name, [tool = '', ...options]] of Object.entries(checks)) {
  test(name, () => {
    const program = join(projectRoot, 'node_modules', '.bin', tool);
    const result = spawnSync(program, options, {
      cwd: projectRoot,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.equal(result.status, 0, `${tool} ${options.join(' ')}\n${result.stdout}${result.stderr}`);
  });
}
