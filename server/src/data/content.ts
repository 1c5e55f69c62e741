// The content of a file in parts, so that an archive of many arrays is read only where the wanted one lies.
// The same view is there for content in memory, which is what an unpacked gzip file is. A file that changes
// while its parts are read is an error, never a mixture.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { failure, success } from './data-error.ts';
import type { DataResult } from './data-error.ts';
import { changedFailure, noMemoryFailure, readFileState, systemFailure } from './file-state.ts';
import type { Limits } from './limits.ts';

export interface Content {
  readonly path: string;
  /** Bytes that can be read. */
  readonly size: number;
  /** Whether that is all; a gzip file is unpacked only at its beginning while one types. */
  readonly whole: boolean;
  /** The bytes from `start`; fewer where the content ends before. */
  readonly read: (start: number, length: number) => DataResult<Buffer>;
}

/** Content that is in memory. */
export function contentOf(path: string, bytes: Buffer, whole: boolean): Content {
  return {
    path,
    size: bytes.length,
    whole,
    read: (start, length) => success(bytes.subarray(start, start + length)),
  };
}

/** Opens a regular file within the size limit, hands its content to `use`, and closes it. */
export function withContent<T>(
  path: string,
  limits: Limits,
  use: (content: Content) => DataResult<T>,
): DataResult<T> {
  const state = readFileState(path, limits);
  if (!state.ok) return state;
  const { size, modified } = state.value;
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY);
  } catch (thrown) {
    return systemFailure(path, thrown);
  }
  try {
    const read = (start: number, length: number) => readPart(path, file, start, length, size);
    const result = use({ path, size, whole: true, read });
    const after = fstatSync(file);
    return after.size === size && after.mtimeMs === modified ? result : changedFailure(path);
  } finally {
    closeSync(file);
  }
}

function readPart(
  path: string,
  file: number,
  start: number,
  length: number,
  size: number,
): DataResult<Buffer> {
  const wanted = Math.max(0, Math.min(length, size - start));
  try {
    const bytes = Buffer.alloc(wanted);
    for (let filled = 0; filled < wanted;) {
      const count = readSync(file, bytes, filled, Math.min(wanted - filled, 2 ** 28), start + filled);
      if (count === 0) return changedFailure(path);
      filled += count;
    }
    return success(bytes);
  } catch (thrown) {
    // Without a code of the system it is the memory that could not be had.
    return thrown instanceof RangeError ? noMemoryFailure(path, wanted) : systemFailure(path, thrown);
  }
}

/** The failure of content that ends before something that it announces. */
export function cutOffFailure(path: string, size: number, what: string) {
  return failure(
    path,
    `the file ends at byte ${size}, within ${what}`,
    'The file is cut off: write or download it again',
    { byte: size },
  );
}
