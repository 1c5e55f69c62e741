// Standardisation by the mean and standard deviation of each column of a reference array, so that
// validation data is put on the scale of the training data: (x - mean) / deviation, column by column.
// A column that is constant in the reference gets the deviation 1 and is named in a note.

import { dataArray } from './data-array.ts';
import type { DataArray } from './data-array.ts';
import { failure, success } from './data-error.ts';
import type { DataResult } from './data-error.ts';
import { shapeText } from './limits.ts';

/** The scale of each column; both arrays have one entry a column. */
export interface ColumnScale {
  readonly mean: Float64Array;
  /** The standard deviation with divisor n (as scikit-learn's StandardScaler); 1 for a constant column. */
  readonly deviation: Float64Array;
  /** 0-based columns that are constant in the reference. */
  readonly constantColumns: readonly number[];
}

export interface Standardized {
  readonly array: DataArray;
  readonly scale: ColumnScale;
  /** Sentences for the reader of the result, such as the constant columns. */
  readonly notes: readonly string[];
}

/**
 * Mean and standard deviation of each column of a matrix [n, d], or of a vector [n] as one column. The mean
 * is taken first and the deviation from it second, which loses no digits to cancellation. `path` names the
 * array in errors: no rows, more than two axes, values whose mean or deviation is not finite.
 */
export function columnScale(reference: DataArray, path = 'standardize'): DataResult<ColumnScale> {
  const size = matrixSize(reference);
  if (size === undefined || size.rows === 0) {
    return failure(
      path,
      `the reference has the shape ${shapeText(reference.shape)}; a scale needs a vector or a matrix with at least one row`,
      'Standardise like an array with rows',
    );
  }
  const { rows, columns } = size;
  const { values } = reference;
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  const constant = new Uint8Array(columns).fill(1);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const value = values[at] as number;
      mean[j] = (mean[j] as number) + value / rows;
      // Comparing with the first row finds constants exactly; a rounded deviation would not be 0.
      if (value !== values[j]) constant[j] = 0;
    }
  }
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const difference = (values[at] as number) - (mean[j] as number);
      deviation[j] = (deviation[j] as number) + (difference * difference) / rows;
    }
  }
  const constantColumns: number[] = [];
  for (let j = 0; j < columns; j++) {
    const centre = constant[j] === 1 ? (values[j] as number) : (mean[j] as number);
    const spread = constant[j] === 1 ? 1 : Math.sqrt(deviation[j] as number);
    if (constant[j] === 1) constantColumns.push(j);
    mean[j] = centre;
    deviation[j] = spread;
    if (!Number.isFinite(centre) || !Number.isFinite(spread) || spread === 0) {
      return failure(
        path,
        `column ${j + 1} has mean ${centre} and standard deviation ${spread}: its values are too large, too small or not finite`,
        'Rescale this column before standardising',
      );
    }
  }
  return success({ mean, deviation, constantColumns });
}

/**
 * `array` on the scale of `reference`: each column minus the reference's mean, divided by its standard
 * deviation. Both are matrices of equally many columns, or both vectors; the result has the shape of `array`.
 */
export function standardize(
  array: DataArray,
  reference: DataArray,
  path = 'standardize',
): DataResult<Standardized> {
  const size = matrixSize(array);
  if (
    size === undefined ||
    array.shape.length !== reference.shape.length ||
    size.columns !== matrixSize(reference)?.columns
  ) {
    return failure(
      path,
      `the array has the shape ${shapeText(array.shape)}, its reference ${shapeText(reference.shape)}; both must be vectors, or matrices with equally many columns`,
      'Standardise like an array with the same columns',
    );
  }
  const scale = columnScale(reference, path);
  if (!scale.ok) return scale;
  const { mean, deviation, constantColumns } = scale.value;
  const values = new Float64Array(array.values.length);
  for (let i = 0, at = 0; i < size.rows; i++) {
    for (let j = 0; j < size.columns; j++, at++) {
      values[at] = ((array.values[at] as number) - (mean[j] as number)) / (deviation[j] as number);
    }
  }
  return success({
    array: dataArray(array.shape, values),
    scale: scale.value,
    notes: constantNotes(constantColumns),
  });
}

function matrixSize(array: DataArray): { rows: number; columns: number } | undefined {
  const [rows, columns] = array.shape;
  if (rows === undefined || array.shape.length > 2) return undefined;
  return { rows, columns: columns ?? 1 };
}

function constantNotes(columns: readonly number[]): string[] {
  if (columns.length === 0) return [];
  const shown = columns.slice(0, 10).map((column) => column + 1);
  const rest = columns.length - shown.length;
  const list = `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return [
    columns.length === 1
      ? `Column ${list} is constant in the reference; it was shifted by its mean and divided by 1`
      : `Columns ${list} are constant in the reference; they were shifted by their means and divided by 1`,
  ];
}
