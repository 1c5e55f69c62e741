// From the description of a data source to its array: open the file by its format, choose rows and columns,
// read, measure the density. A seeded shuffle permutes all rows of the file before a range of them is taken,
// so disjoint ranges under one seed are disjoint splits, and files of equally many rows stay aligned.

import type { ColumnChoice, ColumnSelection } from './columns.ts';
import { resolveColumns } from './columns.ts';
import { openCsv } from './formats/csv.ts';
import type { CsvOptions } from './formats/csv-layout.ts';
import { dataArray } from './data-array.ts';
import type { DataArray } from './data-array.ts';
import { failure, success } from './data-error.ts';
import type { DataFailure, DataPlace, DataResult } from './data-error.ts';
import { readFileBytes } from './file-bytes.ts';
import { seedFailure } from './generate.ts';
import { openIdx } from './formats/idx.ts';
import { openImage } from './formats/image.ts';
import type { ImageChannels } from './formats/image.ts';
import { checkElements, defaultLimits, shapeText } from './limits.ts';
import type { Limits } from './limits.ts';
import { openMat } from './formats/mat.ts';
import { openMatrixMarket } from './formats/matrix-market.ts';
import { openNpy } from './formats/npy.ts';
import { openNpz } from './formats/npz.ts';
import { isSeed, permutation } from './random.ts';
import { selectedShape } from './table.ts';
import type { Table } from './table.ts';

export const sourceFormats = ['csv', 'npy', 'npz', 'mat', 'matrix_market', 'idx', 'image'] as const;
export type SourceFormat = (typeof sourceFormats)[number];

/**
 * A data source as a statement of the language gives it. `skip`, `separator` and `header` are for csv only,
 * `array` for npz and mat, `channels` for images.
 */
export interface SourceSpec extends CsvOptions {
  readonly format: SourceFormat;
  /**
   * Absolute path; the content may be gzip except in formats that are packed themselves (npz, image). The name
   * of an image may have `*` in it, for a stack of images.
   */
  readonly path: string;
  /** The name of the array in a file that holds several. */
  readonly array?: string;
  readonly channels?: ImageChannels;
  /** Rows to take, 1-based and inclusive, after the shuffle where there is one. */
  readonly rows?: { readonly from: number; readonly to: number };
  /** The seed of a permutation of all rows of the file (an integer from 0 to 2^53 - 1). */
  readonly shuffle?: number;
  readonly columns?: ColumnChoice;
  /** Lets NaN and infinities through; without it they are errors with their place. */
  readonly allowNonFinite?: boolean;
}

/** A loaded array, and the names of its columns where the file has them. */
export interface LoadedArray extends DataArray {
  readonly columnNames?: readonly string[];
}

/** Rows and columns of a source, resolved against its file. */
export interface ResolvedSelection {
  /** The shape of the result. */
  readonly shape: number[];
  /** 0-based first row and number of rows after the shuffle; undefined for a single number. */
  readonly range?: { readonly first: number; readonly count: number };
  readonly columns?: ColumnSelection;
}

/**
 * Reads a source. The shape is that of the file with the chosen rows and columns: a csv file is a matrix
 * [records, columns], one chosen column a vector [records]; arrays have the shape that their file says; idx is
 * flattened to at most two axes. Every failure names its place in the file.
 */
export function readSource(spec: SourceSpec, limits: Limits = defaultLimits): DataResult<LoadedArray> {
  try {
    return readChecked(spec, limits);
  } catch (thrown) {
    // Typed arrays throw this where the machine has no memory for them; anything else is a defect.
    if (!(thrown instanceof RangeError && /allocation failed|array length/i.test(thrown.message)))
      throw thrown;
    return failure(
      spec.path,
      `the machine has no memory for this file: ${thrown.message}`,
      'Take fewer rows or columns',
    );
  }
}

function readChecked(spec: SourceSpec, limits: Limits): DataResult<LoadedArray> {
  const wrong = checkSpec(spec);
  if (wrong !== undefined) return wrong;
  const table = openTable(spec, limits);
  if (!table.ok) return table;
  const resolved = resolveSelection(spec, table.value.shape, table.value.columnNames);
  if (!resolved.ok) return resolved;
  const { shape, range, columns } = resolved.value;
  for (const needed of [shape, [table.value.shape[0] ?? 1]]) {
    const size = checkElements(spec.path, needed, limits);
    if (!size.ok) return size;
    if (size.value === 0) {
      return failure(
        spec.path,
        `the array of shape ${shapeText(shape)} has no elements`,
        'Name a file with data',
      );
    }
  }
  const rows = rowOrder(spec, table.value, range);
  const read = table.value.read({
    limits,
    allowNonFinite: spec.allowNonFinite ?? false,
    ...(rows === undefined ? {} : { rows }),
    ...(columns === undefined ? {} : { columns }),
  });
  if (!read.ok) return read;
  const names = chosenNames(table.value.columnNames, columns);
  return success({
    ...dataArray(read.value.shape, read.value.values),
    ...(names === undefined ? {} : { columnNames: names }),
  });
}

/**
 * Applies the rows and columns of a spec to the shape of its file, without reading values. Used for loading
 * and, on headers alone, for the shapes shown in the editor.
 */
export function resolveSelection(
  spec: SourceSpec,
  fileShape: readonly number[],
  columnNames: readonly string[] | undefined,
): DataResult<ResolvedSelection> {
  const range = resolveRows(spec, fileShape);
  if (!range.ok) return range;
  const columns = resolveColumnsOf(spec, fileShape, columnNames);
  if (!columns.ok) return columns;
  const shape = selectedShape(fileShape, {
    ...(range.value === undefined ? {} : { rows: { length: range.value.count } }),
    ...(columns.value === undefined ? {} : { columns: columns.value }),
  });
  return success({
    shape,
    ...(range.value === undefined ? {} : { range: range.value }),
    ...(columns.value === undefined ? {} : { columns: columns.value }),
  });
}

/** Checks what can be checked without the file: seed, and options that the format has. */
export function checkSpec(spec: SourceSpec): DataFailure | undefined {
  if (spec.shuffle !== undefined && !isSeed(spec.shuffle)) return seedFailure(spec.path, spec.shuffle);
  for (const [option, formats] of optionFormats) {
    if (spec[option] !== undefined && !formats.includes(spec.format)) {
      return failure(
        spec.path,
        `\`${option}\` has no meaning for ${spec.format} files`,
        `Remove \`${option}\``,
      );
    }
  }
  return undefined;
}

/** Options that only some formats have. */
const optionFormats: readonly (readonly [
  option: 'skip' | 'separator' | 'header' | 'array' | 'channels',
  formats: readonly SourceFormat[],
])[] = [
  ['skip', ['csv']],
  ['separator', ['csv']],
  ['header', ['csv']],
  ['array', ['npz', 'mat']],
  ['channels', ['image']],
];

function openTable(spec: SourceSpec, limits: Limits): DataResult<Table> {
  const { format, path, array, channels } = spec;
  switch (format) {
    case 'npz':
      return openNpz(path, array, limits);
    case 'mat':
      return openMat(path, array, limits);
    case 'image':
      return openImage(path, channels, limits);
    default: {
      const file = readFileBytes(path, limits);
      if (!file.ok) return file;
      const { bytes } = file.value;
      if (format === 'csv') return openCsv(path, bytes, spec);
      if (format === 'matrix_market') return openMatrixMarket(path, bytes);
      return format === 'npy' ? openNpy(path, bytes) : openIdx(path, bytes);
    }
  }
}

function resolveRows(
  spec: SourceSpec,
  fileShape: readonly number[],
): DataResult<{ first: number; count: number } | undefined> {
  const [total] = fileShape;
  if (total === undefined) {
    return spec.rows === undefined && spec.shuffle === undefined
      ? success(undefined)
      : failure(
          spec.path,
          'the file holds a single number, which has no rows',
          'Remove `rows` and `shuffle`',
        );
  }
  if (spec.rows === undefined) return success({ first: 0, count: total });
  const { from, to } = spec.rows;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || to < from) {
    return failure(
      spec.path,
      `the rows ${from}..${to} are no range: rows count from 1, and the first comes before the last`,
      `Give rows from 1 to ${total}`,
    );
  }
  if (to > total) {
    return failure(
      spec.path,
      `the rows ${from}..${to} go beyond the file, which has ${total} ${total === 1 ? 'row' : 'rows'}`,
      `Give rows from 1 to ${total}`,
      { row: total + 1 },
    );
  }
  return success({ first: from - 1, count: to - from + 1 });
}

function resolveColumnsOf(
  spec: SourceSpec,
  fileShape: readonly number[],
  columnNames: readonly string[] | undefined,
): DataResult<ColumnSelection | undefined> {
  if (spec.columns === undefined) return success(undefined);
  const count = fileShape[1];
  if (count === undefined || fileShape.length !== 2) {
    return failure(
      spec.path,
      `the file holds an array of ${fileShape.length} axes; columns can be chosen from two`,
      'Remove `columns`',
    );
  }
  const place: DataPlace | undefined = columnNames === undefined ? undefined : { line: (spec.skip ?? 0) + 1 };
  return resolveColumns(spec.path, spec.columns, {
    count,
    ...(columnNames === undefined ? {} : { names: columnNames }),
    ...(place === undefined ? {} : { place }),
  });
}

/** 0-based rows of the file in the order wanted, or undefined where all are wanted in the file's order. */
function rowOrder(
  spec: SourceSpec,
  table: Table,
  range: { readonly first: number; readonly count: number } | undefined,
): Uint32Array | undefined {
  const total = table.shape[0];
  if (total === undefined || range === undefined) return undefined;
  if (spec.shuffle === undefined) {
    return range.count === total
      ? undefined
      : Uint32Array.from({ length: range.count }, (_, k) => range.first + k);
  }
  return permutation(total, spec.shuffle).subarray(range.first, range.first + range.count);
}

function chosenNames(
  names: readonly string[] | undefined,
  columns: ColumnSelection | undefined,
): readonly string[] | undefined {
  if (names === undefined || columns === undefined) return names;
  return Array.from(columns.indices, (index) => names[index] ?? '');
}
