/**
 * The sources of a file by the headers of its data files: shapes for the checker, column names for
 * completion. Shared by the editor, the command line and the solver; no value is read here. Paths are
 * relative to the folder of the .bilevel file.
 */
import { readdirSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { DataSource } from '../atoms/expression.ts';
import type { Environment, HeaderAnswer } from '../check/environment.ts';
import type { DataError } from '../data/data-error.ts';
import { countRows, listArrays, readHeader, readRange, readShape } from '../data/headers.ts';
import { readStamp } from '../data/file-pattern.ts';
import { defaultLimits } from '../data/limits.ts';
import { sourceFormats } from '../data/source.ts';
import type { SourceFormat, SourceSpec } from '../data/source.ts';
import type { ListedArray } from '../data/table.ts';

export { FileWatch } from '../data/file-watch.ts';
export type { ListedArray } from '../data/table.ts';

/** More entries than this help nobody choose. */
const mostListed = 2000;

/** What the checker may know of the files in `folder`, and the settings from outside. */
export function fileEnvironment(folder: string, settings?: Readonly<Record<string, number>>): Environment {
  return {
    header: (source) => readSourceHeader(source, folder),
    ...(settings === undefined ? {} : { settings: new Map(Object.entries(settings)) }),
  };
}

function readSourceHeader(source: DataSource, folder: string): HeaderAnswer | undefined {
  const spec = sourceSpec(source, folder);
  if (spec === undefined) return undefined;
  const shape = readShape(spec);
  if (shape.ok) {
    if (shape.value === undefined) return undefined;
    const range = readRange(spec);
    return range === undefined ? { shape: shape.value } : { shape: shape.value, range };
  }
  return { error: placed(shape.error, folder), remedy: remedyOf(shape.error) };
}

/** Undefined for generated sources. */
export function sourceSpec(source: DataSource, folder: string): SourceSpec | undefined {
  const { format, path, rows, shuffle, skip, columns, except, array, channels } = source;
  if (!isFileFormat(format) || path === undefined) return undefined;
  return {
    format,
    path: resolve(folder, path),
    ...(rows === undefined ? {} : { rows }),
    ...(shuffle === undefined ? {} : { shuffle }),
    ...(skip === undefined ? {} : { skip }),
    ...(array === undefined ? {} : { array }),
    ...(channels === undefined ? {} : { channels }),
    ...(except !== undefined ? { columns: { except } } : columns === undefined ? {} : { columns }),
  };
}

function isFileFormat(format: string): format is SourceFormat {
  return sourceFormats.some((each) => each === format);
}

/** The names in the header line of a csv file; none where there is no such file or no header. */
export function columnNamesOf(source: DataSource, folder: string): readonly string[] {
  const spec = sourceSpec(source, folder);
  if (spec === undefined) return [];
  const header = readHeader(spec);
  return header.ok ? (header.value.columnNames ?? []) : [];
}

/** The arrays of a file that holds several (npz, mat), for completion; none where there is no such file. */
export function arraysOf(source: DataSource, folder: string): readonly ListedArray[] {
  const spec = sourceSpec(source, folder);
  return spec === undefined ? [] : listArrays(spec.format, spec.path);
}

/** A text that changes with the files behind a path, or a pattern; undefined where none can be read. */
export function sourceStamp(path: string): string | undefined {
  const stamp = readStamp(path, defaultLimits);
  return stamp.ok ? stamp.value : undefined;
}

/** Counts the rows of a long csv file, so that the next `header` answer knows them. */
export async function countSourceRows(
  source: DataSource,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const spec = sourceSpec(source, folder);
  if (spec !== undefined) await countRows(spec, undefined, signal);
}

/** `data/ragged.csv:3:7: what is wrong`; a path outside the folder stays absolute. */
export function placed({ path, line, column, message }: DataError, folder: string): string {
  const near = isAbsolute(path) ? relative(folder, path) : path;
  const shown = near.startsWith('..') ? path : near;
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  return `${shown}${position}: ${message}`;
}

/** The remedy as diagnostics write theirs, as part of a line. */
export function remedyOf({ remedy }: DataError): string {
  return remedy.slice(0, 1).toLowerCase() + remedy.slice(1);
}

/** Entries of a folder, hidden ones left out; none where it cannot be read. */
export function listFolder(
  path: string,
  folder: string,
): readonly { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(resolve(folder, path), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .slice(0, mostListed)
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return [];
  }
}
