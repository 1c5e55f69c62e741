/** Growing selections, symbols of the workspace, links to data files: also in CRLF and beyond the basic plane. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SelectionRange } from 'vscode-languageserver';
import { documentLinksOf } from '../../server/src/features/document-links.ts';
import { selectionRangesOf } from '../../server/src/features/selection-ranges.ts';
import { workspaceSymbolsOf } from '../../server/src/features/workspace-symbols.ts';
import { problemFiles } from '../../server/src/workspace/problem-files.ts';
import { RandomProgram } from '../support/random-program.ts';
import { openFixture, ridge, snapshotOf } from './support.ts';

function grown(marked: string): readonly string[] {
  const { snapshot, position } = openFixture(marked);
  const texts: string[] = [];
  let range: SelectionRange | undefined = selectionRangesOf(snapshot, [position])[0];
  while (range !== undefined) {
    texts.push(snapshot.slice(snapshot.span(range.range)));
    range = range.parent;
  }
  return texts;
}

test('a selection grows by the parts of the statement', () => {
  assert.deepEqual(
    grown(ridge.replace('sum(exp(theta) .* w .^ 2)', 'sum(exp(th<|>eta) .* w .^ 2)')).slice(0, 6),
    [
      'theta',
      'exp(theta)',
      'exp(theta) .* w .^ 2',
      'sum(exp(theta) .* w .^ 2)',
      'sumsq(X * w - y) / n + sum(exp(theta) .* w .^ 2)',
      'minimize sumsq(X * w - y) / n + sum(exp(theta) .* w .^ 2)',
    ],
  );
  assert.deepEqual(grown(ridge.replace('"X.npy"', '"X.<|>npy"')).slice(0, 3), [
    'X.npy',
    '"X.npy"',
    'npy("X.npy")',
  ]);
});

test('each selection holds the one before, wherever the cursor is and whatever the text', () => {
  for (let seed = 0; seed < 40; seed++) {
    const random = new RandomProgram(seed);
    const text = random.edited(random.program());
    const snapshot = snapshotOf(text);
    for (let offset = 0; offset <= text.length; offset += 7) {
      const [found] = selectionRangesOf(snapshot, [snapshot.position(offset)]);
      let range: SelectionRange | undefined = found;
      while (range !== undefined) {
        const inner = snapshot.span(range.range);
        assert.ok(inner.start <= offset && offset <= inner.end, `seed ${seed}`);
        const outer = range.parent === undefined ? inner : snapshot.span(range.parent.range);
        assert.ok(outer.start <= inner.start && inner.end <= outer.end, `seed ${seed}`);
        range = range.parent;
      }
    }
  }
});

test('symbols by letters in order, with the block they stand in', () => {
  const find = (query: string): readonly string[] =>
    workspaceSymbolsOf([snapshotOf(ridge)], query).map(
      ({ name, containerName = '' }) => `${containerName}/${name}`,
    );
  assert.deepEqual(find('theta'), ['upper/theta']);
  assert.deepEqual(find('rdg'), ['/Ridge']);
  assert.deepEqual(find('zz'), []);
  assert.deepEqual(find(''), ['/Ridge', 'data/X', 'data/y', 'upper/theta', 'lower/w']);
});

test('problems on disk are found below the folders, those of packages are not', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bilevel-files-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const path of ['a', 'node_modules/b', '.hidden']) mkdirSync(join(folder, path), { recursive: true });
  for (const path of [
    'one.bilevel',
    'a/two.bilevel',
    'node_modules/b/no.bilevel',
    '.hidden/no.bilevel',
    'a/no.txt',
  ]) {
    writeFileSync(join(folder, path), ridge);
  }
  const found = problemFiles([folder, join(folder, 'absent')]).map(({ path }) =>
    path.slice(folder.length + 1),
  );
  assert.deepEqual(found.toSorted(), [join('a', 'two.bilevel'), 'one.bilevel']);
});

test('a link says what the file holds, or why it cannot be read', () => {
  const text = ridge.replace('"y.npy"', '"absent.npy"');
  const [first, second] = documentLinksOf(snapshotOf(text), '/problems');
  assert.equal(first?.tooltip, '4 × 3: open the data file');
  assert.equal(second?.tooltip, 'absent.npy: there is no such file');
  assert.equal(first?.target, 'file:///problems/X.npy');
});

test('positions count UTF-16 units: mathematical letters and emoji before, CRLF between', () => {
  const text = `# 😀 𝐱\r\n${ridge.replace('"Ridge"', '"Ridge 😀"').replaceAll('theta', '𝜃𝐱').replaceAll('\n', '\r\n')}`;
  const snapshot = snapshotOf(text);
  const [symbol] = workspaceSymbolsOf([snapshot], '𝜃');
  assert.ok(symbol !== undefined && 'range' in symbol.location);
  assert.equal(snapshot.slice(snapshot.span(symbol.location.range)), '𝜃𝐱');
  assert.deepEqual(symbol.location.range, {
    start: { line: 9, character: 2 },
    end: { line: 9, character: 6 },
  });
  const at = snapshot.position(text.indexOf('exp(𝜃𝐱)') + 6);
  const [selection] = selectionRangesOf(snapshot, [at]);
  assert.equal(selection === undefined ? '' : snapshot.slice(snapshot.span(selection.range)), '𝜃𝐱');
});
