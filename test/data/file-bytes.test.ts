// Bytes of files: what is not a regular file, gzip that lies, and beginnings.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readFileBytes, readFileStart } from '../../server/src/data/file-bytes.ts';
import { defaultLimits, withLimits } from '../../server/src/data/limits.ts';
import { errorOf, folder, temporaryFile, valueOf } from './temporary-files.ts';

test('a missing file names the near ones', () => {
  const path = temporaryFile('1\n', 'train-images.gz');
  const unpacked = path.slice(0, -3);
  assert.equal(
    errorOf(readFileBytes(unpacked, defaultLimits), /no such file/).remedy,
    `Did you mean ${basename(path)}?`,
  );
  assert.match(
    errorOf(readFileBytes(path.replace('images', 'imagse'), defaultLimits), /no such file/).remedy,
    /Did you mean/,
  );
  assert.match(
    errorOf(readFileBytes(join(folder, 'none', 'x'), defaultLimits), /no such file/).remedy,
    /Check the path/,
  );
});

test('folders, devices, pipes and closed files are refused at once', () => {
  const path = join(folder, 'a-folder');
  mkdirSync(path);
  errorOf(readFileBytes(path, defaultLimits), /is a folder/);
  if (process.platform === 'win32') return;
  errorOf(readFileBytes('/dev/zero', defaultLimits), /not a regular file/);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  errorOf(readFileBytes(pipe, defaultLimits), /not a regular file/);
  if (process.getuid?.() === 0) return;
  const closed = temporaryFile('1');
  chmodSync(closed, 0);
  errorOf(readFileBytes(closed, defaultLimits), /may not be read/);
});

test('gzip: truncated, damaged, several members, trailing bytes', () => {
  const content = Buffer.from('1,2\n3,4\n'.repeat(1000));
  const packed = gzipSync(content);
  const read = (bytes: Uint8Array) => readFileBytes(temporaryFile(bytes), defaultLimits);
  assert.deepEqual(valueOf(read(packed)).bytes, content);
  assert.equal(
    errorOf(read(packed.subarray(0, packed.length - 9)), /gzip file ends early/).byte,
    packed.length - 9,
  );
  const damaged = Buffer.from(packed);
  damaged[packed.length - 6] = (damaged[packed.length - 6] as number) ^ 1;
  errorOf(read(damaged), /gzip file is damaged/);
  assert.deepEqual(valueOf(read(Buffer.concat([packed, packed]))).bytes, Buffer.concat([content, content]));
  errorOf(read(Buffer.concat([packed, Buffer.from('junk')])), /gzip file is damaged/);
  errorOf(read(Uint8Array.of(0x1f, 0x8b)), /gzip file ends early/);
});

test('gzip bombs are stopped by ratio and by size', () => {
  const bomb = temporaryFile(gzipSync(Buffer.alloc(2 ** 24)), 'bomb.gz');
  const strict = withLimits({ freeUnpackedBytes: 2 ** 20 });
  errorOf(readFileBytes(bomb, strict), /unpacks to more than/);
  errorOf(readFileBytes(bomb, withLimits({ maxUnpackedBytes: 1000 })), /unpacks to more than 1000 bytes/);
  assert.equal(valueOf(readFileBytes(bomb, defaultLimits)).bytes.length, 2 ** 24);
  // Only the beginning is unpacked where only the beginning is wanted.
  const start = valueOf(readFileStart(bomb, 100, strict));
  assert.deepEqual([start.bytes.length, start.whole], [100, false]);
});

test('the beginning of a file, packed or not', () => {
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => `${i}\n`).join(''));
  for (const bytes of [content, gzipSync(content)]) {
    const path = temporaryFile(bytes);
    for (const wanted of [1000, 2 ** 20]) {
      const start = valueOf(readFileStart(path, wanted, defaultLimits));
      assert.deepEqual(start.bytes, content.subarray(0, wanted));
      assert.equal(start.whole, false);
    }
    const all = valueOf(readFileStart(path, 2 ** 22, defaultLimits));
    assert.deepEqual([all.bytes.length, all.whole], [content.length, true]);
  }
});
