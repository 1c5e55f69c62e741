/** Binary search against a search from the beginning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstIndex } from '../../server/src/base/first-index.ts';

test('the first index is that of a search from the beginning', () => {
  for (let length = 0; length < 12; length++) {
    const items = Array.from({ length }, (_, at) => 2 * at);
    for (let wanted = -1; wanted <= 2 * length; wanted++) {
      const plain = items.findIndex((item) => item >= wanted);
      const found = firstIndex(items, (item) => item >= wanted);
      assert.equal(found, plain < 0 ? length : plain);
    }
  }
});
