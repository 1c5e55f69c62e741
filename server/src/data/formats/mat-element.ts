// The building blocks of MATLAB's level 5 files ("MAT-File Format", MathWorks): elements of a tag (type and
// number of bytes) and data, padded to 8 bytes, in the byte order that the file's head names. The head of an
// array is its flags, its sizes and its name; nothing here trusts a length before it is checked.

import type { ElementType } from './numeric-body.ts';

/** Types of elements that hold numbers. */
export const numberTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, 'i1'],
  [2, 'u1'],
  [3, 'i2'],
  [4, 'u2'],
  [5, 'i4'],
  [6, 'u4'],
  [7, 'f4'],
  [9, 'f8'],
  [12, 'i8'],
  [13, 'u8'],
]);

export const matrixType = 14;
export const compressedType = 15;
const utf8Type = 16;

/** One element inside an array. */
export interface Element {
  readonly type: number;
  /** Byte offset and number of the data. */
  readonly start: number;
  readonly bytes: number;
  /** Byte offset of the element that follows. */
  readonly next: number;
}

/** Why something cannot be read, and at which byte of the array. */
export interface ElementFault {
  readonly fault: string;
  readonly at: number;
}

/** The element whose tag is at `at`; `end` is where its array ends, which may lie beyond `bytes`. */
export function readElement(
  bytes: Buffer,
  at: number,
  end: number,
  littleEndian: boolean,
): Element | ElementFault {
  if (at + 8 > Math.min(end, bytes.length)) return { fault: 'an element is missing', at };
  const first = readInteger(bytes, at, littleEndian);
  const short = Math.floor(first / 2 ** 16);
  if (short !== 0) {
    // A short element: number of bytes, type and data in 8 bytes together.
    return short <= 4
      ? { type: first % 2 ** 16, start: at + 4, bytes: short, next: at + 8 }
      : { fault: `a short element has ${short} bytes`, at };
  }
  const length = readInteger(bytes, at + 4, littleEndian);
  const start = at + 8;
  if (start + length > end) return { fault: `an element of ${length} bytes goes beyond its array`, at };
  return { type: first, start, bytes: length, next: Math.min(end, start + Math.ceil(length / 8) * 8) };
}

export function readInteger(bytes: Buffer, at: number, littleEndian: boolean): number {
  return littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** What the first elements of an array say. */
export interface ArrayHead {
  readonly name: string;
  /** Empty for an object, whose sizes stand elsewhere. */
  readonly shape: readonly number[];
  readonly kind: number;
  readonly complex: boolean;
  readonly logical: boolean;
  /** Byte offset of the element with the values. */
  readonly valuesAt: number;
}

export const sparseKind = 5;
const opaqueKind = 17;

/** Arrays of more axes are none that anybody saves. */
const mostAxes = 64;
/** MATLAB's own names have at most 63 characters. */
const longestName = 1024;

/** Flags, sizes, name and the tag of the values of any array take at most so many bytes. */
export const longestHead = 16 + 8 + 4 * mostAxes + 8 + longestName + 8;

/** The head of the array that begins with `bytes` and takes `end` bytes as a whole. */
export function readArrayHead(bytes: Buffer, end: number, littleEndian: boolean): ArrayHead | ElementFault {
  const flags = readElement(bytes, 0, end, littleEndian);
  if ('fault' in flags) return flags;
  if (flags.type !== 6 || flags.bytes !== 8 || flags.start + 8 > bytes.length) {
    return { fault: 'the flags of an array are expected', at: 0 };
  }
  const word = readInteger(bytes, flags.start, littleEndian);
  const kind = word & 0xff;
  const shape: number[] = [];
  let nameAt = flags.next;
  if (kind !== opaqueKind) {
    const sizes = readElement(bytes, flags.next, end, littleEndian);
    if ('fault' in sizes) return sizes;
    const axes = sizes.bytes / 4;
    const known =
      (sizes.type === 5 || sizes.type === 6) && Number.isInteger(axes) && axes >= 2 && axes <= mostAxes;
    if (!known || sizes.start + sizes.bytes > bytes.length) {
      return { fault: 'the sizes of an array are expected', at: flags.next };
    }
    for (let axis = 0; axis < axes; axis++) {
      shape.push(readInteger(bytes, sizes.start + 4 * axis, littleEndian));
    }
    nameAt = sizes.next;
  }
  const name = readElement(bytes, nameAt, end, littleEndian);
  if ('fault' in name) return name;
  if (
    (name.type !== 1 && name.type !== utf8Type) ||
    name.bytes > longestName ||
    name.start + name.bytes > bytes.length
  ) {
    return { fault: 'the name of an array is expected', at: nameAt };
  }
  return {
    name: bytes.toString('utf8', name.start, name.start + name.bytes),
    shape,
    kind,
    complex: (word & 0x800) !== 0,
    logical: (word & 0x200) !== 0,
    valuesAt: name.next,
  };
}
