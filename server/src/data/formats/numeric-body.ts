// The values of a binary file (npy, idx) as a table: bytes viewed in their own type, selected rows and columns
// converted to doubles once. Values that a double cannot hold exactly and values that are not finite are
// errors that name their index; nothing is rounded in silence.

import { endianness } from 'node:os';
import { allocateValues } from '../data-array.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { selectedShape } from '../table.ts';
import type { ReadValues, Selection, Table } from '../table.ts';

/** Element types of binary files: signed, unsigned, floating point and boolean, with the size in bytes. */
export type ElementType = 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'f4' | 'f8' | 'b1';

type ExactArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export interface NumericLayout {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Whether the first index varies fastest (Fortran) instead of the last (C). */
  readonly columnMajor: boolean;
  /** Byte offset of the first value. */
  readonly dataStart: number;
}

/** The least and the largest number of an element type that is not floating-point. */
function elementRange(type: ElementType): { readonly lower: number; readonly upper: number } | undefined {
  if (type === 'b1') return { lower: 0, upper: 1 };
  const bits = 8 * elementBytes(type);
  if (type.startsWith('u')) return { lower: 0, upper: 2 ** bits - 1 };
  return type.startsWith('i') ? { lower: -(2 ** (bits - 1)), upper: 2 ** (bits - 1) - 1 } : undefined;
}

/** What a layout says of its values before they are read. */
export function layoutHeader({ shape, type }: Pick<NumericLayout, 'shape' | 'type'>): {
  readonly shape: readonly number[];
  readonly range?: { readonly lower: number; readonly upper: number };
} {
  const range = elementRange(type);
  return range === undefined ? { shape } : { shape, range };
}

/** Bytes of one element. */
export function elementBytes(type: ElementType): number {
  return Number(type[1]);
}

/**
 * Checks that the body is exactly as long as the shape says; `contentBytes` is the length of the whole content.
 */
export function checkBodyLength(
  path: string,
  layout: NumericLayout,
  contentBytes: number,
): DataFailure | undefined {
  const count = layout.shape.reduce((product, size) => product * size, 1);
  const expected = layout.dataStart + count * elementBytes(layout.type);
  if (contentBytes === expected) return undefined;
  const shape = `[${layout.shape.join(', ')}] of ${layout.type}`;
  return contentBytes < expected
    ? failure(
        path,
        `the file ends at byte ${contentBytes}; its header announces ${shape}, which ends at byte ${expected}`,
        'The file is cut off: write or download it again',
        { byte: contentBytes },
      )
    : failure(
        path,
        `the values of ${shape} end at byte ${expected}, but the file goes on to byte ${contentBytes}`,
        'The header does not fit the data: write the file again',
        { byte: expected },
      );
}

/** The table over `bytes`, whose length fits the layout. */
export function openNumeric(path: string, bytes: Uint8Array, layout: NumericLayout): DataResult<Table> {
  const wrong = checkBodyLength(path, layout, bytes.length);
  if (wrong !== undefined) return wrong;
  return success({ shape: layout.shape, read: (selection) => readBody(path, bytes, layout, selection) });
}

function readBody(
  path: string,
  bytes: Uint8Array,
  layout: NumericLayout,
  selection: Selection,
): DataResult<ReadValues> {
  const shape = selectedShape(layout.shape, selection);
  const allocated = allocateValues(path, shape, selection.limits);
  if (!allocated.ok) return allocated;
  const exact = exactValues(path, bytes, layout);
  if (!exact.ok) return exact;
  const source =
    layout.columnMajor && layout.shape.length > 1 ? rowMajor(exact.value, layout.shape) : exact.value;
  const values = allocated.value;
  gather(source, layout.shape, selection, values);
  if (!selection.allowNonFinite && layout.type.startsWith('f')) {
    const bad = firstNonFinite(values);
    if (bad !== -1) return nonFiniteFailure(path, layout, shape, selection, bad, values[bad] as number);
  }
  return success({ shape, values });
}

/** The body in an array type that holds its values exactly; 64-bit integers become doubles, checked. */
export function exactValues(path: string, bytes: Uint8Array, layout: NumericLayout): DataResult<ExactArray> {
  const size = elementBytes(layout.type);
  const native = (endianness() === 'LE') === layout.littleEndian;
  let body = bytes.subarray(layout.dataStart);
  // A copy, where the view would be misaligned or is about to be changed; Buffer's own slice() would not copy.
  if (body.byteOffset % size !== 0 || (!native && size > 1)) body = new Uint8Array(body);
  if (!native) swapBytes(body, size);
  const { buffer, byteOffset } = body;
  const count = body.length / size;
  switch (layout.type) {
    case 'i1':
      return success(new Int8Array(buffer, byteOffset, count));
    case 'i2':
      return success(new Int16Array(buffer, byteOffset, count));
    case 'i4':
      return success(new Int32Array(buffer, byteOffset, count));
    case 'u1':
      return success(new Uint8Array(buffer, byteOffset, count));
    case 'u2':
      return success(new Uint16Array(buffer, byteOffset, count));
    case 'u4':
      return success(new Uint32Array(buffer, byteOffset, count));
    case 'f4':
      return success(new Float32Array(buffer, byteOffset, count));
    case 'f8':
      return success(new Float64Array(buffer, byteOffset, count));
    case 'b1':
      return booleans(path, body, layout);
    case 'i8':
      return integers(path, new BigInt64Array(buffer, byteOffset, count), layout);
    case 'u8':
      return integers(path, new BigUint64Array(buffer, byteOffset, count), layout);
  }
}

function swapBytes(body: Uint8Array, size: number): void {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

function booleans(path: string, body: Uint8Array, layout: NumericLayout): DataResult<ExactArray> {
  const bad = body.findIndex((byte) => byte > 1);
  if (bad === -1) return success(body);
  return failure(
    path,
    `the boolean at byte ${layout.dataStart + bad} is ${body[bad] ?? 0}, neither 0 nor 1`,
    'The file is damaged: write it again',
    { byte: layout.dataStart + bad, index: fileIndex(bad, layout) },
  );
}

function integers(
  path: string,
  wide: BigInt64Array | BigUint64Array,
  layout: NumericLayout,
): DataResult<ExactArray> {
  const values = new Float64Array(wide.length);
  // Halves instead of BigInt: high * 2^32 + low is exact up to 2^53, and never rounds down to below it.
  const signed = wide instanceof BigInt64Array;
  const halves = new Uint32Array(wide.buffer, wide.byteOffset, wide.length * 2);
  const lowFirst = endianness() === 'LE' ? 0 : 1;
  for (let i = 0; i < values.length; i++) {
    const high = halves[2 * i + 1 - lowFirst] as number;
    const value = (signed ? high | 0 : high) * 2 ** 32 + (halves[2 * i + lowFirst] as number);
    if (value > 2 ** 53 || value < -(2 ** 53) || (Math.abs(value) === 2 ** 53 && BigInt(value) !== wide[i])) {
      return failure(
        path,
        `the integer ${String(wide[i])} at ${indexText(fileIndex(i, layout))} exceeds 2^53, beyond which doubles are not exact`,
        'Rescale the values, or save them as floating point',
        { byte: layout.dataStart + 8 * i, index: fileIndex(i, layout) },
      );
    }
    values[i] = value;
  }
  return success(values);
}

/** A column-major array of `shape`, rearranged row-major. */
function rowMajor(source: ExactArray, shape: readonly number[]): Float64Array {
  const columnMajor = Float64Array.from(source);
  const values = new Float64Array(source.length);
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const index = shape.map(() => 0);
  for (let target = 0, from = 0; target < values.length; target++) {
    values[target] = columnMajor[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== shape[axis]) break;
      from -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return values;
}

/** Rows narrower than this are copied element by element: a view of each would cost more than its elements. */
const narrowRow = 16;

/** Copies the selected rows and columns of an array of `shape` to `values`. */
export function gather(
  source: ExactArray,
  shape: readonly number[],
  selection: Selection,
  values: Float64Array,
): void {
  const { rows, columns } = selection;
  if (rows === undefined && columns === undefined) {
    values.set(source);
    return;
  }
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const [total = 0] = shape;
  const count = rows?.length ?? total;
  if (columns === undefined && width >= narrowRow) {
    for (let i = 0; i < count; i++) {
      const row = rows === undefined ? i : (rows[i] as number);
      values.set(source.subarray(row * width, (row + 1) * width), i * width);
    }
    return;
  }
  const indices = columns?.indices ?? Uint32Array.from({ length: width }, (_, k) => k);
  for (let i = 0, target = 0; i < count; i++) {
    const start = (rows === undefined ? i : (rows[i] as number)) * width;
    for (let k = 0; k < indices.length; k++, target++) {
      values[target] = source[start + (indices[k] as number)] as number;
    }
  }
}

function firstNonFinite(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) {
    // The difference is 0 for finite values and NaN for all others.
    const value = values[i] as number;
    if (value - value !== 0) return i;
  }
  return -1;
}

function nonFiniteFailure(
  path: string,
  layout: NumericLayout,
  shape: readonly number[],
  selection: Selection,
  position: number,
  value: number,
): DataFailure {
  const index = unravel(position, shape);
  if (index.length > 0 && selection.rows !== undefined)
    index[0] = selection.rows[index[0] as number] as number;
  if (selection.columns !== undefined) {
    if (selection.columns.single) index[1] = selection.columns.indices[0] as number;
    else index[1] = selection.columns.indices[index[1] as number] as number;
  }
  return failure(
    path,
    `the value at ${indexText(index)} is ${value}`,
    'Replace it by a finite number, or leave out its row',
    { index, ...(index[0] === undefined ? {} : { row: index[0] + 1 }), byte: byteOf(index, layout) },
  );
}

function byteOf(index: readonly number[], layout: NumericLayout): number {
  const { shape } = layout;
  let offset = 0;
  const axes = shape.map((_, axis) => axis);
  for (const axis of layout.columnMajor ? axes.toReversed() : axes) {
    offset = offset * (shape[axis] as number) + (index[axis] ?? 0);
  }
  return layout.dataStart + offset * elementBytes(layout.type);
}

/** The index in the file's array of the value at a position of its body. */
function fileIndex(position: number, layout: NumericLayout): number[] {
  return layout.columnMajor
    ? unravel(position, layout.shape.toReversed()).toReversed()
    : unravel(position, layout.shape);
}

function unravel(position: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = position;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** An index as NumPy writes it, and the row as people count. */
function indexText(index: readonly number[]): string {
  if (index.length === 0) return 'the only value';
  return `index [${index.join(', ')}] (counted from 0; row ${(index[0] as number) + 1} counted from 1)`;
}
