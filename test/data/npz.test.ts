// npz: the choice of an array, damaged and hostile archives, and headers that read little.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listArrays, readShape } from '../../server/src/data/headers.ts';
import { withLimits } from '../../server/src/data/limits.ts';
import type { Limits } from '../../server/src/data/limits.ts';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { readSource } from '../../server/src/data/source.ts';
import { errorOf, temporaryFile, valueOf } from './temporary-files.ts';
import { zipBytes } from './zip-bytes.ts';
import type { ZipPart } from './zip-bytes.ts';

const pair = encodeNpy([2], Float64Array.of(1, 2));
const X: ZipPart = { name: 'X.npy', content: pair };

function read(bytes: Uint8Array, array?: string, limits?: Limits) {
  const path = temporaryFile(bytes, 'arrays.npz');
  return readSource({ format: 'npz', path, ...(array === undefined ? {} : { array }) }, limits);
}

test('a name that is not there, and none where there are several', () => {
  const path = temporaryFile(zipBytes([X, { ...X, name: 'weights.npy' }, { ...X, name: 'notes.txt' }]));
  const array = (name: string) => readSource({ format: 'npz', path, array: name });
  assert.equal(errorOf(array('weight'), /there is no array "weight"/).remedy, 'Did you mean "weights"?');
  errorOf(array('notes.txt'), /the file has "X", "weights"/);
  errorOf(readSource({ format: 'npz', path }), /holds 2 arrays: "X", "weights"/);
  assert.deepEqual([...valueOf(array('weights')).values], [1, 2]);
  assert.deepEqual(listArrays('npz', path), [
    { name: 'X', shape: [2] },
    { name: 'weights', shape: [2] },
  ]);
});

test('bombs: what is announced, what is packed, and lies about either', () => {
  const zeros = encodeNpy([2 ** 20], new Float64Array(2 ** 20));
  const bomb = zipBytes([{ name: 'X.npy', content: zeros, deflated: true }]);
  errorOf(read(bomb, undefined, withLimits({ freeUnpackedBytes: 2 ** 20 })), /the limit for its size/);
  assert.equal(valueOf(read(bomb)).values.length, 2 ** 20);
  const lying = zipBytes([{ name: 'X.npy', content: zeros, deflated: true, says: { bytes: 144 } }]);
  errorOf(read(lying), /more than the 144 bytes that the directory announces/);
  const short = zipBytes([{ name: 'X.npy', content: pair, deflated: true, says: { bytes: 1000 } }]);
  errorOf(read(short), /144 bytes and not 1000/);
  const many = zipBytes([X, { ...X, name: 'y.npy' }]);
  errorOf(read(many, 'X', withLimits({ maxMembers: 1 })), /has 2 members; at most 1/);
  const huge = encodeNpy([2], Float64Array.of(1, 2));
  Buffer.from(huge.buffer).write('9', Buffer.from(huge.buffer).indexOf('(2,)') + 1);
  errorOf(read(zipBytes([{ name: 'X.npy', content: huge }])), /array "X": the file ends at byte 144/);
});

test('damage is located: checksums, encryption, methods, names, directories, packing', () => {
  const says = (what: ZipPart['says']) => zipBytes([{ ...X, ...(what === undefined ? {} : { says: what }) }]);
  assert.equal(errorOf(read(says({ checksum: 1 })), /array "X": its checksum is wrong/).byte, 0);
  errorOf(read(says({ flags: 1 })), /it is encrypted/);
  errorOf(read(says({ method: 12 })), /packed by method 12/);
  errorOf(read(zipBytes([X, X])), /two members with the name "X.npy"/);
  const whole = says(undefined);
  errorOf(read(whole.subarray(0, -1)), /ends at byte/);
  errorOf(read(whole.subarray(1)), /mark of zip archives/);
  errorOf(read(Buffer.concat([whole, Buffer.from('trailing')])), /ends at byte/);
  errorOf(read(gzipSync(whole)), /mark of zip archives/);
  errorOf(read(new Uint8Array(0)), /mark of zip archives/);
  const cut = zipBytes([{ ...X, content: pair.subarray(0, 130) }]);
  const path = temporaryFile(cut);
  errorOf(readShape({ format: 'npz', path }), /array "X": the file ends at byte 130/);
});

test('the header of a large member unpacks its beginning only', () => {
  const bytes = zipBytes([
    { name: 'X.npy', content: encodeNpy([3000, 1000], new Float64Array(3e6)), deflated: true },
  ]);
  const path = temporaryFile(bytes);
  const before = process.memoryUsage().arrayBuffers;
  assert.deepEqual(valueOf(readShape({ format: 'npz', path })), [3000, 1000]);
  assert.ok(process.memoryUsage().arrayBuffers - before < 4e6);
});
