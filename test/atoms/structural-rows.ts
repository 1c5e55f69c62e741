/** The rows of the atoms that move, choose, repeat and difference entries, by index arithmetic. */
import { fixedDimension } from '../../server/src/base/dimension.ts';
import type { AtomRow, NumberArray, ShapeCase } from './row.ts';

/** Every index of a shape in row-major order. */
export function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, position) => [...index, position])),
    [[]],
  );
}

/** The entry at an index; zero outside. */
export function at(array: NumberArray, index: readonly number[]): number {
  let offset = 0;
  for (const [axis, position] of index.entries()) {
    const length = array.shape[axis] as number;
    if (position < 0 || position >= length) return 0;
    offset = offset * length + position;
  }
  return array.values[offset] as number;
}

/** An array given entry by entry. */
function tabulate(shape: readonly number[], entry: (index: readonly number[]) => number): number[] {
  return indices(shape).map(entry);
}

const entry = (value: number) => ({ kind: 'entry', at: fixedDimension(value) }) as const;
const axisOf = (parameters: Readonly<Record<string, unknown>>, rank: number, otherwise = rank): number =>
  ((parameters['axis'] as number | undefined) ?? otherwise) - 1;
const binomial = (n: number, k: number): number => (k === 0 ? 1 : (binomial(n, k - 1) * (n - k + 1)) / k);

const everyAxis = [{}, { axis: 1 }];
const noAxis: ShapeCase = { args: [''], gives: /a scalar has no axis/ };
const axisBeyond: ShapeCase = {
  args: ['m, n'],
  parameters: { axis: 3 },
  gives: /there is no axis 3 in matrix\[m, n\]/,
};
const same: readonly ShapeCase[] = [
  { args: ['n'], gives: 'n' },
  { args: ['m, n'], gives: 'm, n' },
  noAxis,
  axisBeyond,
];
const arrays = [[[1]], [[5]], [[3, 4]], [[2, 3, 2]]] as const;

export const structuralRows: Readonly<Record<string, AtomRow>> = {
  diff: {
    parameters: [{ order: 1 }, { order: 1, axis: 1 }, { order: 2 }, { order: 3, axis: 1 }],
    samples: [[[7]], [[4, 5]], [[4, 2, 6]]],
    shapes: [
      { args: ['n'], parameters: { order: 1 }, gives: 'n - 1' },
      { args: ['m, n'], parameters: { order: 2 }, gives: 'm, n - 2' },
      { args: ['m, n'], parameters: { order: 1, axis: 1 }, gives: 'm - 1, n' },
      { args: ['3'], parameters: { order: 3 }, gives: /3 entries have no differences of order 3/ },
      { ...noAxis, parameters: { order: 1 } },
      { ...axisBeyond, parameters: { order: 1, axis: 3 } },
    ],
    meaning: ([x], parameters) => {
      const array = x as NumberArray;
      const order = parameters['order'] as number;
      const axis = axisOf(parameters, array.shape.length);
      const shape = array.shape.with(axis, (array.shape[axis] as number) - order);
      return tabulate(shape, (index) => {
        let sum = 0;
        for (let k = 0; k <= order; k++) {
          const sign = (order - k) % 2 === 0 ? 1 : -1;
          sum += sign * binomial(order, k) * at(array, index.with(axis, (index[axis] as number) + k));
        }
        return sum;
      });
    },
  },
  cumsum: {
    parameters: everyAxis,
    samples: [...arrays, [[13]]],
    shapes: same,
    meaning: ([x], parameters) => {
      const array = x as NumberArray;
      const axis = axisOf(parameters, array.shape.length);
      return tabulate(array.shape, (index) => {
        let sum = 0;
        for (let k = 0; k <= (index[axis] as number); k++) sum += at(array, index.with(axis, k));
        return sum;
      });
    },
  },
  flip: {
    parameters: everyAxis,
    samples: [...arrays, [[8]], [[11]]],
    shapes: same,
    meaning: ([x], parameters) => {
      const array = x as NumberArray;
      const axis = axisOf(parameters, array.shape.length);
      const last = (array.shape[axis] as number) - 1;
      return tabulate(array.shape, (index) => at(array, index.with(axis, last - (index[axis] as number))));
    },
  },
  roll: {
    parameters: [{ shift: 1 }, { shift: -2, axis: 1 }, { shift: 12 }, { shift: 0 }],
    samples: arrays,
    shapes: same.map((each) => ({ ...each, parameters: { ...each.parameters, shift: 1 } })),
    meaning: ([x], parameters) => {
      const array = x as NumberArray;
      const axis = axisOf(parameters, array.shape.length);
      const length = array.shape[axis] as number;
      const from = (position: number): number =>
        (((position - (parameters['shift'] as number)) % length) + length) % length;
      return tabulate(array.shape, (index) => at(array, index.with(axis, from(index[axis] as number))));
    },
  },
  pad: {
    parameters: [
      { before: 0, after: 0 },
      { before: 2, after: 1 },
      { before: 0, after: 3, axis: 1 },
    ],
    samples: arrays,
    shapes: [
      { args: ['n'], parameters: { before: 1, after: 2 }, gives: 'n + 3' },
      { args: ['m, n'], parameters: { before: 0, after: 1, axis: 1 }, gives: 'm + 1, n' },
      { ...noAxis, parameters: { before: 0, after: 1 } },
      { ...axisBeyond, parameters: { before: 0, after: 1, axis: 3 } },
    ],
    meaning: ([x], parameters) => {
      const array = x as NumberArray;
      const axis = axisOf(parameters, array.shape.length);
      const [before, after] = [parameters['before'] as number, parameters['after'] as number];
      const shape = array.shape.with(axis, (array.shape[axis] as number) + before + after);
      return tabulate(shape, (index) => at(array, index.with(axis, (index[axis] as number) - before)));
    },
  },
  permute_axes: {
    parameters: [{ axes: [entry(3), entry(1), entry(2)] }, { axes: [entry(1), entry(3), entry(2)] }],
    samples: [[[2, 3, 4]], [[1, 5, 2]]],
    shapes: [
      { args: ['a, b, c'], parameters: { axes: [entry(2), entry(3), entry(1)] }, gives: 'b, c, a' },
      { args: ['m, n'], parameters: { axes: [entry(2), entry(1)] }, gives: 'n, m' },
      { args: ['m, n'], parameters: { axes: [entry(1), entry(1)] }, gives: /1, 1 is no order of the 2 axes/ },
      { args: ['m, n'], parameters: { axes: [entry(1)] }, gives: /no order of the 2 axes/ },
      { args: ['m, n'], parameters: { axes: [entry(0), entry(1)] }, gives: /no order/ },
    ],
    meaning: ([x], parameters) => {
      const array = x as NumberArray;
      const order = (parameters['axes'] as readonly { at: ReadonlyMap<string, number> }[]).map(
        ({ at: axis }) => (axis.get('') as number) - 1,
      );
      return tabulate(
        order.map((axis) => array.shape[axis] as number),
        (index) => {
          const source = index.map(() => 0);
          order.forEach((axis, position) => (source[axis] = index[position] as number));
          return at(array, source);
        },
      );
    },
  },
  triu: triangle((row, column, diagonal) => column >= row + diagonal),
  tril: triangle((row, column, diagonal) => column <= row + diagonal),
  outer: {
    samples: [
      [[3], [2]],
      [[1], [4]],
    ],
    shapes: [
      { args: ['m', 'n'], gives: 'm, n' },
      { args: ['m', 'm, n'], gives: /must be a vector, but is matrix/ },
    ],
    meaning: ([x, y]) => (x?.values ?? []).flatMap((a) => (y?.values ?? []).map((b) => a * b)),
  },
  kron: {
    samples: [
      [
        [2, 3],
        [2, 2],
      ],
      [
        [1, 2],
        [3, 1],
      ],
    ],
    shapes: [
      { args: ['m, n', 'p, q'], gives: 'm*p, n*q' },
      { args: ['m, n', 'p'], gives: /must be a matrix, but is vector/ },
    ],
    meaning: ([x, y]) => {
      const [a, b] = [x as NumberArray, y as NumberArray];
      const [p, q] = b.shape as [number, number];
      return tabulate([(a.shape[0] as number) * p, (a.shape[1] as number) * q], (index) => {
        const [i, j] = index as [number, number];
        return at(a, [Math.floor(i / p), Math.floor(j / q)]) * at(b, [i % p, j % q]);
      });
    },
  },
  sqdist: {
    samples: [
      [
        [3, 2],
        [4, 2],
      ],
      [
        [2, 1],
        [1, 1],
      ],
    ],
    shapes: [
      { args: ['m, d', 'n, d'], gives: 'm, n' },
      { args: ['m, d', 'n, p'], gives: /rows of d entries against rows of p/ },
      { args: ['m', 'n, d'], gives: /must be a matrix/ },
    ],
    meaning: ([x, y]) => distances(x as NumberArray, y as NumberArray),
  },
  rbf_kernel: {
    samples: [
      [[3, 2], [4, 2], []],
      [[2, 1], [1, 1], []],
    ],
    within: [
      [-2, 2],
      [-2, 2],
      [0.3, 3],
    ],
    shapes: [
      { args: ['m, d', 'n, d', ''], gives: 'm, n' },
      { args: ['m, d', 'n, d', 'd'], gives: /length scale must be a scalar/ },
      { args: ['m, d', 'n, p', ''], gives: /rows of d entries/ },
    ],
    meaning: ([x, y, length]) =>
      distances(x as NumberArray, y as NumberArray).map((square) =>
        Math.exp(-square / (2 * (length?.values[0] as number) ** 2)),
      ),
  },
  stack: {
    parameters: [{}, { axis: 2 }],
    samples: [
      [[3], [3]],
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
    ],
    shapes: [
      { args: ['', '', ''], gives: '3' },
      { args: ['n', 'n'], gives: '2, n' },
      { args: ['n', 'n'], parameters: { axis: 2 }, gives: 'n, 2' },
      { args: ['m, n', 'm, n'], parameters: { axis: 3 }, gives: 'm, n, 2' },
      { args: ['n', 'm'], gives: /vector\[m\] cannot be stacked on vector\[n\]/ },
      { args: ['n', 'n'], parameters: { axis: 3 }, gives: /has no axis 3/ },
    ],
    meaning: (args, parameters) => {
      const [first] = args as readonly [NumberArray];
      const axis = axisOf(parameters, 0, 1);
      return tabulate(first.shape.toSpliced(axis, 0, args.length), (index) =>
        at(args[index[axis] as number] as NumberArray, index.toSpliced(axis, 1)),
      );
    },
  },
  concat: {
    parameters: [{}, { axis: 1 }],
    samples: [
      [[2], [3]],
      [
        [1, 3],
        [2, 3],
        [1, 3],
      ],
    ],
    shapes: [
      { args: ['n', 'm'], gives: 'm + n' },
      { args: ['n, k', '2, k'], gives: 'n + 2, k' },
      { args: ['n, k', 'n, 1'], parameters: { axis: 2 }, gives: 'n, k + 1' },
      { args: ['n, k', 'n'], gives: /cannot be joined/ },
      { args: ['n, k', 'm, k'], parameters: { axis: 2 }, gives: /cannot be joined/ },
      { args: ['n', 'm'], parameters: { axis: 2 }, gives: /no axis 2/ },
      { args: ['', 'n'], gives: /has no axis/ },
    ],
    meaning: (args) => args.flatMap((argument) => argument.values),
  },
};

function distances(x: NumberArray, y: NumberArray): number[] {
  const columns = x.shape[1] as number;
  return tabulate([x.shape[0] as number, y.shape[0] as number], ([i = 0, j = 0]) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += (at(x, [i, k]) - at(y, [j, k])) ** 2;
    return sum;
  });
}

function triangle(keeps: (row: number, column: number, diagonal: number) => boolean): AtomRow {
  return {
    parameters: [{ diagonal: 0 }, { diagonal: 1 }, { diagonal: -2 }],
    samples: [[[4, 4]], [[3, 5]], [[2, 3, 2]]],
    shapes: [
      { args: ['m, n'], gives: 'm, n' },
      { args: ['n'], gives: /must be a matrix/ },
    ],
    meaning: ([a], parameters) => {
      const array = a as NumberArray;
      return tabulate(array.shape, (index) => {
        const [row, column] = index.slice(-2) as [number, number];
        return keeps(row, column, parameters['diagonal'] as number) ? at(array, index) : 0;
      });
    },
  };
}
