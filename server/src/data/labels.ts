// Class labels: whole numbers from 0 to k - 1. The check names the first row that breaks the rule, and
// recognises labels that count from 1, the usual mistake.

import { failure } from './data-error.ts';
import type { DataError } from './data-error.ts';

/**
 * Checks that every value is one of 0, 1, …, classes - 1; the first that is not is reported with its
 * 1-based row. `path` names the source in the error.
 */
export function checkLabels(
  values: ArrayLike<number>,
  classes: number,
  path = 'labels',
): DataError | undefined {
  if (!Number.isSafeInteger(classes) || classes < 1) {
    return failure(
      path,
      `the number of classes is ${classes}, not a whole number of at least 1`,
      'Give the number of classes',
    ).error;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // The comparisons are written so that NaN fails them.
    if (value >= 0 && value < classes && Number.isInteger(value)) continue;
    const kind = Number.isInteger(value) ? `outside 0 to ${classes - 1}` : 'not a whole number';
    return failure(
      path,
      `the label ${value} in row ${i + 1} is ${kind}; labels with ${classes} classes are 0 to ${classes - 1}`,
      remedyFor(values, classes),
      { row: i + 1 },
    ).error;
  }
  return undefined;
}

function remedyFor(values: ArrayLike<number>, classes: number): string {
  let smallest = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isInteger(value)) return 'Check that this column holds the class numbers';
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
  }
  if (smallest === 1 && largest === classes) return 'The labels count from 1: subtract 1 from the source';
  if (smallest >= 0) return `Declare ${largest + 1} classes, or correct the labels`;
  return 'Number the classes from 0';
}
