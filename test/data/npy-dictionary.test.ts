// The dictionary grammar of npy headers: what NumPy writes is read, everything else fails, nothing nests forever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDictionary } from '../../server/src/data/formats/npy-dictionary.ts';

test('the dictionary grammar is bounded and reads what old versions of NumPy wrote', () => {
  const old = readDictionary("{'descr': \"<f8\", 'fortran_order': True, 'shape': (3L, 2L)}  \n");
  assert.ok(old.ok);
  assert.deepEqual(old.entries.get('shape')?.value, [3, 2]);
  const deep = readDictionary(`{'a': ${'['.repeat(100_000)}`);
  assert.ok(!deep.ok && deep.problem.includes('nest too deep'));
  for (const text of [
    '{',
    "{'a",
    "{'a'",
    "{'a':",
    "{'a': (1",
    "{'a': 1 2}",
    "{'a': '\\n'}",
    '{1: 2}',
    '[]',
    "{'a': 1};",
  ]) {
    assert.ok(!readDictionary(text).ok, text);
  }
});
