// Reads a data file as one piece, whole or only its beginning, and unpacks gzip by its magic bytes.
// Memory is bounded by the limits before it is taken.

import { withContent } from './content.ts';
import { failure, success } from './data-error.ts';
import type { DataFailure, DataResult } from './data-error.ts';
import { errorCode } from './file-state.ts';
import { inflateStart, inflateWhole } from './inflate.ts';
import { byteText, unpackedAllowance } from './limits.ts';
import type { Limits } from './limits.ts';

export interface FileBytes {
  /** Size on disk, in bytes. */
  readonly size: number;
  /** The content, unpacked where the file is gzip. */
  readonly bytes: Buffer;
  /** Whether `bytes` is all of the content. */
  readonly whole: boolean;
  readonly packed: boolean;
}

/** The whole content of a file, unpacked where it is gzip, within the limits. */
export function readFileBytes(path: string, limits: Limits): DataResult<FileBytes> {
  return withContent<FileBytes>(path, limits, ({ size, read }) => {
    const content = read(0, size);
    if (!content.ok) return content;
    if (!isGzip(content.value)) return success({ size, bytes: content.value, whole: true, packed: false });
    const unpacked = unpack(path, content.value, limits);
    return unpacked.ok ? success({ size, bytes: unpacked.value, whole: true, packed: true }) : unpacked;
  });
}

/**
 * The first `wanted` bytes of a file's content, or all of it where it is shorter. A gzip file is unpacked
 * only as far as needed; damage beyond that part goes unnoticed here and is found when the file is loaded.
 */
export function readFileStart(path: string, wanted: number, limits: Limits): DataResult<FileBytes> {
  return withContent<FileBytes>(path, limits, ({ size, read }) => {
    const content = read(0, wanted);
    if (!content.ok) return content;
    const all = content.value.length === size;
    if (!isGzip(content.value)) return success({ size, bytes: content.value, whole: all, packed: false });
    const start = unpackStart(path, content.value, all, wanted, limits);
    return start.ok ? success({ size, ...start.value, packed: true }) : start;
  });
}

/** Whether bytes begin with the magic number of gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpack(path: string, packed: Buffer, limits: Limits): DataResult<Buffer> {
  const allowance = unpackedAllowance(packed.length, limits);
  const unpacked = inflateWhole('gzip', packed, allowance);
  return 'bytes' in unpacked
    ? success(unpacked.bytes)
    : gzipFailure(path, unpacked.thrown, packed.length, allowance);
}

function unpackStart(
  path: string,
  packed: Buffer,
  all: boolean,
  wanted: number,
  limits: Limits,
): DataResult<{ bytes: Buffer; whole: boolean }> {
  // A first step of 4 KiB fits any allowance.
  const most = Math.min(limits.maxUnpackedBytes, Math.max(2 ** 23, 4 * wanted));
  const unpacked = inflateStart('gzip', packed, { all, wanted, most, firstStep: 2 ** 12 });
  return 'bytes' in unpacked ? success(unpacked) : gzipFailure(path, unpacked.thrown, packed.length, most);
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
