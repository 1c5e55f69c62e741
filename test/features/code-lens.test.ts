/** Code lenses and document links. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeLensesOf } from '../../server/src/features/code-lens.ts';
import { documentLinksOf } from '../../server/src/features/document-links.ts';
import { ridge, showRange, snapshotOf, uri } from './support.ts';

const lenses = (text: string, running = false, clientHasCommands = false): string[] =>
  codeLensesOf(snapshotOf(text), { running, clientHasCommands }).map(
    ({ range, command }) =>
      `${range.start.line} ${command?.title ?? ''} ${command?.command ?? ''} ${String(command?.arguments)}`,
  );

test('Run and Check gradient at the title, or at the first block', () => {
  assert.deepEqual(lenses(`# a comment\n\n${ridge}`), [
    `2 Run bilevel.server.run ${uri}`,
    `2 Check gradient bilevel.server.checkGradient ${uri}`,
  ]);
  assert.match(lenses(ridge.replace('problem "Ridge"', ''))[0] ?? '', /^2 Run/u);
  assert.deepEqual(lenses(''), []);
});

test('Cancel while running; the commands of the client where it has some', () => {
  assert.deepEqual(lenses(ridge, true), [`0 Cancel bilevel.server.cancel ${uri}`]);
  assert.match(lenses(ridge, false, true)[0] ?? '', /Run bilevel\.run /u);
});

test('paths of sources link to the files', () => {
  const snapshot = snapshotOf(ridge.replace('"X.npy"', '"../data dir/X.npy"'));
  const links = documentLinksOf(snapshot, '/problems/deep');
  assert.deepEqual(
    links.map(({ range, target }) => `${showRange(snapshot, range)} ${target ?? ''}`),
    ['3:26 ../data dir/X.npy file:///problems/data%20dir/X.npy', '4:23 y.npy file:///problems/deep/y.npy'],
  );
});
