// Which columns of a file are meant: by name, by 1-based number, by a range of either, or all but some.
// A choice is resolved once against the file's columns; a wrong name or number fails with the near ones.

import { failure, success } from './data-error.ts';
import type { DataPlace, DataResult } from './data-error.ts';
import { nearNamesText } from '../base/near-names.ts';

/** One column: its name, or its 1-based number. */
export type ColumnName = string | number;

/**
 * One column (the result is a vector), a list of columns in the order wanted, an inclusive range, or all
 * columns except some (the result is a matrix).
 */
export type ColumnChoice =
  | ColumnName
  | readonly ColumnName[]
  | { readonly from: ColumnName; readonly to: ColumnName }
  | { readonly except: ColumnName | readonly ColumnName[] };

export interface ColumnSelection {
  /** 0-based columns of the file in the order of the result. */
  readonly indices: Uint32Array;
  /** Whether one column was chosen as such, which makes the result a vector. */
  readonly single: boolean;
}

/** The columns that a file has: how many, and in csv files with a header their names. */
export interface AvailableColumns {
  readonly count: number;
  readonly names?: readonly string[];
  /** Where the names stand in the file, for errors. */
  readonly place?: DataPlace;
}

/** Resolves a choice against the columns of the file at `path`. */
export function resolveColumns(
  path: string,
  choice: ColumnChoice,
  available: AvailableColumns,
): DataResult<ColumnSelection> {
  if (typeof choice === 'string' || typeof choice === 'number') {
    const index = findColumn(path, choice, available);
    return index.ok ? success({ indices: Uint32Array.of(index.value), single: true }) : index;
  }
  if ('from' in choice) return resolveRange(path, choice.from, choice.to, available);
  if ('except' in choice) {
    const names = typeof choice.except === 'object' ? choice.except : [choice.except];
    return resolveExcept(path, names, available);
  }
  const indices = resolveList(path, choice, available);
  if (!indices.ok) return indices;
  if (indices.value.length === 0) return noColumns(path);
  return success({ indices: Uint32Array.from(indices.value), single: false });
}

function resolveList(
  path: string,
  names: readonly ColumnName[],
  available: AvailableColumns,
): DataResult<number[]> {
  const indices: number[] = [];
  for (const name of names) {
    const index = findColumn(path, name, available);
    if (!index.ok) return index;
    if (indices.includes(index.value)) {
      return failure(path, `the column ${quoted(name)} is named twice`, 'Name each column once');
    }
    indices.push(index.value);
  }
  return success(indices);
}

function resolveRange(
  path: string,
  from: ColumnName,
  to: ColumnName,
  available: AvailableColumns,
): DataResult<ColumnSelection> {
  const first = findColumn(path, from, available);
  if (!first.ok) return first;
  const last = findColumn(path, to, available);
  if (!last.ok) return last;
  if (first.value > last.value) {
    return failure(
      path,
      `the column ${quoted(from)} (number ${first.value + 1}) comes after ${quoted(to)} (number ${last.value + 1})`,
      'Exchange the two ends of the range',
    );
  }
  const indices = Uint32Array.from({ length: last.value - first.value + 1 }, (_, k) => first.value + k);
  return success({ indices, single: false });
}

function resolveExcept(
  path: string,
  names: readonly ColumnName[],
  available: AvailableColumns,
): DataResult<ColumnSelection> {
  const excluded = resolveList(path, names, available);
  if (!excluded.ok) return excluded;
  const left = new Set(excluded.value);
  const indices = Uint32Array.from({ length: available.count }, (_, k) => k).filter((k) => !left.has(k));
  return indices.length === 0 ? noColumns(path) : success({ indices, single: false });
}

function findColumn(path: string, name: ColumnName, available: AvailableColumns): DataResult<number> {
  const { count, names, place } = available;
  if (typeof name === 'number') {
    if (Number.isInteger(name) && name >= 1 && name <= count) return success(name - 1);
    return failure(
      path,
      `there is no column number ${name}: the file has ${count} ${count === 1 ? 'column' : 'columns'}`,
      `Give a number from 1 to ${count}`,
      place,
    );
  }
  if (names === undefined) {
    return failure(
      path,
      `there is no column ${quoted(name)}: the file has no header line with names`,
      `Choose columns by number, from 1 to ${count}`,
      place,
    );
  }
  const index = names.indexOf(name);
  if (index === -1) {
    return failure(path, `there is no column ${quoted(name)}`, nearNamesText(name, names, 'columns'), place);
  }
  const again = names.indexOf(name, index + 1);
  if (again !== -1) {
    return failure(
      path,
      `the name ${quoted(name)} stands for two columns, number ${index + 1} and number ${again + 1}`,
      'Choose the column by its number, or rename one',
      place,
    );
  }
  return success(index);
}

function noColumns(path: string) {
  return failure(path, 'no column is left to read', 'Choose at least one column');
}

function quoted(name: ColumnName): string {
  return typeof name === 'number' ? String(name) : `"${name}"`;
}
