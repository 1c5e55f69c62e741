// Paths with `*` in the name of the file: the files of one folder whose names fit, `*` standing for any run of
// characters. They are sorted as code points order their names, which is what Python's sorted() gives, so that
// labels saved beside them keep their order.

import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { failure, success } from './data-error.ts';
import type { DataResult } from './data-error.ts';
import { readFileState, systemFailure } from './file-state.ts';
import type { Limits } from './limits.ts';
import { nearNames } from '../base/near-names.ts';

export function isPattern(path: string): boolean {
  return basename(path).includes('*');
}

/** Whether a name is made of the pieces in their order, the first at its beginning and the last at its end. */
function fits(pieces: readonly string[], name: string): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}

/** The files that a path names: itself, or those that fit its pattern; hidden ones only where it says so. */
export function filesOf(path: string, limits: Limits): DataResult<readonly string[]> {
  if (!isPattern(path)) return success([path]);
  const folder = dirname(path);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (thrown) {
    return systemFailure(folder, thrown);
  }
  const pattern = basename(path);
  const pieces = pattern.split('*');
  const found = names
    .filter((name) => (pattern.startsWith('.') || !name.startsWith('.')) && fits(pieces, name))
    .sort(byCodePoints);
  if (found.length === 0) {
    const near = nearNames(pattern, names);
    return failure(
      path,
      'no file fits this pattern',
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Check the folder and the ending of the names',
    );
  }
  if (found.length > limits.maxMembers) {
    return failure(
      path,
      `${found.length} files fit this pattern; at most ${limits.maxMembers} are read`,
      'Use a narrower pattern, or raise the limit maxMembers',
    );
  }
  return success(found.map((name) => join(folder, name)));
}

/** A text that changes whenever one of the named files does, or which there are. */
export function readStamp(path: string, limits: Limits): DataResult<string> {
  const files = filesOf(path, limits);
  if (!files.ok) return files;
  const stamps: string[] = [];
  for (const file of files.value) {
    const state = readFileState(file, limits);
    if (!state.ok) return state;
    stamps.push(`${file} ${state.value.size} ${state.value.modified}`);
  }
  return success(stamps.join('\n'));
}

function byCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, k) => character !== right[k]);
  if (at === -1) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}
