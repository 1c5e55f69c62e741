/** Rows of the atoms of two or more arrays, entry by entry with spreading. */
import type { AtomRow, NumberArray } from './row.ts';
import { squares } from './row.ts';

/** Entry of an array at a position of a larger shape, by the trailing-axis rule. */
function spreadEntry(array: NumberArray, shape: readonly number[], flat: number): number {
  let rest = flat;
  let offset = 0;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    const at = rest % size;
    rest = Math.floor(rest / size);
    const own = array.shape[axis - shape.length + array.shape.length];
    if (own === undefined) continue;
    offset += (own === 1 ? 0 : at) * stride;
    stride *= own;
  }
  return array.values[offset] as number;
}

function pair(operation: (a: number, b: number) => number): AtomRow {
  return {
    samples: [
      [[], []],
      [[3], []],
      [[2, 3], [3]],
      [
        [2, 1],
        [1, 3],
      ],
    ],
    shapes: [
      { args: ['', 'n'], gives: 'n' },
      { args: ['m, n', 'n'], gives: 'm, n' },
      { args: ['m, 1', '1, n'], gives: 'm, n' },
      { args: ['n', 'm'], gives: /n against m/ },
      { args: ['m, n', 'm'], gives: /n against m/ },
      { args: ['n', 'n, 1'], gives: /would spread over each other to n x n entries/ },
      { args: ['n, 1', 'n'], gives: /would spread/ },
    ],
    meaning: (args) => {
      const rank = Math.max(...args.map(({ shape }) => shape.length));
      const shape = Array.from({ length: rank }, (_, axis) =>
        Math.max(...args.map((each) => each.shape[axis - rank + each.shape.length] ?? 1)),
      );
      const count = shape.reduce((product, size) => product * size, 1);
      return Array.from({ length: count }, (_, flat) =>
        args.map((each) => spreadEntry(each, shape, flat)).reduce((a, b) => operation(a, b)),
      );
    },
  };
}

function several(operation: (a: number, b: number) => number): AtomRow {
  const two = pair(operation);
  return {
    ...two,
    samples: [...two.samples, [[3], [], [1]]],
    shapes: [...two.shapes, { args: ['n', '', 'm, n'], gives: 'm, n' }],
  };
}

const nonNegative = [0, 3] as const;
const positive = [0.05, 3] as const;
const relativeEntropy = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y));

export const pairRows: Readonly<Record<string, AtomRow>> = {
  add: pair((a, b) => a + b),
  subtract: pair((a, b) => a - b),
  multiply: pair((a, b) => a * b),
  divide: {
    ...pair((a, b) => a / b),
    within: [
      [-3, 3],
      [0.2, 4],
    ],
  },
  maximum: several(Math.max),
  minimum: several(Math.min),
  rel_entr: { ...pair(relativeEntropy), within: [nonNegative, positive] },
  kl_div: { ...pair((x, y) => relativeEntropy(x, y) - x + y), within: [nonNegative, positive] },
  quad_over_lin: {
    samples: [
      [[], []],
      [[3], []],
      [[2, 2], []],
    ],
    within: [[-3, 3], positive],
    shapes: [
      { args: ['n', ''], gives: '' },
      { args: ['m, n', ''], gives: '' },
      { args: ['n', 'n'], gives: /must be a scalar/ },
    ],
    meaning: ([x, y]) => [squares(x?.values ?? []) / (y?.values[0] as number)],
  },
};
