/** Rows of the atoms that reduce an array to a number, or one axis of it, and of those that work on each row. */
import type { Parameters } from '../../server/src/atoms/atom.ts';
import type { AtomRow, NumberArray } from './row.ts';
import { squares, total } from './row.ts';

export function rowsOf(array: NumberArray): readonly (readonly number[])[] {
  const columns = array.shape.at(-1) ?? 1;
  return Array.from({ length: array.values.length / columns }, (_, row) =>
    array.values.slice(row * columns, (row + 1) * columns),
  );
}

export const logSumExp = (row: readonly number[]): number => {
  const most = Math.max(...row);
  return most + Math.log(total(row.map((entry) => Math.exp(entry - most))));
};

/** What the axis reduces to each entry of the result, in the order of the result. */
function groupsOf(array: NumberArray, parameters: Parameters): readonly (readonly number[])[] {
  const axis = parameters['axis'] as number | undefined;
  if (axis === undefined) return [array.values];
  const inner = array.shape.slice(axis).reduce((product, size) => product * size, 1);
  const length = array.shape[axis - 1] as number;
  const outer = array.values.length / (length * inner);
  return Array.from({ length: outer * inner }, (_, at) =>
    Array.from(
      { length },
      (__, k) => array.values[(Math.floor(at / inner) * length + k) * inner + (at % inner)] as number,
    ),
  );
}

function reduction(fold: (entries: readonly number[]) => number): AtomRow {
  return {
    samples: [[[]], [[4]], [[2, 3]], [[2, 1, 3]]],
    parameters: [{}, { axis: 1 }, { axis: 2 }],
    shapes: [
      { args: [''], gives: '' },
      { args: ['n'], gives: '' },
      { args: ['n, k'], gives: '' },
      { args: ['n'], parameters: { axis: 1 }, gives: '' },
      { args: ['n, k'], parameters: { axis: 1 }, gives: 'k' },
      { args: ['n, k'], parameters: { axis: 2 }, gives: 'n' },
      { args: ['a, b, c'], parameters: { axis: 2 }, gives: 'a, c' },
      { args: [''], parameters: { axis: 1 }, gives: /a scalar has no axis/ },
      { args: ['n, k'], parameters: { axis: 3 }, gives: /there is no axis 3/ },
    ],
    meaning: ([x], parameters) => groupsOf(x as NumberArray, parameters).map(fold),
  };
}

/** Works on a vector or on each row; on each column with axis = 1. */
function classes(of: (row: readonly number[]) => readonly number[], whole: boolean): AtomRow {
  return {
    samples: [[[4]], [[2, 3]], [[3, 1]], [[2, 3, 4]]],
    parameters: [{}, { axis: 1 }, { axis: 2 }, { axis: 3 }],
    shapes: [
      { args: ['k'], gives: whole ? 'k' : '' },
      { args: ['n, k'], gives: whole ? 'n, k' : 'n' },
      { args: ['n, k'], parameters: { axis: 2 }, gives: whole ? 'n, k' : 'n' },
      { args: ['n, k'], parameters: { axis: 1 }, gives: whole ? 'n, k' : 'k' },
      { args: ['a, b, k'], gives: whole ? 'a, b, k' : 'a, b' },
      { args: ['a, k, b'], parameters: { axis: 2 }, gives: whole ? 'a, k, b' : 'a, b' },
      { args: [''], gives: /a scalar has no axis/ },
      { args: ['k'], parameters: { axis: 2 }, gives: /there is no axis 2/ },
    ],
    meaning: ([z], parameters) => {
      const array = z as NumberArray;
      const axis = (parameters['axis'] as number | undefined) ?? array.shape.length;
      const results = groupsOf(array, { axis }).map(of);
      if (!whole) return results.flat();
      // Entry `at` is number k of the group that is counted by the axes before and behind.
      const behind = array.shape.slice(axis).reduce((all, length) => all * length, 1);
      const length = array.shape[axis - 1] as number;
      return array.values.map((_, at) => {
        const group = Math.floor(at / (behind * length)) * behind + (at % behind);
        return results[group]?.[Math.floor(at / behind) % length] as number;
      });
    },
  };
}

const mean = (entries: readonly number[]): number => total(entries) / entries.length;
const variance = (entries: readonly number[]): number =>
  squares(entries.map((entry) => entry - mean(entries))) / entries.length;

export const reductionRows: Readonly<Record<string, AtomRow>> = {
  sum: reduction(total),
  mean: reduction(mean),
  norm1: reduction((entries) => total(entries.map(Math.abs))),
  norm2: reduction((entries) => Math.sqrt(squares(entries))),
  norm_inf: reduction((entries) => Math.max(...entries.map(Math.abs))),
  var: reduction(variance),
  std: reduction((entries) => Math.sqrt(variance(entries))),
  max: reduction((entries) => Math.max(...entries)),
  min: reduction((entries) => Math.min(...entries)),
  logsumexp: classes((row) => [logSumExp(row)], false),
  softmax: classes((row) => row.map((value) => Math.exp(value - logSumExp(row))), true),
  log_softmax: classes((row) => row.map((value) => value - logSumExp(row)), true),
};
