/** The set-up's knowledge of what changed: names and contents count, times do not. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fingerprint } from '../../server/build/fingerprint.mjs';

let root = '';
before(() => {
  root = mkdtempSync(join(tmpdir(), 'bilevel-fingerprint-'));
  mkdirSync(join(root, 'folder/inner'), { recursive: true });
  writeFileSync(join(root, 'folder/one.ts'), 'one');
  writeFileSync(join(root, 'folder/inner/two.ts'), 'two');
});
after(() => {
  rmSync(root, { recursive: true });
});

test('the same content gives the same hash, whatever its times', () => {
  const first = fingerprint(['folder', 'absent.json'], root);
  utimesSync(join(root, 'folder/one.ts'), 1, 1);
  assert.equal(fingerprint(['folder', 'absent.json'], root), first);
});

test('a changed, renamed, moved or added file changes it', () => {
  const seen = new Set([fingerprint(['folder', 'absent.json'], root)]);
  const change = (work: () => void): void => {
    work();
    const hash = fingerprint(['folder', 'absent.json'], root);
    assert.ok(!seen.has(hash));
    seen.add(hash);
  };
  change(() => {
    writeFileSync(join(root, 'folder/one.ts'), 'eno');
  });
  change(() => {
    renameSync(join(root, 'folder/one.ts'), join(root, 'folder/three.ts'));
  });
  change(() => {
    renameSync(join(root, 'folder/three.ts'), join(root, 'folder/inner/three.ts'));
  });
  change(() => {
    writeFileSync(join(root, 'absent.json'), '');
  });
});

test('a boundary between files cannot move unnoticed', () => {
  writeFileSync(join(root, 'a'), 'xb');
  writeFileSync(join(root, 'b'), '');
  const first = fingerprint(['a', 'b'], root);
  writeFileSync(join(root, 'a'), 'x');
  writeFileSync(join(root, 'b'), 'b');
  assert.notEqual(fingerprint(['a', 'b'], root), first);
});
