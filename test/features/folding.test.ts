/** Folding of blocks, comments and long statements. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldingRangesOf } from '../../server/src/features/folding.ts';
import { ridge, snapshotOf } from './support.ts';

function folds(text: string): string[] {
  return foldingRangesOf(snapshotOf(text)).map(
    ({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`,
  );
}

test('a block folds to its first and last line', () => {
  assert.deepEqual(folds(ridge), ['2-4', '7-9', '12-14']);
});

test('comments that follow each other fold together, one alone does not', () => {
  assert.deepEqual(folds('# one\n# two\n# three\n\n# alone\nlet a = 1 # beside\n'), ['0-2 comment']);
});

test('a statement over several lines folds', () => {
  assert.deepEqual(folds('lower {\n  x : scalar = 0\n  minimize x ^ 2 +\n    1 +\n    2\n}\n'), [
    '0-4',
    '2-4',
  ]);
});

test('an open block folds to the end', () => {
  assert.deepEqual(folds('upper {\n  x : scalar = 0\n'), ['0-1']);
});
