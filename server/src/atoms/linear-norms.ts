/** Norms of the linear maps that many structural atoms share: entries moved, chosen or put among zeros. */
import type { LinearNorms } from './atom.ts';
import { one, zero } from './formula.ts';

/** Every entry of the argument occurs exactly once in the result, zeros may stand between. */
export const rearrangement: LinearNorms = {
  euclid: one,
  largest: one,
  rows: one,
  rowSum: one,
  columnSum: one,
  gram: one,
};

/** Every entry of the argument occurs at most once in the result. */
export const selection: LinearNorms = { ...rearrangement, gram: zero };
