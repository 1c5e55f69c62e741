/**
 * `--out DIR`: the result as result.json, and each large array as an .npy file that the JSON names.
 * Every file is written whole or not at all: to a temporary name in the same folder, to the disk, then
 * renamed; the JSON comes last, so that what it names is there.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { encodeNpy } from '../data/formats/npy-writer.ts';
import type { JsonArray, RunResult } from '../protocol/result.ts';
import { systemReason, UsageError } from './command.ts';
import { formatJson } from './json-text.ts';

/** Arrays with more entries go to a file of their own. */
export const longestInlineArray = 10_000;

type Variables = Readonly<Record<string, JsonArray>>;

/** Before anything long starts: makes the folder when it is missing. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(resolve(folder));
  } catch (error) {
    throw new UsageError(`cannot make the folder ${folder}: ${systemReason(error)}`);
  }
}

/**
 * One folder at a time from the first that is there: the recursive mkdir of Node never ends where
 * the system says that a parent is missing although it is there, as under /proc.
 */
function makeFolder(folder: string): void {
  const kind = statSync(folder, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true) return;
  if (kind !== undefined) throw new Error('there is a file of that name');
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Writes the result into `folder` and returns it as written. */
export function writeOutput(folder: string, result: RunResult): RunResult {
  const place = (prefix: string, variables: Variables): Variables =>
    Object.fromEntries(
      Object.entries(variables).map(([name, array]) => {
        if (array.data === undefined || array.data.length <= longestInlineArray) return [name, array];
        const file = `${prefix}-${name}.npy`;
        writeWhole(join(folder, file), encodeNpy(array.shape, Float64Array.from(array.data, Number)));
        return [name, { shape: array.shape, file }];
      }),
    );
  const { upper, lower, hypergradient } = result;
  const written: RunResult = {
    ...result,
    upper: { ...upper, variables: place('upper', upper.variables) },
    lower: { ...lower, variables: place('lower', lower.variables) },
    hypergradient: {
      ...hypergradient,
      ...(hypergradient.variables === undefined
        ? {}
        : { variables: place('hypergradient', hypergradient.variables) }),
    },
  };
  writeWhole(join(folder, 'result.json'), `${formatJson(written)}\n`);
  return written;
}

/** Replaces `path` by one rename; a reader sees the old file or the new one. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  try {
    const file = openSync(temporary, 'wx');
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
