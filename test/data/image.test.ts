// Images: every filter and depth against an encoder of its own, channels, transparency, stacks, limits, damage.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { readShape } from '../../server/src/data/headers.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import { permutation } from '../../server/src/data/random.ts';
import { readSource } from '../../server/src/data/source.ts';
import type { SourceSpec } from '../../server/src/data/source.ts';
import { integerBelow, seeded } from '../support/seeded.ts';
import { chunk, pngBytes } from './png-bytes.ts';
import { errorOf, folder, temporaryFile, valueOf } from './temporary-files.ts';

function read(bytes: Uint8Array, options: Partial<SourceSpec> = {}) {
  return readSource({ format: 'image', path: temporaryFile(bytes, 'image.png'), ...options });
}

test('every filter in any row, for pixels of one to eight bytes', () => {
  const random = seeded(5);
  for (let trial = 0; trial < 60; trial++) {
    const [type, channels, depth] = (
      [
        [0, 1, 8],
        [2, 3, 8],
        [0, 1, 16],
        [2, 3, 16],
      ] as const
    )[trial % 4] as readonly [number, number, number];
    const width = 1 + integerBelow(random, 9);
    const height = 1 + integerBelow(random, 7);
    const bytes = (width * channels * depth) / 8;
    const rows = Array.from({ length: height }, () =>
      Uint8Array.from({ length: bytes }, () => integerBelow(random, 256)),
    );
    const filters = rows.map(() => integerBelow(random, 5));
    const image = valueOf(read(pngBytes({ width, height, type, depth, rows, filters })));
    assert.deepEqual(image.shape, type === 0 ? [height, width] : [height, width, 3]);
    const samples = rows.flatMap((row) =>
      depth === 8
        ? [...row].map((byte) => byte / 255)
        : Array.from({ length: row.length / 2 }, (_, k) => Buffer.from(row).readUInt16BE(2 * k) / 65535),
    );
    assert.deepEqual([...image.values], samples);
  }
});

test('channels: grey by weights, grey exactly where it is grey, transparency only where it is wanted', () => {
  const colour = pngBytes({ width: 2, height: 1, type: 2, rows: [Uint8Array.of(255, 0, 51, 77, 77, 77)] });
  const grey = valueOf(read(colour, { channels: 'grey' }));
  assert.deepEqual(
    [grey.shape, [...grey.values]],
    [
      [1, 2],
      [0.299 + 0.114 * 0.2, 77 / 255],
    ],
  );
  const plain = pngBytes({ width: 2, height: 1, rows: [Uint8Array.of(0, 255)] });
  assert.deepEqual([...valueOf(read(plain, { channels: 'rgb' })).values], [0, 0, 0, 1, 1, 1]);
  assert.deepEqual([...valueOf(read(plain, { channels: 'rgba' })).values], [0, 0, 0, 1, 1, 1, 1, 1]);
  const both = (alpha: number) =>
    pngBytes({ width: 1, height: 1, type: 4, rows: [Uint8Array.of(51, alpha)] });
  assert.deepEqual([...valueOf(read(both(255))).values], [0.2]);
  assert.equal(errorOf(read(both(254)), /row 1, column 1 is not opaque/).row, 1);
  assert.equal(valueOf(read(both(0), { channels: 'rgba' })).values[3], 0);
  const keyed = pngBytes({
    width: 2,
    height: 1,
    rows: [Uint8Array.of(7, 8)],
    extra: [['tRNS', Uint8Array.of(0, 8)]],
  });
  errorOf(read(keyed), /row 1, column 2 is not opaque/);
  assert.deepEqual(
    [...valueOf(read(keyed, { channels: 'rgba' })).values].filter((_, k) => k % 4 === 3),
    [1, 0],
  );
});

test('rows and columns cut a grey image', () => {
  const image = pngBytes({ width: 3, height: 2, rows: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)] });
  const part = valueOf(read(image, { rows: { from: 2, to: 2 }, columns: { from: 2, to: 3 } }));
  assert.deepEqual(
    [part.shape, [...part.values]],
    [
      [1, 2],
      [5 / 255, 6 / 255],
    ],
  );
});

test('a stack: sorted names, a shuffle, images that differ', () => {
  const stack = join(folder, 'stack');
  mkdirSync(stack);
  for (const [k, name] of ['2.png', '10.png', '1.png', '.hidden.png', 'other.txt'].entries()) {
    writeFileSync(join(stack, name), pngBytes({ width: 1, height: 1, rows: [Uint8Array.of(51 * k)] }));
  }
  const spec: SourceSpec = { format: 'image', path: join(stack, '*.png') };
  assert.deepEqual(valueOf(readShape(spec)), [3, 1, 1]);
  assert.deepEqual([...valueOf(readSource(spec)).values], [0.4, 0.2, 0], '1, 10, 2: as sorted() orders them');
  const order = [...permutation(3, 4)].map((row) => [0.4, 0.2, 0][row]);
  assert.deepEqual([...valueOf(readSource({ ...spec, shuffle: 4 })).values], order);
  assert.deepEqual([...valueOf(readSource({ ...spec, rows: { from: 2, to: 2 } })).values], [0.2]);
  errorOf(readSource({ ...spec, path: join(stack, '*.pgn') }), /no file fits this pattern/);
  errorOf(readSource(spec, withLimits({ maxMembers: 2 })), /3 files fit this pattern; at most 2/);
  writeFileSync(
    join(stack, '3.png'),
    pngBytes({ width: 1, height: 2, rows: [Uint8Array.of(1), Uint8Array.of(2)] }),
  );
  const error = errorOf(readShape(spec), /shape \[2, 1\], the first of its stack \[1, 1\]/);
  assert.ok(error.path.endsWith('3.png'));
  errorOf(readSource(spec), /shape \[2, 1\]/);
});

test('bombs and giants take no memory', () => {
  const pixels = deflateSync(Buffer.alloc(4001 * 4000));
  const header = pngBytes({ width: 4000, height: 4000, rows: [] }).subarray(0, 33);
  const bomb = Buffer.concat([header, chunk('IDAT', pixels), chunk('IEND', new Uint8Array(0))]);
  const path = temporaryFile(bomb, 'bomb.png');
  const spec: SourceSpec = { format: 'image', path };
  errorOf(readSource(spec, withLimits({ freeUnpackedBytes: 2 ** 20 })), /the limit for their size/);
  assert.equal(valueOf(readSource(spec)).values.length, 16e6);
  const giant = pngBytes({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, type: 2, rows: [] });
  errorOf(read(giant), /elements; at most/);
  const more = Buffer.concat([
    pngBytes({ width: 2, height: 1, rows: [] }).subarray(0, 33),
    chunk('IDAT', deflateSync(new Uint8Array(100))),
    chunk('IEND', new Uint8Array(0)),
  ]);
  errorOf(read(more), /more pixels than the header says/);
});

test('damage is located, and other formats are called by their names', () => {
  const whole = pngBytes({ width: 2, height: 1, rows: [Uint8Array.of(1, 2)] });
  const flipped = Buffer.from(whole);
  flipped[43] = (flipped[43] as number) ^ 1;
  assert.equal(errorOf(read(flipped), /the checksum of its chunk IDAT is wrong/).byte, 33);
  errorOf(read(whole.subarray(0, 40)), /ends at byte 40, within its chunks/);
  errorOf(read(whole.subarray(0, -12)), /within its chunks/);
  errorOf(read(pngBytes({ width: 0, height: 1, rows: [] })), /0 x 1 pixels/);
  errorOf(read(pngBytes({ width: 1, height: 1, depth: 3, rows: [] })), /samples of 3 bits/);
  errorOf(read(pngBytes({ width: 1, height: 1, type: 3, rows: [Uint8Array.of(0)] })), /palette is missing/);
  const few = pngBytes({
    width: 1,
    height: 1,
    type: 3,
    rows: [Uint8Array.of(2)],
    extra: [['PLTE', Uint8Array.of(1, 2, 3)]],
  });
  errorOf(read(few), /the colour 2 of a palette that has fewer/);
  errorOf(
    read(pngBytes({ width: 1, height: 1, rows: [], extra: [['ABCD', new Uint8Array(1)]] })),
    /chunk ABCD/,
  );
  errorOf(read(pngBytes({ width: 1, height: 2, rows: [Uint8Array.of(1)] })), /2 bytes of pixels, not 4/);
  errorOf(read(Buffer.from('\xff\xd8\xff\xe0', 'latin1')), /a JPEG image/);
  errorOf(read(gzipSync(whole)), /packed by gzip/);
  errorOf(read(new Uint8Array(0)), /mark of PNG images/);
});
