// Hostile files: seeded mutations of valid files of every format. A mutated file either loads, with as many
// values as its shape says and none that is not finite, or fails with a message, a remedy and a place; it never
// throws, hangs or takes memory out of proportion. Header and loading agree on the shape.

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { listArrays, readHeader, readShape } from '../../server/src/data/headers.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { createRandom } from '../../server/src/data/random.ts';
import type { Random } from '../../server/src/data/random.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { caseCount } from '../support/long.ts';
import { doubles, integers as wholeNumbers, matBytes } from './mat-bytes.ts';
import type { MatVariable } from './mat-bytes.ts';
import { chunk, pngBytes } from './png-bytes.ts';
import { idxBytes, npyBytes, temporaryFile } from './temporary-files.ts';
import { zipBytes } from './zip-bytes.ts';

const limits = withLimits({ maxElements: 1e6, maxUnpackedBytes: 2 ** 24, freeUnpackedBytes: 2 ** 22 });
/** For each of the seeds below. */
const rounds = caseCount(400, Math.ceil(100_000 / 24));

const csv = Buffer.from('\ufeffa,"b ""q""",größe\r\n1,2.5,-3e-4\r\n"4",5,6\n0.1,1e300,7\n\n');
const idx = idxBytes(0x0d, [3, 2, 2], new Uint8Array(48).fill(0x3f));
const integers = npyBytes(
  "{'descr': '>i8', 'fortran_order': True, 'shape': (2, 2), }\n",
  new Uint8Array(32).fill(1, 6, 8),
);

const pair = encodeNpy([2, 2], Float64Array.of(1, 0, 3, 4));
const archive = (deflated: boolean) =>
  zipBytes([
    { name: 'X.npy', content: pair, deflated },
    { name: 'y.npy', content: integers, deflated },
  ]);
const sparse = (bigEndian: boolean): MatVariable => ({
  name: 'S',
  shape: [3, 2],
  kind: 5,
  parts: [
    [5, wholeNumbers([0, 2, 1], bigEndian)],
    [5, wholeNumbers([0, 2, 3], bigEndian)],
    [9, doubles([1.5, -2, 4], bigEndian)],
  ],
});
const matFile = (bigEndian: boolean, packed: boolean) =>
  matBytes(
    [
      { name: 'X', shape: [2, 3], kind: 6, parts: [[9, doubles([1, 2, 3, 4, 5, 6], bigEndian)]] },
      { name: 'b', shape: [1, 4], kind: 9, flags: 2, parts: [[2, Uint8Array.of(0, 1, 1, 0)]] },
      sparse(bigEndian),
    ],
    { bigEndian, packed },
  );
const sparseText =
  '%%MatrixMarket matrix coordinate real symmetric\n% a comment\n3 3 3\n1 1 2.5\n2 1 -1e3\n3 2 7\n';
const denseText = '%%MatrixMarket matrix array integer general\n2 2\n1\n-2\n3\n4\n';
const rows = Array.from({ length: 4 }, (_, i) => Uint8Array.from({ length: 9 }, (__, j) => 20 * i + 3 * j));

const seeds: {
  name: string;
  format: SourceSpec['format'];
  bytes: Uint8Array;
  options: Partial<SourceSpec>;
  /** Puts the mutated bytes into a whole file with right checksums, so that they reach the inside of a reader. */
  wrap?: (bytes: Uint8Array) => Uint8Array;
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
  { name: 'npz', format: 'npz', bytes: archive(false), options: { array: 'X' } },
  { name: 'deflated npz', format: 'npz', bytes: archive(true), options: { array: 'y' } },
  { name: 'mat', format: 'mat', bytes: matFile(false, false), options: { array: 'X' } },
  { name: 'big-endian mat', format: 'mat', bytes: matFile(true, false), options: { array: 'b' } },
  {
    name: 'sparse mat',
    format: 'mat',
    bytes: matFile(false, false),
    options: { array: 'S', rows: { from: 2, to: 3 } },
  },
  { name: 'packed mat', format: 'mat', bytes: matFile(true, true), options: { array: 'S' } },
  { name: 'mat.gz', format: 'mat', bytes: gzipSync(matFile(false, false)), options: { array: 'S' } },
  { name: 'matrix_market', format: 'matrix_market', bytes: Buffer.from(sparseText), options: {} },
  {
    name: 'dense matrix_market',
    format: 'matrix_market',
    bytes: Buffer.from(denseText),
    options: { columns: 2, shuffle: 3 },
  },
  { name: 'matrix_market.gz', format: 'matrix_market', bytes: gzipSync(sparseText), options: {} },
  {
    name: 'png',
    format: 'image',
    bytes: pngBytes({ width: 3, height: 4, type: 2, rows, filters: [1, 2, 3, 4] }),
    options: {},
  },
  {
    name: 'png with a palette',
    format: 'image',
    bytes: pngBytes({
      width: 9,
      height: 4,
      type: 3,
      rows: rows.map((row) => row.map((byte) => byte % 3)),
      extra: [
        ['PLTE', Uint8Array.from({ length: 9 }, (_, k) => 25 * k)],
        ['tRNS', Uint8Array.of(255, 9)],
      ],
    }),
    options: { channels: 'rgba' },
  },
  {
    name: 'interlaced png',
    format: 'image',
    bytes: pngBytes({
      width: 2,
      height: 2,
      depth: 16,
      interlaced: true,
      rows: [Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5, 6, 7, 8)],
    }),
    options: { rows: { from: 1, to: 1 } },
  },
  {
    name: 'sparse npz',
    format: 'npz',
    bytes: readFileSync(`${import.meta.dirname}/scipy-files/csc.npz`),
    options: { columns: 3 },
  },
  {
    name: 'indices inside a sparse npz',
    format: 'npz',
    bytes: encodeNpy([4], Float64Array.of(0, 2, 0, 1)),
    options: {},
    wrap: (bytes) =>
      zipBytes(
        (
          [
            ['row', bytes],
            ['col', encodeNpy([4], Float64Array.of(0, 1, 2, 1))],
            ['data', encodeNpy([4], Float64Array.of(1, 2, 3, 4))],
            ['shape', encodeNpy([2], Float64Array.of(3, 3))],
            ['format', Buffer.from('coo')],
          ] as const
        ).map(([name, content]) => ({ name: `${name}.npy`, content })),
      ),
  },
  {
    name: 'npy inside npz',
    format: 'npz',
    bytes: pair,
    options: {},
    wrap: (bytes) => zipBytes([{ name: 'X.npy', content: bytes, deflated: true }]),
  },
  {
    name: 'variable inside packed mat',
    format: 'mat',
    bytes: matBytes([sparse(false)]).subarray(128),
    options: { array: 'S' },
    wrap: (bytes) => {
      const packed = deflateSync(bytes);
      return Buffer.concat([
        matFile(false, false).subarray(0, 128),
        wholeNumbers([15, packed.length]),
        packed,
      ]);
    },
  },
  {
    name: 'rows inside png',
    format: 'image',
    bytes: Uint8Array.of(1, 1, 2, 2, 250, 9, 4, 7, 3),
    options: { channels: 'rgb' },
    wrap: (bytes) =>
      Buffer.concat([
        pngBytes({ width: 2, height: 3, rows: [] }).subarray(0, 33),
        chunk('IDAT', deflateSync(bytes)),
        chunk('IEND', new Uint8Array(0)),
      ]),
  },
];

test('as many formats as there are seeds for the full count', () => {
  assert.equal(seeds.length, 24);
});

/** Bytes that mean something to one of the formats. */
// Among them the marks of chunks, members and elements.
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
  listArrays(spec.format, spec.path, limits);
  if (!loaded.ok) {
    const { message, remedy, line, byte, row } = loaded.error;
    assert.ok(message.length > 10 && remedy.length > 5 && !message.includes('undefined'), message);
    const whole =
      /gzip|file is empty|UTF-16|rows|no elements|at most|axes|single number|no such|no column|array "|no array|arrays:|not opaque|colour|pixels/.test(
        message,
      );
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
  // The variable may lie beyond what is looked at of a packed file.
  if (shape.value !== undefined) assert.deepEqual(shape.value, loaded.value.shape);
  return true;
}

for (const [k, { name, format, bytes, options, wrap = (inner: Uint8Array) => inner }] of seeds.entries()) {
  test(`mutated ${name}`, () => {
    const random = createRandom(100 + k);
    const intact = readSource({ format, path: temporaryFile(wrap(bytes)), ...options }, limits);
    assert.ok(intact.ok, JSON.stringify(intact));
    let loaded = 0;
    for (let round = 0; round < rounds; round++) {
      const mutated = wrap(mutate(bytes, random));
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
