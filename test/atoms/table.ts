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

/** The products of the matrices on the last two axes, for each place along the axes before; those are spread. */
function batchedProduct(a: NumberArray, b: NumberArray): readonly number[] {
  const sides = [a, b].map(({ shape, values }) => {
    const whole = shape.length === 1 ? [...shape, 1] : shape;
    return { batch: whole.slice(0, -2), matrix: whole.slice(-2), values };
  });
  const [left, right] = sides as [(typeof sides)[number], (typeof sides)[number]];
  const rank = Math.max(left.batch.length, right.batch.length);
  const padded = sides.map(({ batch }) => [
    ...Array.from({ length: rank - batch.length }, () => 1),
    ...batch,
  ]);
  const batch = Array.from({ length: rank }, (_, axis) =>
    Math.max(...padded.map((each) => each[axis] as number)),
  );
  const result: number[] = [];
  const count = batch.reduce((all, length) => all * length, 1);
  for (let place = 0; place < count; place++) {
    const matrices = sides.map(({ matrix, values }, side) => {
      let [rest, offset, stride] = [place, 0, 1];
      for (let axis = rank - 1; axis >= 0; axis--) {
        const at = rest % (batch[axis] as number);
        rest = Math.floor(rest / (batch[axis] as number));
        const own = padded[side]?.[axis] as number;
        offset += own === 1 ? 0 : at * stride;
        stride *= own;
      }
      const size = (matrix[0] as number) * (matrix[1] as number);
      return { shape: matrix, values: values.slice(offset * size, (offset + 1) * size) };
    });
    result.push(...product(matrices[0] as NumberArray, matrices[1] as NumberArray));
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
  batched_matmul: {
    samples: [
      [
        [2, 3, 4],
        [2, 4, 2],
      ],
      [
        [2, 3, 4],
        [4, 2],
      ],
      [[2, 3, 4], [4]],
      [
        [3, 4],
        [2, 4, 5],
      ],
      [[3], [2, 1, 4]],
      [
        [2, 1, 3],
        [2, 3, 1],
      ],
      [
        [1, 3, 4],
        [2, 4, 2],
      ],
      [
        [2, 1, 2, 3],
        [4, 3, 2],
      ],
      [[2, 2, 2, 3], [3]],
    ],
    shapes: [
      { args: ['b, m, n', 'b, n, k'], gives: 'b, m, k' },
      { args: ['b, m, n', 'n, k'], gives: 'b, m, k' },
      { args: ['b, m, n', 'n'], gives: 'b, m' },
      { args: ['m, n', 'b, n, k'], gives: 'b, m, k' },
      { args: ['n', 'b, 1, k'], gives: 'b, n, k' },
      { args: ['a, b, m, n', 'b, n, k'], gives: 'a, b, m, k' },
      { args: ['b, 1, n', 'b, n, 1'], gives: 'b, 1, 1' },
      { args: ['b, m, n', 'c, n, k'], gives: /the axes before the last two, \[b\] and \[c\], do not fit/ },
      { args: ['b, m, n', 'b, k, n'], gives: /n columns on the left against k rows on the right/ },
      { args: ['b, m, n', 'b, n'], gives: /n columns on the left against b rows/ },
      { args: ['n', 'b, n, k'], gives: /vector is a column/ },
    ],
    meaning: ([a, b]) => batchedProduct(a as NumberArray, b as NumberArray),
  },
  transpose: {
    samples: [[[]], [[3]], [[1, 3]], [[2, 3]], [[2, 3, 4]], [[2, 1, 3]], [[2, 3, 1, 2]]],
    shapes: [
      { args: [''], gives: '' },
      { args: ['n'], gives: '1, n' },
      { args: ['1, n'], gives: 'n' },
      { args: ['m, n'], gives: 'n, m' },
      { args: ['a, b, c'], gives: 'a, c, b' },
      { args: ['a, 1, c'], gives: 'a, c, 1' },
    ],
    meaning: ([a]) => {
      const array = a as NumberArray;
      if (array.shape.length < 2) return array.values;
      const [m, n] = array.shape.slice(-2) as [number, number];
      return Array.from({ length: array.values.length }, (_, k) => {
        const at = k % (m * n);
        return array.values[k - at + (at % m) * n + Math.floor(at / m)] as number;
      });
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
