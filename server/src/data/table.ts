// What every reader opens a file to: its shape and column names, known before its values are read, and a
// read of selected rows and columns. Selection happens while reading, so that values nobody asked for
// are neither converted nor checked, and memory is taken once, for the result.

import type { DataResult } from './data-error.ts';
import type { Limits } from './limits.ts';
import type { ColumnSelection } from './columns.ts';

export interface Selection {
  /** 0-based rows of the file in the order of the result; without it all rows in the file's order. */
  readonly rows?: Uint32Array;
  readonly columns?: ColumnSelection;
  /** Whether NaN and infinities are let through. */
  readonly allowNonFinite: boolean;
  readonly limits: Limits;
}

/** Values read, row-major, and the shape that they fill. */
export interface ReadValues {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export interface Table {
  /** The shape of all of the file; its first size is the number of rows. `[]` is a single number. */
  readonly shape: readonly number[];
  /** The names in the header line of a csv file. */
  readonly columnNames?: readonly string[];
  /** Reads the selected values; fails with the place of the first that is wrong. */
  readonly read: (selection: Selection) => DataResult<ReadValues>;
}

/** A shape whose number of rows may not be known yet. */
export type SourceShape = readonly (number | undefined)[];

/** What the beginning of a file says. */
export interface FileHeader {
  /**
   * The shape of all of the file; the number of rows is undefined while a long csv file is not counted. Without
   * it the array lies in a part of a packed file that is not looked at while one types.
   */
  readonly shape?: SourceShape;
  /** The names in the header line of a csv file, for completion. */
  readonly columnNames?: readonly string[];
  /** Between which numbers all entries lie, where the type of the elements tells. */
  readonly range?: { readonly lower: number; readonly upper: number };
}

/** An array of a file that holds several, for completion. */
export interface ListedArray {
  readonly name: string;
  readonly shape?: readonly number[];
  /** Why it cannot be read, such as `a struct`. */
  readonly refusal?: string;
}

/** The shape of a selection from an array of `shape`, whose first axis counts rows. */
export function selectedShape(
  shape: readonly number[],
  selection: { readonly rows?: { readonly length: number }; readonly columns?: ColumnSelection },
): number[] {
  const [total] = shape;
  if (total === undefined) return [];
  const rows = selection.rows?.length ?? total;
  if (selection.columns === undefined) return [rows, ...shape.slice(1)];
  return selection.columns.single ? [rows] : [rows, selection.columns.indices.length];
}
