/** The choice between the two hosts, and the question for Debian packages, without starting an editor. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { canReach, chooseHost } from './host/choice.ts';
import { missingPackages } from './host/debian.ts';

async function choiceUnder(wish: string): Promise<string> {
  const former = process.env['BILEVEL_VSCODE_HOST'];
  process.env['BILEVEL_VSCODE_HOST'] = wish;
  try {
    return await chooseHost();
  } finally {
    if (former === undefined) delete process.env['BILEVEL_VSCODE_HOST'];
    else process.env['BILEVEL_VSCODE_HOST'] = former;
  }
}

test('the environment decides, and a wrong wish is refused', async () => {
  assert.equal(await choiceUnder('desktop'), 'desktop');
  assert.equal(await choiceUnder('packaged'), 'packaged');
  await assert.rejects(choiceUnder('browser'), /"desktop" or "packaged"/);
});

test('a server that never answers is not reached, and not waited for', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  const address = silent.address();
  assert.ok(address !== null && typeof address === 'object');
  assert.equal(await canReach('127.0.0.1', address.port, 100), false);
  silent.close();
  assert.equal(await canReach('127.0.0.1', 1, 1000), false);
});

test('a package that nobody has is missing', () => {
  const missing = missingPackages(['bilevel-no-such-package']);
  // Undefined where there is no dpkg.
  if (missing !== undefined) assert.deepEqual(missing, ['bilevel-no-such-package']);
});
