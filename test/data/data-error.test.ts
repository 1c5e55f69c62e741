// Errors as one line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, formatDataError } from '../../server/src/data/data-error.ts';

test('an error as a terminal shows it', () => {
  const { error } = failure('/d/a.csv', 'the cell is empty', 'Fill it', { line: 3, column: 5 });
  assert.equal(formatDataError(error), '/d/a.csv:3:5: the cell is empty. Fill it.');
  assert.equal(
    formatDataError(failure('/d/a.npy', 'no', 'Did you mean b?').error),
    '/d/a.npy: no. Did you mean b?',
  );
});
