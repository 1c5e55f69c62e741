// Reads the bytes of a data file, whole or only its beginning, and unpacks gzip by its magic bytes.
// Size is checked before memory is taken, only regular files are opened (a pipe could hang, a device
// never ends), and a file that changes while it is read is an error, never a mixture.

import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { constants as zlibConstants, gunzipSync } from 'node:zlib';
import { failure, success } from './data-error.ts';
import type { DataFailure, DataResult } from './data-error.ts';
import { byteText, unpackedAllowance } from './limits.ts';
import type { Limits } from './limits.ts';
import { nearNames } from '../base/near-names.ts';

export interface FileState {
  /** Size on disk, in bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly modified: number;
}

export interface FileBytes extends FileState {
  /** The content, unpacked where the file is gzip. */
  readonly bytes: Buffer;
  /** Whether `bytes` is all of the content. */
  readonly whole: boolean;
  readonly packed: boolean;
}

/** Size and time of a regular file within the size limit. */
export function readFileState(path: string, limits: Limits): DataResult<FileState> {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) {
      return failure(
        path,
        stat.isDirectory() ? 'the path is a folder, not a file' : 'the path is not a regular file',
        'Name a data file',
      );
    }
    if (stat.size > limits.maxFileBytes) {
      return failure(
        path,
        `the file has ${byteText(stat.size)}; at most ${byteText(limits.maxFileBytes)} are read`,
        'Use a smaller file, or raise the limit maxFileBytes',
      );
    }
    return success({ size: stat.size, modified: stat.mtimeMs });
  } catch (thrown) {
    return systemFailure(path, thrown);
  }
}

/** The whole content of a file, unpacked where it is gzip, within the limits. */
export function readFileBytes(path: string, limits: Limits): DataResult<FileBytes> {
  const state = readFileState(path, limits);
  if (!state.ok) return state;
  const content = readPart(path, state.value, state.value.size);
  if (!content.ok) return content;
  if (!isGzip(content.value))
    return success({ ...state.value, bytes: content.value, whole: true, packed: false });
  const unpacked = unpack(path, content.value, limits);
  return unpacked.ok
    ? success({ ...state.value, bytes: unpacked.value, whole: true, packed: true })
    : unpacked;
}

/**
 * The first `wanted` bytes of a file's content, or all of it where it is shorter. A gzip file is unpacked
 * only as far as needed; damage beyond that part goes unnoticed here and is found when the file is loaded.
 */
export function readFileStart(path: string, wanted: number, limits: Limits): DataResult<FileBytes> {
  const state = readFileState(path, limits);
  if (!state.ok) return state;
  const content = readPart(path, state.value, Math.min(state.value.size, wanted));
  if (!content.ok) return content;
  const all = content.value.length === state.value.size;
  if (!isGzip(content.value))
    return success({ ...state.value, bytes: content.value, whole: all, packed: false });
  const start = unpackStart(path, content.value, all, wanted, limits);
  return start.ok ? success({ ...state.value, ...start.value, packed: true }) : start;
}

/** Whether bytes begin with the magic number of gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Turns an error thrown by the file system into a located failure with a remedy. */
export function systemFailure(path: string, thrown: unknown): DataFailure {
  const code = errorCode(thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const near = nearFiles(path);
    return failure(
      path,
      'there is no such file',
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'Check the path; it is relative to the folder of the .bilevel file',
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return failure(
      path,
      'the file may not be read by this user',
      'Change its permissions, or copy it elsewhere',
    );
  }
  return failure(
    path,
    `the file cannot be read: ${code || String(thrown)}`,
    'Check that the path names a readable file',
  );
}

function nearFiles(path: string): string[] {
  try {
    const name = basename(path);
    const files = readdirSync(dirname(path));
    const other = name.endsWith('.gz') ? name.slice(0, -3) : `${name}.gz`;
    return files.includes(other) ? [other] : nearNames(name, files);
  } catch {
    return [];
  }
}

function readPart(path: string, state: FileState, wanted: number): DataResult<Buffer> {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY);
    if (fstatSync(handle).size !== state.size) return changed(path);
    const bytes = Buffer.alloc(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(handle, bytes, filled, Math.min(wanted - filled, 2 ** 28), filled);
      if (count === 0) return changed(path);
      filled += count;
    }
    const after = fstatSync(handle);
    return after.size === state.size && after.mtimeMs === state.modified ? success(bytes) : changed(path);
  } catch (thrown) {
    return thrown instanceof RangeError ? noMemory(path, wanted) : systemFailure(path, thrown);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function changed(path: string): DataFailure {
  return failure(path, 'the file changed while it was read', 'Run again once it is written completely');
}

function noMemory(path: string, bytes: number): DataFailure {
  return failure(
    path,
    `the machine has no memory for the ${byteText(bytes)} of this file`,
    'Use a smaller file',
  );
}

function unpack(path: string, packed: Buffer, limits: Limits): DataResult<Buffer> {
  const allowance = unpackedAllowance(packed.length, limits);
  try {
    return success(gunzipSync(packed, { maxOutputLength: allowance, chunkSize: 2 ** 18 }));
  } catch (thrown) {
    return gzipFailure(path, thrown, packed.length, allowance);
  }
}

/**
 * Unpacks growing parts of the packed bytes until the wanted content is there; doubling keeps the work
 * within twice the last step. Deflate expands at most 1032 to 1, so a first step of 4 KiB fits any allowance.
 */
function unpackStart(
  path: string,
  packed: Buffer,
  all: boolean,
  wanted: number,
  limits: Limits,
): DataResult<{ bytes: Buffer; whole: boolean }> {
  const allowance = Math.min(limits.maxUnpackedBytes, Math.max(2 ** 23, 4 * wanted));
  let found: Buffer | undefined;
  for (let step = 2 ** 12; ; step *= 2) {
    const last = step >= packed.length;
    try {
      const bytes = gunzipSync(packed.subarray(0, step), {
        maxOutputLength: allowance,
        finishFlush: last && all ? zlibConstants.Z_FINISH : zlibConstants.Z_SYNC_FLUSH,
      });
      if (last || bytes.length > wanted) {
        return success({ bytes: bytes.subarray(0, wanted), whole: last && all && bytes.length <= wanted });
      }
      found = bytes;
    } catch (thrown) {
      // A stretch of zeros after what was found may overshoot the allowance; what was found is a beginning too.
      return found === undefined
        ? gzipFailure(path, thrown, packed.length, allowance)
        : success({ bytes: found, whole: false });
    }
  }
}

/** Explains an error of the gzip decoder; `allowance` is the limit that held, in bytes. */
export function gzipFailure(
  path: string,
  thrown: unknown,
  packedBytes: number,
  allowance: number,
): DataFailure {
  const code = errorCode(thrown);
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return failure(
      path,
      `the gzip file of ${byteText(packedBytes)} unpacks to more than ${byteText(allowance)}, the limit for its size`,
      'Unpack it yourself if you trust it, or raise the limits maxUnpackedBytes and maxExpansion',
    );
  }
  if (code === 'Z_BUF_ERROR') {
    return failure(
      path,
      `the gzip file ends early, at byte ${packedBytes} of the packed file`,
      'Copy or download it again',
      {
        byte: packedBytes,
      },
    );
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return failure(path, `the gzip file is damaged: ${reason}`, 'Copy or download it again');
}

/** The code of a system or zlib error, such as ENOENT; empty where there is none. */
export function errorCode(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}
