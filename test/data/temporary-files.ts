// Files for the tests of the data room: written to one temporary folder per test process, removed at its end.
// Also the two assertions on results that every test needs.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataError, DataResult } from '../../server/src/data/data-error.ts';

export const folder = mkdtempSync(join(tmpdir(), 'bilevel-data-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let written = 0;

/** Writes content under a fresh path and returns the path. */
export function temporaryFile(content: string | Uint8Array, name = 'file'): string {
  const path = join(folder, `${written++}-${name}`);
  writeFileSync(path, content);
  return path;
}

/** The value of a result that must be one. */
export function valueOf<T>(result: DataResult<T>): T {
  if (!result.ok) assert.fail(`unexpected failure: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The error of a result that must be a failure; its message matches, and it says what to do. */
export function errorOf(result: DataResult<unknown>, message: RegExp): DataError {
  if (result.ok) assert.fail('a failure was expected');
  assert.match(result.error.message, message);
  assert.ok(result.error.remedy.length > 5, 'every error has a remedy');
  return result.error;
}

/** Bytes of an IDX file. */
export function idxBytes(code: number, sizes: readonly number[], body: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4 + 4 * sizes.length));
  head.setUint8(2, code);
  head.setUint8(3, sizes.length);
  sizes.forEach((size, axis) => head.setUint32(4 + 4 * axis, size));
  return Buffer.concat([new Uint8Array(head.buffer), body]);
}

/** Bytes of an npy file of version 1 whose header is the given dictionary text. */
export function npyBytes(dictionary: string, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(10);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  head.writeUInt16LE(dictionary.length, 8);
  return Buffer.concat([head, Buffer.from(dictionary, 'latin1'), body]);
}
