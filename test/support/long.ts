/**
 * How much a test that draws many cases does: a slice that takes seconds among the unit tests, the full count
 * in `npm run test:long`, which runs exactly the test files that import this one. The seeds are the same, so
 * the slice is a beginning of the full count and a failure of either repeats.
 */

/** Set by test/run.ts for the processes of the test files. */
export const longVariable = 'BILEVEL_LONG';

export const isLong = process.env[longVariable] === '1';

/** `slice` cases among the unit tests, `full` in the long run. */
export function caseCount(slice: number, full: number): number {
  return isLong ? full : slice;
}
