// Compressed sparse rows of a matrix, built by one count and one fill over the dense values.
// Within a row the columns ascend, so that sums keep the order of the dense ones.

import type { DataArray } from './data-array.ts';

/**
 * Row i holds the entries `rowStart[i]` up to but excluding `rowStart[i + 1]` of `column` and `value`.
 * `rowStart` has rows + 1 entries; its last is the number of nonzeros.
 */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/** Entries and columns are addressed by 32-bit signed integers. */
const maxIndex = 2 ** 31 - 1;

/**
 * The sparse rows of a matrix, or undefined where the array has not two axes or more than 2^31 - 1
 * nonzeros. The memory is 12 bytes a nonzero and 4 a row; dense rows take 8 bytes an element, so sparse
 * ones are the smaller below a density of two thirds.
 */
export function sparseRows(array: Pick<DataArray, 'shape' | 'values'>): SparseRows | undefined {
  const [rows, columns] = array.shape;
  if (rows === undefined || columns === undefined || array.shape.length !== 2) return undefined;
  const { values } = array;
  const rowStart = countNonzeros(values, rows, columns);
  if (rowStart === undefined) return undefined;
  const nonzeros = rowStart[rows] as number;
  const column = new Int32Array(nonzeros);
  const value = new Float64Array(nonzeros);
  let entry = 0;
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const element = values[at] as number;
      if (element !== 0) {
        column[entry] = j;
        value[entry++] = element;
      }
    }
  }
  return { rows, columns, rowStart, column, value };
}

function countNonzeros(values: Float64Array, rows: number, columns: number): Int32Array | undefined {
  const rowStart = new Int32Array(rows + 1);
  let nonzeros = 0;
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) if (values[at] !== 0) nonzeros++;
    if (nonzeros > maxIndex) return undefined;
    rowStart[i + 1] = nonzeros;
  }
  return rowStart;
}
