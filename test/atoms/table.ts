/**
 * The table of tests: one row an atom, giving its meaning by a closed form independent of the graph,
 * the shapes it takes and refuses, and, for entrywise atoms, the derivatives of phi by hand. The
 * checks that run over the rows are in atoms.test.ts; a registered atom without a row fails there.
 */
import { fixedDimension, namedDimension } from '../../server/src/base/dimension.ts';
import { convolutionRows } from './convolution-rows.ts';
import { definiteRows } from './definite-rows.ts';
import { entrywiseRows } from './entrywise-rows.ts';
import { pairRows } from './pair-rows.ts';
import { logSumExp, reductionRows, rowsOf } from './reduction-rows.ts';
import type { AtomRow, NumberArray } from './row.ts';
import { any, squares, total } from './row.ts';
import { structuralRows } from './structural-rows.ts';

function reduction(fold: (entries: readonly number[]) => number) {
  return {
    samples: any,
    shapes: [
      { args: [''], gives: '' },
      { args: ['n'], gives: '' },
      { args: ['n, k'], gives: '' },
    ],
    meaning: ([x]: readonly NumberArray[]) => [fold(x?.values ?? [])],
  };
}

/** The product by its definition. */
function product(a: NumberArray, b: NumberArray): readonly number[] {
  if (a.shape.length === 0) return b.values.map((entry) => (a.values[0] as number) * entry);
  if (b.shape.length === 0) return a.values.map((entry) => entry * (b.values[0] as number));
  const [rows, inner] = a.shape.length === 1 ? [a.shape[0] as number, 1] : (a.shape as [number, number]);
  const columns = b.shape.length === 1 ? 1 : (b.shape[1] as number);
  const result: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += (a.values[i * inner + k] as number) * (b.values[k * columns + j] as number);
      }
      result.push(sum);
    }
  }
  return result;
}

const entry = (at: number) => ({ kind: 'entry', at: fixedDimension(at) }) as const;
const range = (from: number, to: number) =>
  ({ kind: 'range', from: fixedDimension(from), to: fixedDimension(to) }) as const;

export const rows: Readonly<Record<string, AtomRow>> = {
  ...entrywiseRows,
  ...reductionRows,
  ...pairRows,
  ...structuralRows,
  ...convolutionRows,
  ...definiteRows,
  matmul: {
    samples: [
      [[], [3]],
      [[2, 3], []],
      [[2, 3], [3]],
      [
        [2, 3],
        [3, 4],
      ],
      [[1, 3], [3]],
      [[3], [1, 2]],
      [
        [1, 3],
        [3, 1],
      ],
    ],
    shapes: [
      { args: ['', 'n, k'], gives: 'n, k' },
      { args: ['m, n', 'n'], gives: 'm' },
      { args: ['m, n', 'n, k'], gives: 'm, k' },
      { args: ['1, n', 'n'], gives: '' },
      { args: ['1, n', 'n, 1'], gives: '' },
      { args: ['n', '1, k'], gives: 'n, k' },
      { args: ['n', 'n'], gives: /vector is a column/ },
      { args: ['m, n', 'm'], gives: /n columns on the left against m rows on the right/ },
      { args: ['n', 'n, k'], gives: /vector is a column/ },
      { args: ['a, b, c', 'c'], gives: /takes matrices and vectors/ },
    ],
    meaning: ([a, b]) => product(a as NumberArray, b as NumberArray),
  },
  transpose: {
    samples: [[[]], [[3]], [[1, 3]], [[2, 3]]],
    shapes: [
      { args: [''], gives: '' },
      { args: ['n'], gives: '1, n' },
      { args: ['1, n'], gives: 'n' },
      { args: ['m, n'], gives: 'n, m' },
      { args: ['a, b, c'], gives: /have a transpose/ },
    ],
    meaning: ([a]) => {
      const array = a as NumberArray;
      if (array.shape.length < 2) return array.values;
      const [m, n] = array.shape as [number, number];
      return Array.from(
        { length: m * n },
        (_, at) => array.values[(at % m) * n + Math.floor(at / m)] as number,
      );
    },
  },
  index: {
    samples: [[[4, 5]]],
    parameters: [
      { subscripts: [entry(2)] },
      { subscripts: [entry(4), entry(5)] },
      { subscripts: [range(2, 3), { kind: 'all' }] },
      { subscripts: [{ kind: 'all' }, range(5, 5)] },
    ],
    shapes: [
      { args: ['4, n'], parameters: { subscripts: [entry(2)] }, gives: 'n' },
      { args: ['4, n'], parameters: { subscripts: [range(2, 4), entry(1)] }, gives: '3' },
      { args: ['4, n'], parameters: { subscripts: [entry(5)] }, gives: /lies outside 1\.\.4/ },
      { args: ['4, n'], parameters: { subscripts: [entry(0)] }, gives: /lies outside/ },
      { args: ['n'], parameters: { subscripts: [range(3, 2)] }, gives: /is empty/ },
      { args: ['n'], parameters: { subscripts: [entry(1), entry(1)] }, gives: /2 subscripts/ },
    ],
    meaning: ([a], parameters) => {
      const subscripts = parameters['subscripts'] as readonly (
        | { kind: 'all' }
        | { kind: 'entry'; at: ReadonlyMap<string, number> }
        | { kind: 'range'; from: ReadonlyMap<string, number>; to: ReadonlyMap<string, number> }
      )[];
      const [m, n] = (a as NumberArray).shape as [number, number];
      const ends = (axis: number, size: number): readonly [number, number] => {
        const subscript = subscripts[axis] ?? { kind: 'all' };
        if (subscript.kind === 'all') return [1, size];
        if (subscript.kind === 'entry')
          return [subscript.at.get('') as number, subscript.at.get('') as number];
        return [subscript.from.get('') as number, subscript.to.get('') as number];
      };
      const [top, bottom] = ends(0, m);
      const [left, right] = ends(1, n);
      const result: number[] = [];
      for (let i = top; i <= bottom; i++) {
        for (let j = left; j <= right; j++)
          result.push((a as NumberArray).values[(i - 1) * n + j - 1] as number);
      }
      return result;
    },
  },
  sumsq: reduction(squares),
  sumsq_rows: {
    samples: [[[2, 3]], [[4, 1]], [[2, 3, 2]]],
    shapes: [
      { args: ['m, n'], gives: 'm' },
      { args: ['a, b, c'], gives: 'a, b' },
      { args: ['n'], gives: /must be a matrix/ },
    ],
    meaning: ([a]) => rowsOf(a as NumberArray).map(squares),
  },
  dot: {
    samples: [
      [[3], [3]],
      [
        [2, 2],
        [2, 2],
      ],
    ],
    shapes: [
      { args: ['n', 'n'], gives: '' },
      { args: ['n', 'm'], gives: /two arrays of one shape/ },
    ],
    meaning: ([x, y]) => [total((x?.values ?? []).map((value, at) => value * (y?.values[at] as number)))],
  },
  quad_form: {
    samples: [
      [[3], [3, 3]],
      [[1], [1, 1]],
    ],
    shapes: [
      { args: ['n', 'n, n'], gives: '' },
      { args: ['n', 'm, m'], gives: /needs a square matrix of that size/ },
      { args: ['n, n', 'n, n'], gives: /must be a vector/ },
    ],
    meaning: ([x, matrix]) => {
      const vector = x as NumberArray;
      const image = product(matrix as NumberArray, vector);
      return [total(vector.values.map((value, at) => value * (image[at] as number)))];
    },
  },
  trace: {
    samples: [[[3, 3]], [[1, 1]]],
    shapes: [
      { args: ['n, n'], gives: '' },
      { args: ['m, n'], gives: /needs a square matrix/ },
    ],
    meaning: ([a]) => {
      const array = a as NumberArray;
      const size = array.shape[0] as number;
      return [total(Array.from({ length: size }, (_, i) => array.values[i * (size + 1)] as number))];
    },
  },
  diag: {
    samples: [[[3]], [[3, 3]]],
    shapes: [
      { args: ['n'], gives: 'n, n' },
      { args: ['n, n'], gives: 'n' },
      { args: ['m, n'], gives: /vector or a square matrix/ },
    ],
    meaning: ([a]) => {
      const array = a as NumberArray;
      const size = array.shape[0] as number;
      if (array.shape.length === 2) {
        return Array.from({ length: size }, (_, i) => array.values[i * (size + 1)] as number);
      }
      return Array.from({ length: size * size }, (_, at) =>
        at % (size + 1) === 0 ? (array.values[at / (size + 1)] as number) : 0,
      );
    },
  },
  cross_entropy: {
    samples: [[[4, 3], [4]]],
    classes: { argument: 1, count: 3 },
    shapes: [
      { args: ['n, k', 'n'], gives: 'n' },
      { args: ['n, k', 'm'], gives: /n rows of scores against m labels/ },
      { args: ['n', 'n'], gives: /must be a matrix/ },
    ],
    meaning: ([scores, labels]) =>
      rowsOf(scores as NumberArray).map(
        (row, at) => logSumExp(row) - (row[(labels as NumberArray).values[at] as number] as number),
      ),
  },
  accuracy: {
    samples: [
      [[4, 3], [4]],
      [[7, 3], [7]],
    ],
    classes: { argument: 1, count: 3 },
    shapes: [
      { args: ['n, k', 'n'], gives: '' },
      { args: ['n, k', 'm'], gives: /n rows of scores against m labels/ },
      { args: ['n', 'n'], gives: /must be a matrix/ },
    ],
    meaning: ([scores, labels]) => {
      const rows = rowsOf(scores as NumberArray);
      const isRight = (row: readonly number[], label: number): boolean =>
        row.every((score, at) => at === label || score < (row[label] as number));
      const right = rows.filter((row, at) => isRight(row, (labels as NumberArray).values[at] as number));
      return [right.length / rows.length];
    },
  },
  reshape: {
    samples: [[[6]], [[2, 3]]],
    parameters: [{ shape: [entry(3), entry(2)] }, { shape: [entry(6)] }],
    shapes: [
      {
        args: ['n, 4'],
        parameters: { shape: [{ kind: 'entry', at: namedDimension('n') }, entry(2), entry(2)] },
        gives: 'n, 2, 2',
      },
      { args: ['6'], parameters: { shape: [entry(4)] }, gives: /6 entries/ },
    ],
    meaning: ([x]) => (x as NumberArray).values,
  },
  standardize: {
    samples: [
      [
        [3, 2],
        [5, 2],
      ],
      [[4], [6]],
    ],
    shapes: [
      { args: ['m, d', 'n, d'], gives: 'm, d' },
      { args: ['m, d', 'n, p'], gives: /cannot be put on the scale/ },
      { args: ['m, d', 'n'], gives: /cannot be put on the scale/ },
    ],
    meaning: ([x, like]) => {
      const reference = like as NumberArray;
      const columns = reference.shape[1] ?? 1;
      const count = reference.values.length / columns;
      return (x as NumberArray).values.map((value, at) => {
        const column = reference.values.filter((_, flat) => flat % columns === at % columns);
        const mean = total(column) / count;
        return (value - mean) / Math.sqrt(squares(column.map((each) => each - mean)) / count);
      });
    },
  },
};
