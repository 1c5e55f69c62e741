/** Rows of the atoms of symmetric positive definite matrices, by determinants and cofactors. */
import type { AtomRow, NumberArray } from './row.ts';
import { total } from './row.ts';

type Matrix = readonly (readonly number[])[];

/** A scalar is a matrix of 1 x 1. */
function matrixOf({ shape, values }: NumberArray): Matrix {
  const [rows = 1, columns = 1] = shape;
  return Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}

/** Laplace's expansion along the first row. */
function determinant(matrix: Matrix): number {
  if (matrix.length === 0) return 1;
  return total(
    (matrix[0] ?? []).map((entry, j) => (j % 2 === 0 ? 1 : -1) * entry * determinant(without(matrix, 0, j))),
  );
}

function without(matrix: Matrix, row: number, column: number): Matrix {
  return matrix.filter((_, i) => i !== row).map((entries) => entries.filter((_, j) => j !== column));
}

/** Transposed cofactors over the determinant. */
function inverse(array: NumberArray): Matrix {
  const matrix = matrixOf(array);
  const whole = determinant(matrix);
  return matrix.map((_, i) =>
    matrix.map((__, j) => ((i + j) % 2 === 0 ? 1 : -1) * (determinant(without(matrix, j, i)) / whole)),
  );
}

function solution(matrix: NumberArray, { shape, values }: NumberArray): number[] {
  const [rows = 1, columns = 1] = shape;
  return inverse(matrix).flatMap((row) =>
    Array.from({ length: columns }, (_, c) =>
      total(
        Array.from({ length: rows }, (__, j) => (row[j] as number) * (values[j * columns + c] as number)),
      ),
    ),
  );
}

/** A A'/4 + I/2: eigenvalues of at least 1/2. */
function definite(argument: NumberArray): NumberArray {
  const matrix = matrixOf(argument);
  const values = matrix.flatMap((a, i) =>
    matrix.map((b, j) => total(a.map((entry, k) => entry * (b[k] as number))) / 4 + (i === j ? 0.5 : 0)),
  );
  return { ...argument, values };
}

const withDefinite =
  (...positions: readonly number[]) =>
  (args: readonly NumberArray[]): readonly NumberArray[] =>
    args.map((argument, at) => (positions.includes(at) ? definite(argument) : argument));

const square = [[[]], [[1, 1]], [[2, 2]], [[3, 3]]] as const;
const squareShapes = (gives: string) => [
  { args: ['n, n'], gives },
  {
    args: ['n, m'],
    gives: /must be a square matrix, symmetric and positive definite, but is matrix\[n, m\]/,
  },
  { args: ['n'], gives: /must be a square matrix/ },
];

const invertibleShapes = (gives: string) => [
  { args: ['n, n'], gives },
  { args: ['n, m'], gives: /must be a square matrix, but is matrix\[n, m\]/ },
  { args: ['n'], gives: /must be a square matrix/ },
];
/** Definite matrices have an inverse, so that both forms take them. */
const bothForms = [{ form: 'definite' }, { form: 'general' }] as const;

export const definiteRows: Readonly<Record<string, AtomRow>> = {
  log_det: {
    samples: square,
    admissible: withDefinite(0),
    shapes: squareShapes(''),
    meaning: ([a]) => [Math.log(determinant(matrixOf(a as NumberArray)))],
  },
  log_abs_det: {
    parameters: bothForms,
    samples: square,
    admissible: withDefinite(0),
    shapes: invertibleShapes(''),
    meaning: ([a]) => [Math.log(Math.abs(determinant(matrixOf(a as NumberArray))))],
  },
  inv: {
    parameters: bothForms,
    samples: square,
    admissible: withDefinite(0),
    shapes: invertibleShapes('n, n'),
    meaning: ([a]) => inverse(a as NumberArray).flat(),
  },
  solve: {
    parameters: bothForms,
    samples: [
      [[], []],
      [[1, 1], []],
      [[], [1]],
      [[1, 1], [1]],
      [[3, 3], [3]],
      [
        [2, 2],
        [2, 3],
      ],
    ],
    admissible: withDefinite(0),
    shapes: [
      { args: ['', ''], gives: '' },
      { args: ['1, 1', ''], gives: '' },
      { args: ['', '1, k'], gives: '1, k' },
      { args: ['n, n', 'n'], gives: 'n' },
      { args: ['n, n', 'n, k'], gives: 'n, k' },
      {
        args: ['n, n', 'm'],
        gives: /a system with matrix\[n, n\] needs a vector or a matrix of n rows, not/,
      },
      { args: ['n, n', 'k, n'], gives: /of n rows/ },
      { args: ['n, n', ''], gives: /of n rows/ },
      { args: ['m, n', 'n'], gives: /must be a square matrix/ },
    ],
    meaning: ([a, b]) => solution(a as NumberArray, b as NumberArray),
  },
  matrix_frac: {
    samples: [
      [[], []],
      [[], [1, 1]],
      [[1], [1, 1]],
      [[3], [3, 3]],
      [
        [2, 3],
        [2, 2],
      ],
    ],
    admissible: withDefinite(1),
    shapes: [
      { args: ['n', 'n, n'], gives: '' },
      { args: ['n, k', 'n, n'], gives: '' },
      { args: ['m', 'n, n'], gives: /of n rows/ },
      { args: ['n', 'n, m'], gives: /must be a square matrix/ },
    ],
    meaning: ([x, a]) => {
      const sides = x as NumberArray;
      return [
        total(solution(a as NumberArray, sides).map((entry, k) => entry * (sides.values[k] as number))),
      ];
    },
  },
};
