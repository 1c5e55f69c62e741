// Hostile files: seeded mutations of valid files of every format. A mutated file either loads, with as many
// values as its shape says and none that is not finite, or fails with a message, a remedy and a place; it never
// throws, hangs or takes memory out of proportion. Header and loading agree on the shape.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readHeader, readShape } from '../../server/src/data/headers.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import { encodeNpy } from '../../server/src/data/npy-writer.ts';
import { createRandom } from '../../server/src/data/random.ts';
import type { Random } from '../../server/src/data/random.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { caseCount } from '../support/long.ts';
import { idxBytes, npyBytes, temporaryFile } from './temporary-files.ts';

const limits = withLimits({ maxElements: 1e6, maxUnpackedBytes: 2 ** 24, freeUnpackedBytes: 2 ** 22 });
/** For each of the seeds below. */
const rounds = caseCount(1200, 20_000);

const csv = Buffer.from('\ufeffa,"b ""q""",größe\r\n1,2.5,-3e-4\r\n"4",5,6\n0.1,1e300,7\n\n');
const idx = idxBytes(0x0d, [3, 2, 2], new Uint8Array(48).fill(0x3f));
const integers = npyBytes(
  "{'descr': '>i8', 'fortran_order': True, 'shape': (2, 2), }\n",
  new Uint8Array(32).fill(1, 6, 8),
);

const seeds: {
  name: string;
  format: SourceSpec['format'];
  bytes: Uint8Array;
  options: Partial<SourceSpec>;
}[] = [
  { name: 'csv', format: 'csv', bytes: csv, options: {} },
  { name: 'csv.gz', format: 'csv', bytes: gzipSync(csv), options: { shuffle: 1 } },
  {
    name: 'npy',
    format: 'npy',
    bytes: encodeNpy([3, 2], Float64Array.of(1, 2, 3, 4, 5, 6)),
    options: { columns: 2 },
  },
  { name: 'npy of integers', format: 'npy', bytes: integers, options: {} },
  { name: 'idx', format: 'idx', bytes: idx, options: { rows: { from: 1, to: 2 }, shuffle: 2 } },
  { name: 'idx.gz', format: 'idx', bytes: gzipSync(idx), options: {} },
];

/** Bytes that mean something to one of the formats. */
const telling = Buffer.from(
  '"",;\t\n\r\n-+.eE0919{}()[]:\'L|<>fiuO\0\x01\x08\x0d\x7f\xff\xfe\x1f\x8b',
  'latin1',
);

function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = Buffer.from(bytes);
  const below = (count: number) => Math.floor(random.uniform() * count);
  for (let edits = 1 + below(4); edits > 0 && mutated.length > 0; edits--) {
    const at = below(mutated.length);
    const part = mutated.subarray(at, at + 1 + below(8));
    const byte = random.uniform() < 0.5 ? below(256) : (telling[below(telling.length)] as number);
    switch (below(5)) {
      case 0:
      case 1:
        mutated[at] = byte;
        break;
      case 2:
        mutated = Buffer.concat([mutated.subarray(0, at), Uint8Array.of(byte), mutated.subarray(at)]);
        break;
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + part.length)]);
        break;
      default:
        mutated =
          random.uniform() < 0.3
            ? mutated.subarray(0, at)
            : Buffer.concat([mutated.subarray(0, at), part, part, mutated.subarray(at)]);
    }
  }
  return mutated;
}

function checkMutation(spec: SourceSpec): boolean {
  const loaded = readSource(spec, limits);
  const shape = readShape(spec, limits);
  readHeader(spec, limits);
  if (!loaded.ok) {
    const { message, remedy, line, byte, row } = loaded.error;
    assert.ok(message.length > 10 && remedy.length > 5 && !message.includes('undefined'), message);
    const whole =
      /gzip|file is empty|UTF-16|rows|no elements|at most|axes|single number|no such|no column/.test(message);
    assert.ok(whole || line !== undefined || byte !== undefined || row !== undefined, `no place: ${message}`);
    return false;
  }
  const { values } = loaded.value;
  assert.equal(
    loaded.value.shape.reduce((product, size) => product * size, 1),
    values.length,
  );
  assert.ok(values.every(Number.isFinite));
  assert.ok(shape.ok);
  assert.deepEqual(shape.value, loaded.value.shape);
  return true;
}

for (const [k, { name, format, bytes, options }] of seeds.entries()) {
  test(`mutated ${name}`, () => {
    const random = createRandom(100 + k);
    const intact = readSource({ format, path: temporaryFile(bytes), ...options }, limits);
    assert.ok(intact.ok, JSON.stringify(intact));
    let loaded = 0;
    for (let round = 0; round < rounds; round++) {
      const mutated = mutate(bytes, random);
      const path = temporaryFile(mutated, name);
      try {
        if (checkMutation({ ...options, format, path })) loaded++;
      } catch (thrown) {
        assert.fail(
          `round ${round}, ${JSON.stringify(Buffer.from(mutated).toString('latin1'))}: ${String(thrown)}`,
        );
      } finally {
        rmSync(path);
      }
    }
    assert.ok(loaded < rounds, 'some mutations must be noticed');
  });
}
