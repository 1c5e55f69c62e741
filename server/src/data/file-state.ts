// A file by its path before any of it is read: only regular files are opened (a pipe could hang, a device
// never ends), their size is checked before memory is taken, and what the file system throws is explained.

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { failure, success } from './data-error.ts';
import type { DataFailure, DataResult } from './data-error.ts';
import { byteText } from './limits.ts';
import type { Limits } from './limits.ts';
import { nearNames } from '../base/near-names.ts';

export interface FileState {
  /** Size on disk, in bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly modified: number;
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

/** The failure of a file that is being written. */
export function changedFailure(path: string): DataFailure {
  return failure(path, 'the file changed while it was read', 'Run again once it is written completely');
}

export function noMemoryFailure(path: string, bytes: number): DataFailure {
  return failure(
    path,
    `the machine has no memory for the ${byteText(bytes)} of this file`,
    'Use a smaller file',
  );
}

/** The code of a system or zlib error, such as ENOENT; empty where there is none. */
export function errorCode(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}
