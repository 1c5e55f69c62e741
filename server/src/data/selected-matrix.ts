// The chosen rows and columns of a matrix whose entries come one by one, as in the sparse formats (MATLAB's
// sparse arrays, Matrix Market, SciPy's). Only what was chosen takes memory, so that a part of a matrix can be
// read that would be too large as a whole. An entry that comes twice is noticed, whatever its value.

import { allocateValues } from './data-array.ts';
import { success } from './data-error.ts';
import type { DataResult } from './data-error.ts';
import { checkElements } from './limits.ts';
import { selectedShape } from './table.ts';
import type { ReadValues, Selection } from './table.ts';

export class SelectedMatrix implements ReadValues {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly #width: number;
  /** For each row and column of the file 1 + its place in the result, or 0; undefined: all in order. */
  readonly #rows: Uint32Array | undefined;
  readonly #columns: Uint32Array | undefined;
  /** One bit for each element: whether it has been put. */
  readonly #seen: Uint8Array;

  private constructor(
    shape: readonly number[],
    values: Float64Array,
    rows: Uint32Array | undefined,
    columns: Uint32Array | undefined,
  ) {
    this.shape = shape;
    this.values = values;
    this.#width = shape[1] ?? 1;
    this.#rows = rows;
    this.#columns = columns;
    this.#seen = new Uint8Array(Math.ceil(values.length / 8));
  }

  /** All zeros, for a matrix [rows, columns] of the file at `path`. */
  static of(
    path: string,
    [rows, columns]: readonly [number, number],
    selection: Selection,
  ): DataResult<SelectedMatrix> {
    const shape = selectedShape([rows, columns], selection);
    for (const size of [rows, columns]) {
      const allowed = checkElements(path, [size], selection.limits);
      if (!allowed.ok) return allowed;
    }
    const values = allocateValues(path, shape, selection.limits);
    if (!values.ok) return values;
    return success(
      new SelectedMatrix(
        shape,
        values.value,
        places(rows, selection.rows),
        places(columns, selection.columns?.indices),
      ),
    );
  }

  /**
   * Sets the entry at 0-based row and column of the file, which must lie in the matrix, where it was chosen;
   * false: it was set before.
   */
  put(row: number, column: number, value: number): boolean {
    const place = this.#place(row, column);
    if (place < 0) return true;
    const bit = 1 << (place & 7);
    const byte = Math.floor(place / 8);
    const before = this.#seen[byte] as number;
    if ((before & bit) !== 0) return false;
    this.#seen[byte] = before | bit;
    this.values[place] = value;
    return true;
  }

  /** Whether the entry was chosen. */
  wants(row: number, column: number): boolean {
    return this.#place(row, column) >= 0;
  }

  #place(row: number, column: number): number {
    const i = this.#rows === undefined ? row : (this.#rows[row] as number) - 1;
    const j = this.#columns === undefined ? column : (this.#columns[column] as number) - 1;
    return i < 0 || j < 0 ? -1 : i * this.#width + j;
  }
}

function places(count: number, chosen: Uint32Array | undefined): Uint32Array | undefined {
  if (chosen === undefined) return undefined;
  const place = new Uint32Array(count);
  for (let k = 0; k < chosen.length; k++) place[chosen[k] as number] = k + 1;
  return place;
}
