// NumPy's npy format, versions 1, 2 and 3 (numpy.lib.format): magic, header length, a Python dictionary with
// dtype, order and shape, then the values. Object arrays are refused, since they are pickles, which run code.
// The dictionary is read by a small grammar of its own, never evaluated.

import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { shapeText } from '../limits.ts';
import { openNumeric } from './numeric-body.ts';
import type { ElementType, NumericLayout } from './numeric-body.ts';
import { readDictionary } from './npy-dictionary.ts';
import type { Table } from '../table.ts';

/** The longest header that is read, magic included; NumPy itself refuses headers above 10,000 bytes. */
export const npyHeaderBytes = 2 ** 16;

/** Opens the whole content of an npy file as a table of the file's shape (any number of axes). */
export function openNpy(path: string, bytes: Uint8Array): DataResult<Table> {
  const header = readNpyHeader(path, bytes);
  return header.ok ? openNumeric(path, bytes, header.value) : header;
}

/**
 * The layout that an npy header announces; `bytes` holds at least the header. The length of the values is
 * not looked at.
 */
export function readNpyHeader(path: string, bytes: Uint8Array): DataResult<NumericLayout> {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  const wrong = magic.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong !== -1) {
    if (bytes.length < magic.length && wrong >= bytes.length) return cutOff(path, bytes.length);
    return failure(path, 'the file does not begin with the mark of npy files', 'Save it with numpy.save', {
      byte: wrong,
    });
  }
  const version = bytes[6];
  if (version === undefined) return cutOff(path, bytes.length);
  if (version < 1 || version > 3) {
    return failure(
      path,
      `the npy version is ${version}; versions 1, 2 and 3 are known`,
      'Save it with numpy.save',
      {
        byte: 6,
      },
    );
  }
  const lengthBytes = version === 1 ? 2 : 4;
  const textStart = 8 + lengthBytes;
  if (bytes.length < textStart) return cutOff(path, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = textStart + length;
  if (dataStart > npyHeaderBytes) {
    return failure(
      path,
      `the header announces ${length} bytes of itself, more than npy headers have`,
      'The file is damaged: write it again',
      {
        byte: 8,
      },
    );
  }
  if (bytes.length < dataStart) return cutOff(path, bytes.length);
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(textStart, dataStart),
  );
  const dictionary = readDictionary(text);
  if (!dictionary.ok) return headerFailure(path, textStart + dictionary.at, dictionary.problem);
  return interpret(path, textStart, dataStart, dictionary.entries);
}

function cutOff(path: string, length: number): DataFailure {
  return failure(
    path,
    `the file ends at byte ${length}, within its header`,
    'The file is cut off: write or download it again',
    {
      byte: length,
    },
  );
}

function headerFailure(path: string, byte: number, problem: string): DataFailure {
  return failure(
    path,
    `the npy header is wrong at byte ${byte}: ${problem}`,
    'Save the file with numpy.save',
    { byte },
  );
}

function interpret(
  path: string,
  textStart: number,
  dataStart: number,
  entries: ReadonlyMap<string, { readonly value: unknown; readonly at: number }>,
): DataResult<NumericLayout> {
  for (const key of ['descr', 'fortran_order', 'shape']) {
    if (!entries.has(key)) return headerFailure(path, textStart, `the entry '${key}' is missing`);
  }
  for (const [key, { at }] of entries) {
    if (!['descr', 'fortran_order', 'shape'].includes(key)) {
      return headerFailure(path, textStart + at, `the entry '${key}' is unknown`);
    }
  }
  const columnMajor = entries.get('fortran_order');
  if (typeof columnMajor?.value !== 'boolean') {
    return headerFailure(
      path,
      textStart + (columnMajor?.at ?? 0),
      `'fortran_order' is neither True nor False`,
    );
  }
  const shape = entries.get('shape');
  const sizes = shape?.value;
  if (!isShape(sizes)) {
    return headerFailure(
      path,
      textStart + (shape?.at ?? 0),
      `'shape' is not a tuple of nonnegative integers`,
    );
  }
  const elements = sizes.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(elements * 8)) {
    return headerFailure(
      path,
      textStart + (shape?.at ?? 0),
      `the shape ${shapeText(sizes)} is larger than any memory`,
    );
  }
  const descr = entries.get('descr');
  const byte = textStart + (descr?.at ?? 0);
  const type = elementType(path, byte, descr?.value);
  if (!type.ok) return type;
  return success({ shape: sizes, columnMajor: columnMajor.value, dataStart, ...type.value });
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

const knownTypes: readonly string[] = ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f4', 'f8', 'b1'];

/** Why a kind of element is refused, by the letter of its dtype, and what to do. */
const refusals: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  O: [
    'Python objects, stored as a pickle, which could run any code',
    'Save plain numbers: array.astype("f8")',
  ],
  c: ['complex numbers', 'Save array.real and array.imag as two files'],
  U: ['text', 'Save numbers; for class names, their numbers from 0'],
  S: ['text', 'Save numbers; for class names, their numbers from 0'],
  a: ['text', 'Save numbers; for class names, their numbers from 0'],
  M: ['dates', 'Save numbers, for example days: array.astype("i8")'],
  m: ['time spans', 'Save numbers, for example seconds: array.astype("i8")'],
  V: ['records or raw bytes', 'Save each field as its own array'],
  f: ['floating-point numbers of another size than 4 or 8 bytes', 'Save doubles: array.astype("f8")'],
};

function elementType(
  path: string,
  byte: number,
  descr: unknown,
): DataResult<{ type: ElementType; littleEndian: boolean }> {
  if (Array.isArray(descr)) {
    return failure(path, 'the npy file holds records with named fields', 'Save each field as its own array', {
      byte,
    });
  }
  const match = typeof descr === 'string' ? /^([<>=|]?)([A-Za-z?])(\d*(?:\[\w+\])?)$/.exec(descr) : null;
  if (match === null) return headerFailure(path, byte, `'descr' is no element type`);
  const [dtype, order = '', letter = '', size = ''] = match;
  const name = letter === '?' ? 'b1' : `${letter}${size}`;
  if (isElementType(name)) {
    // '=' means the byte order of the machine that wrote the file; all that NumPy runs on today are little-endian.
    if (order === '' || (order === '|' && !name.endsWith('1'))) {
      return headerFailure(path, byte, `the element type "${dtype}" does not say its byte order`);
    }
    return success({ type: name, littleEndian: order !== '>' });
  }
  const [reason, remedy] = refusals[letter] ?? [
    `elements of the unknown type "${dtype}"`,
    'Save doubles: array.astype("f8")',
  ];
  return failure(path, `the npy file holds ${reason} (dtype "${dtype}")`, remedy, { byte });
}

function isElementType(name: string): name is ElementType {
  return knownTypes.includes(name);
}
