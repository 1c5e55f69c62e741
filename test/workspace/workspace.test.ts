/** Documents, their stages, and the data files behind them. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Snapshot } from '../../server/src/workspace/document.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { pngBytes } from '../data/png-bytes.ts';

function open(t: TestContext, text: string, file = 'problem.bilevel') {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-workspace-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const events: string[] = [];
  const workspace = new Workspace(
    {
      changed: ({ version }, edits) => events.push(`changed ${version} ${edits.length}`),
      dataChanged: ({ version }, replaced) => events.push(`data ${version}${replaced ? ' replaced' : ''}`),
      closed: () => events.push('closed'),
    },
    20,
  );
  const uri = file.includes(':') ? file : pathToFileURL(join(folder, file)).href;
  const start = (): Snapshot => {
    workspace.didOpen({ uri, languageId: 'bilevel', version: 1, text });
    return workspace.get(uri) as Snapshot;
  };
  return { folder, events, workspace, uri, start };
}

const table = 'data {\n  X : matrix[n, d] = csv("table.csv")\n}\n';
const sizes = ({ checked }: Snapshot): string =>
  [...checked.partial.dimensions.values()].map(({ name, value }) => `${name} = ${value ?? '?'}`).join(', ');
const codes = ({ diagnostics }: Snapshot): string[] => diagnostics.map(({ code }) => code);

test('changes make new snapshots; an old one keeps its text and positions', (t) => {
  const { workspace, uri, start, events } = open(t, 'let a = 1\nlet b = 2\n');
  const first = start();
  const range = { start: { line: 0, character: 4 }, end: { line: 0, character: 5 } };
  workspace.didChange(uri, 2, [{ range, text: 'longer\n' }]);
  const second = workspace.get(uri);
  assert.equal(first.text, 'let a = 1\nlet b = 2\n');
  assert.deepEqual(first.position(14), { line: 1, character: 4 });
  assert.equal(second?.text, 'let longer\n = 1\nlet b = 2\n');
  assert.equal(second?.version, 2);
  workspace.didClose(uri);
  assert.equal(workspace.get(uri), undefined);
  assert.deepEqual(events, ['changed 1 0', 'changed 2 1', 'closed']);
});

test('stages are computed once', (t) => {
  const snapshot = open(t, table).start();
  assert.equal(snapshot.checked, snapshot.checked);
  assert.equal(snapshot.parsed, snapshot.parsed);
});

test('a data file that appears, changes or vanishes is noticed and read again', async (t) => {
  const { folder, workspace, start, events } = open(t, table);
  const path = join(folder, 'table.csv');
  const snapshot = start();
  assert.ok(codes(snapshot).includes('data-file'), 'the file is missing');
  workspace.watchData();
  writeFileSync(join(folder, 'unrelated.csv'), '1\n');
  await setTimeout(50);
  const noticed = async (times: number): Promise<void> => {
    for (let k = 0; k < 400 && events.length <= times; k++) await setTimeout(10);
    assert.deepEqual(events.slice(1), Array<string>(times).fill('data 1 replaced'));
  };
  writeFileSync(path, 'a,b\n1,2\n3,4\n');
  await noticed(1);
  assert.ok(!codes(snapshot).includes('data-file'));
  assert.equal(sizes(snapshot), 'n = 2, d = 2');
  writeFileSync(path, 'a,b,c\n1,2,3\n');
  await noticed(2);
  assert.equal(sizes(snapshot), 'n = 1, d = 3');
  rmSync(path);
  await noticed(3);
  assert.ok(codes(snapshot).includes('data-file'));
  workspace.didClose(snapshot.uri);
  writeFileSync(path, 'a,b\n1,2\n');
  await setTimeout(100);
  assert.deepEqual(events.slice(4), ['closed'], 'nobody asks any more');
});

test('a change between the check and the beginning of watching is noticed, none is told without one', async (t) => {
  const { folder, workspace, start, events } = open(t, table);
  const path = join(folder, 'table.csv');
  writeFileSync(path, 'a,b\n1,2\n3,4\n');
  const snapshot = start();
  assert.equal(sizes(snapshot), 'n = 2, d = 2');
  writeFileSync(path, 'a,b,c\n1,2,3\n');
  workspace.watchData();
  for (let k = 0; k < 400 && events.length < 2; k++) await setTimeout(10);
  assert.deepEqual(events, ['changed 1 0', 'data 1 replaced']);
  assert.equal(sizes(snapshot), 'n = 1, d = 3');
  workspace.watchData();
  await setTimeout(100);
  assert.equal(events.length, 2, 'the file is what was read');
});

test('a stack of images grows as images are added', async (t) => {
  const { folder, workspace, start, events } = open(t, 'data {\n  X : tensor[k, h, w] = image("*.png")\n}\n');
  const png = pngBytes({ width: 2, height: 1, rows: [Uint8Array.of(0, 255)] });
  writeFileSync(join(folder, 'a.png'), png);
  const snapshot = start();
  assert.equal(sizes(snapshot), 'k = 1, h = 1, w = 2');
  workspace.watchData();
  await setTimeout(50);
  writeFileSync(join(folder, 'b.png'), png);
  for (let k = 0; k < 400 && events.length < 2; k++) await setTimeout(10);
  assert.equal(sizes(snapshot), 'k = 2, h = 1, w = 2');
});

test('without trust no file is watched', async (t) => {
  const { folder, workspace, start, events } = open(t, table);
  workspace.configure({ trusted: false, folders: [folder] });
  start();
  workspace.watchData();
  await setTimeout(50);
  writeFileSync(join(folder, 'table.csv'), 'a,b\n1,2\n');
  await setTimeout(150);
  assert.deepEqual(events, ['changed 1 0']);
});

test('rows of a long file are counted in the background', async (t) => {
  const { folder, workspace, start, events } = open(t, table);
  writeFileSync(join(folder, 'table.csv'), `a,b\n${'1.2345,6.789\n'.repeat(400_000)}`);
  const snapshot = start();
  assert.equal(sizes(snapshot), 'n = ?, d = 2');
  await workspace.countRows(snapshot);
  assert.equal(sizes(snapshot), 'n = 400000, d = 2');
  assert.deepEqual(events, ['changed 1 0', 'data 1']);
});

test('without trust no file is looked at, and nothing is said of it', (t) => {
  const { folder, workspace, start } = open(t, table);
  writeFileSync(join(folder, 'table.csv'), 'a,b\n1,2\n');
  workspace.configure({ trusted: false, folders: [folder] });
  const snapshot = start();
  assert.ok(!codes(snapshot).includes('data-file'));
  assert.equal(sizes(snapshot), 'n = ?, d = ?');
});

test('the problems of every folder of the workspace are known, open ones as they are in the editor', (t) => {
  const { folder, workspace, start } = open(t, 'let typed = 1\n', 'here/problem.bilevel');
  const folders = ['here', 'there', 'later'].map((name) => join(folder, name));
  for (const each of folders) {
    mkdirSync(each);
    writeFileSync(join(each, 'problem.bilevel'), 'let saved = 1\n');
  }
  const [here = '', there = '', later = ''] = folders;
  const known = (): string[] =>
    workspace
      .everything()
      .map(({ path = '', text }) =>
        `${relative(folder, path)} ${text.split(' ')[1] ?? ''}`.replaceAll('\\', '/'),
      );
  workspace.configure({ trusted: true, folders: [here, there] });
  start();
  assert.deepEqual(known(), ['here/problem.bilevel typed', 'there/problem.bilevel saved']);
  workspace.changeFolders([later], [there]);
  assert.deepEqual(known(), ['here/problem.bilevel typed', 'later/problem.bilevel saved']);
  workspace.configure({ trusted: false, folders });
  assert.deepEqual(known(), ['here/problem.bilevel typed']);
});

test('a document that is no file lies in the folder of the workspace', (t) => {
  const { folder, workspace, start } = open(t, table, 'untitled:Untitled-1');
  writeFileSync(join(folder, 'table.csv'), 'a,b\n1,2\n');
  workspace.configure({ trusted: true, folders: [folder] });
  const snapshot = start();
  assert.equal(sizes(snapshot), 'n = 1, d = 2');
  assert.equal(workspace.solverPath(snapshot), join(folder, 'untitled.bilevel'));
});
