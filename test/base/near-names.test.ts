// The names that a misspelt one may have meant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames, nearNamesText } from '../../server/src/base/near-names.ts';

test('near names by edits, without regard to case', () => {
  assert.deepEqual(nearNames('tarjet', ['age', 'target', 'targets']), ['target', 'targets']);
  assert.deepEqual(nearNames('AGE', ['age', 'sex']), ['age']);
  assert.deepEqual(nearNames('x', ['alpha']), []);
  assert.deepEqual(nearNames('x'.repeat(1000), ['x'.repeat(1000)]), []);
  const many = Array.from({ length: 10 }, (_, i) => `column${i}`);
  assert.match(nearNamesText('weight', many, 'columns'), /^The columns are "column0", .* and 2 more$/);
});
