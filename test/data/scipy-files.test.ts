// Files written by NumPy, SciPy and pypng load with the values that those packages read, plain and by gzip, and
// their headers say the shapes; what cannot be read is refused in words.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readShape } from '../../server/src/data/headers.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { temporaryFile, valueOf } from './temporary-files.ts';

type Expected = SourceSpec & {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly divisor?: number;
  readonly error?: string;
};

const folder = `${import.meta.dirname}/scipy-files/`;
const expected: readonly Expected[] = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8'));

function checkSource(spec: SourceSpec, { shape, values, divisor = 1, error }: Expected): void {
  const loaded = readSource(spec);
  if (error !== undefined) {
    if (loaded.ok) assert.fail('a failure was expected');
    assert.ok(loaded.error.message.includes(error), loaded.error.message);
    assert.ok(loaded.error.remedy.length > 5);
    return;
  }
  const array = valueOf(loaded);
  assert.deepEqual(array.shape, shape);
  assert.equal(array.values.length, values.length);
  values.forEach((value, k) => assert.equal(array.values[k], value / divisor, `value ${k}`));
  assert.deepEqual(valueOf(readShape(spec)), shape);
}

for (const entry of expected) {
  const { format, path, array, channels } = entry;
  const options = {
    ...(array === undefined ? {} : { array }),
    ...(channels === undefined ? {} : { channels }),
  };
  test([format, path, ...Object.values(options)].join(' '), () => {
    checkSource({ format, path: folder + path, ...options }, entry);
    if (format === 'npz' || format === 'image') return;
    const packed = temporaryFile(gzipSync(readFileSync(folder + path)), `${path}.gz`);
    checkSource({ format, path: packed, ...options }, entry);
  });
}

test('every format and kind of file is there', () => {
  const loadable = expected.filter(({ error }) => error === undefined);
  for (const [format, least] of [
    ['npz', 5],
    ['mat', 36],
    ['matrix_market', 9],
    ['image', 26],
  ] as const) {
    assert.ok(loadable.filter((entry) => entry.format === format).length >= least, format);
  }
});
