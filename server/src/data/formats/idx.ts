// The IDX format of the MNIST files: two zero bytes, an element type, the number of axes, their sizes as
// big-endian 32-bit integers, then the values, big-endian and row-major. All axes after the first flatten to
// one, so that images [n, rows, columns] become a matrix [n, rows * columns] and labels a vector [n].

import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { openNumeric } from './numeric-body.ts';
import type { ElementType, NumericLayout } from './numeric-body.ts';
import type { Table } from '../table.ts';

const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [0x08, 'u1'],
  [0x09, 'i1'],
  [0x0b, 'i2'],
  [0x0c, 'i4'],
  [0x0d, 'f4'],
  [0x0e, 'f8'],
]);

/** Opens the whole content of an IDX file as a vector [n] or a matrix [n, product of the other sizes]. */
export function openIdx(path: string, bytes: Uint8Array): DataResult<Table> {
  const header = readIdxHeader(path, bytes);
  return header.ok ? openNumeric(path, bytes, header.value) : header;
}

/** The flattened layout that an IDX header announces; the length of the values is not looked at. */
export function readIdxHeader(path: string, bytes: Uint8Array): DataResult<NumericLayout> {
  if (bytes.length < 4) return cutOff(path, bytes.length);
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    return failure(
      path,
      'an IDX file begins with two zero bytes, this one does not',
      'Check that this is an IDX file',
      {
        byte: bytes[0] === 0 ? 1 : 0,
      },
    );
  }
  const code = bytes[2] as number;
  const type = elementTypes.get(code);
  if (type === undefined) {
    return failure(
      path,
      `the element type 0x${code.toString(16).padStart(2, '0')} at byte 2 is no IDX type`,
      'Check that this is an IDX file',
      {
        byte: 2,
      },
    );
  }
  const axes = bytes[3] as number;
  if (axes === 0) {
    return failure(path, 'the file announces an array without axes', 'Check that this is an IDX file', {
      byte: 3,
    });
  }
  const dataStart = 4 + 4 * axes;
  if (bytes.length < dataStart) return cutOff(path, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = view.getUint32(4);
  let width = 1;
  for (let axis = 1; axis < axes; axis++) width *= view.getUint32(4 + 4 * axis);
  if (!Number.isSafeInteger(rows * width * 8)) {
    return failure(path, 'the announced sizes are larger than any memory', 'Check that this is an IDX file', {
      byte: 4,
    });
  }
  const shape = axes === 1 ? [rows] : [rows, width];
  return success({ shape, type, littleEndian: false, columnMajor: false, dataStart });
}

function cutOff(path: string, length: number): DataFailure {
  return failure(
    path,
    `the file ends at byte ${length}, within its header`,
    'The file is cut off: copy or download it again',
    {
      byte: length,
    },
  );
}
