// MATLAB's sparse arrays: compressed columns, as three elements after the head: the row of each entry, the place
// where each column begins, and the values. Rows ascend within a column; whatever does not is damage.

import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { numberTypes, readElement } from './mat-element.ts';
import type { ArrayHead, ElementFault } from './mat-element.ts';
import { elementBytes, exactValues } from './numeric-body.ts';
import { SelectedMatrix } from '../selected-matrix.ts';
import type { Table } from '../table.ts';

interface SparseVariable {
  /** The data of the variable, from its flags to its values. */
  readonly bytes: Buffer;
  readonly head: ArrayHead;
  readonly littleEndian: boolean;
  readonly fail: (fault: ElementFault) => DataFailure;
}

export function openMatSparse(path: string, variable: SparseVariable): DataResult<Table> {
  const { bytes, head, littleEndian, fail } = variable;
  const [rows, columns] = head.shape;
  if (rows === undefined || columns === undefined || head.shape.length !== 2) {
    return fail({ fault: `a sparse array has ${head.shape.length} axes`, at: 0 });
  }
  const rowAt = readElement(bytes, head.valuesAt, bytes.length, littleEndian);
  if ('fault' in rowAt) return fail(rowAt);
  const columnAt = readElement(bytes, rowAt.next, bytes.length, littleEndian);
  if ('fault' in columnAt) return fail(columnAt);
  const valueAt = readElement(bytes, columnAt.next, bytes.length, littleEndian);
  if ('fault' in valueAt) return fail(valueAt);
  const parts: (readonly [what: string, at: number, element: typeof rowAt])[] = [
    ['the rows of the entries', head.valuesAt, rowAt],
    ['the beginnings of the columns', rowAt.next, columnAt],
    ['the values', columnAt.next, valueAt],
  ];
  // MATLAB calls the values of a logical sparse array doubles and writes a byte for each.
  const isBytes = head.logical && 4 * valueAt.bytes === rowAt.bytes;
  const arrays: ArrayLike<number>[] = [];
  for (const [what, at, element] of parts) {
    const type = element === valueAt && isBytes ? 'b1' : numberTypes.get(element.type);
    if (type === undefined || element.bytes % elementBytes(type) !== 0) {
      return fail({ fault: `${what} are no numbers`, at });
    }
    const data = bytes.subarray(element.start, element.start + element.bytes);
    const shape = [data.length / elementBytes(type)];
    const numbers = exactValues(path, data, { shape, type, littleEndian, columnMajor: false, dataStart: 0 });
    if (!numbers.ok) return fail({ fault: numbers.error.message, at });
    arrays.push(numbers.value);
  }
  const [row, begin, value] = arrays as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  const wrong = faultOf(row, begin, value, rows, columns);
  if (wrong !== undefined) return fail({ fault: wrong, at: head.valuesAt });
  return success({
    shape: [rows, columns],
    read: (selection) => {
      const matrix = SelectedMatrix.of(path, [rows, columns], selection);
      if (!matrix.ok) return matrix;
      for (let j = 0; j < columns; j++) {
        for (let k = begin[j] as number; k < (begin[j + 1] as number); k++) {
          const i = row[k] as number;
          const entry = value[k] as number;
          matrix.value.put(i, j, entry);
          if (Number.isFinite(entry) || selection.allowNonFinite || !matrix.value.wants(i, j)) continue;
          return failure(
            path,
            `the value in row ${i + 1}, column ${j + 1} is ${entry}`,
            'Replace it by a finite number, or leave out its row',
            { row: i + 1, index: [i, j] },
          );
        }
      }
      return matrix;
    },
  });
}

/** What is wrong with compressed columns; undefined where each entry has its own place in the matrix. */
function faultOf(
  row: ArrayLike<number>,
  begin: ArrayLike<number>,
  value: ArrayLike<number>,
  rows: number,
  columns: number,
): string | undefined {
  if (begin.length !== columns + 1 || begin[0] !== 0) {
    return `the beginnings of ${columns} columns are ${begin.length} numbers`;
  }
  for (let j = 0; j < columns; j++) {
    const first = begin[j] as number;
    const end = begin[j + 1] as number;
    if (!Number.isInteger(end) || end < first) return `column ${j + 1} ends before it begins`;
    if (end > row.length || end > value.length) return `column ${j + 1} has entries that are not there`;
    for (let k = first, before = -1; k < end; k++) {
      const i = row[k] as number;
      if (!Number.isInteger(i) || i >= rows || i <= before) {
        return `the rows of column ${j + 1} are not ascending numbers below ${rows}`;
      }
      before = i;
    }
  }
  return undefined;
}
