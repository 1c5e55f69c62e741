/**
 * Norms of convolutions: against the exact norms of circulant, Toeplitz and valid convolution matrices of
 * many lengths, none of which may exceed the bound, against closed forms, and against filters that are
 * known only up to an error. The grid must miss little: the two sides of the bound lie close together.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import { convolutionNormBounds } from '../../server/src/kernels/convolution-norm.ts';
import { Evaluator } from '../../server/src/kernels/evaluator.ts';
import { RoundingAnalysis } from '../../server/src/kernels/rounding.ts';
import { integerBelow, normalArray, seeded } from '../support/seeded.ts';

const random = seeded(77);

/** The matrix of all filters on arrays [n1, n2]; `index` says where an entry is read, undefined for a zero. */
function operator(
  filters: Float64Array,
  [count, h, w]: readonly [number, number, number],
  [rows, columns]: readonly [number, number],
  results: readonly [number, number],
  index: (position: number, size: number) => number | undefined,
): Matrix {
  const matrix = Matrix.zeros(count * results[0] * results[1], rows * columns);
  for (let f = 0; f < count; f++) {
    for (let y = 0; y < results[0]; y++) {
      for (let x = 0; x < results[1]; x++) {
        for (let a = 0; a < h; a++) {
          for (let b = 0; b < w; b++) {
            const [i, j] = [index(y + a, rows), index(x + b, columns)];
            if (i === undefined || j === undefined) continue;
            const row = (f * results[0] + y) * results[1] + x;
            const value = filters[(f * h + a) * w + b] as number;
            matrix.set(row, i * columns + j, matrix.get(row, i * columns + j) + value);
          }
        }
      }
    }
  }
  return matrix;
}

test('no operator of any length and boundary has a larger norm, and a long periodic one comes close', () => {
  const ratios: number[] = [];
  for (let trial = 0; trial < 60; trial++) {
    const [count, h, w] = [
      1 + integerBelow(random, 3),
      1 + integerBelow(random, 3),
      1 + integerBelow(random, 4),
    ] as const;
    const filters = normalArray(random, count * h * w, 10 ** (6 * random() - 3));
    const { lower, upper } = convolutionNormBounds([count, h, w], filters);
    assert.ok(lower <= upper && upper <= 1.012 * lower, `${lower} ${upper}`);
    const size = [h + integerBelow(random, 5), w + integerBelow(random, 6)] as const;
    const inside = (position: number, length: number) => (position < length ? position : undefined);
    const periodic = operator(filters, [count, h, w], size, size, (position, length) => position % length);
    const valid = operator(filters, [count, h, w], size, [size[0] - h + 1, size[1] - w + 1], inside);
    const cut = operator(filters, [count, h, w], size, size, inside);
    for (const matrix of [periodic, valid, cut]) {
      const { norm2 } = new SingularValueDecomposition(matrix, { autoTranspose: true });
      assert.ok(norm2 <= upper * (1 + 1e-12), `${norm2} above ${upper}`);
    }
    ratios.push(upper / new SingularValueDecomposition(periodic, { autoTranspose: true }).norm2);
  }
  assert.ok(Math.min(...ratios) < 1.02);
});

test('closed forms: differences, means, and a filter of one entry', () => {
  const norm = (shape: readonly number[], values: readonly number[]) => {
    const { lower, upper } = convolutionNormBounds(shape, Float64Array.from(values));
    return [lower, upper] as const;
  };
  const cases: readonly (readonly [readonly number[], readonly number[], number])[] = [
    [[1, 2], [-1, 1], 2],
    [[1, 3], [1, -2, 1], 4],
    [[1, 3], [1 / 3, 1 / 3, 1 / 3], 1],
    [[2, 2, 2], [-1, 1, 0, 0, -1, 0, 1, 0], Math.sqrt(8)],
    [[1, 1], [-3e200], 3e200],
    [[2, 1, 1], [3e-200, 4e-200], 5e-200],
  ];
  for (const [shape, values, exact] of cases) {
    const [lower, upper] = norm(shape, values);
    assert.ok(lower <= exact * (1 + 1e-15) && exact <= upper, `${lower} ${exact} ${upper}`);
    assert.ok(upper <= exact * 1.01, `${upper} against ${exact}`);
  }
  assert.deepEqual(norm([1, 3], [0, 0, 0]), [0, 0]);
  assert.ok(Number.isNaN(norm([1, 2], [NaN, 1])[1]));
  // Too long for the grid: the sum of absolute values.
  const long = normalArray(random, 8000);
  const sum = long.reduce((total, value) => total + Math.abs(value), 0);
  const { upper } = convolutionNormBounds([1, 8000], long);
  assert.ok(upper >= sum * (1 - 1e-12) && upper <= sum * (1 + 1e-9));
});

test('an error of the filters is carried to their norm', () => {
  for (let trial = 0; trial < 40; trial++) {
    const graph = new Graph();
    const filters = graph.input('filters', [2, 2, 3], Dependence.upper);
    const norm = graph.convolutionNorm(filters);
    const evaluator = new Evaluator(graph);
    const values = normalArray(random, 12);
    evaluator.setInput(filters, values);
    const analysis = new RoundingAnalysis(graph, evaluator);
    const error = 10 ** (-6 * random());
    analysis.setInputError(filters, new Float64Array(12).fill(error));
    const { values: found, errors } = analysis.evaluate([norm]);
    const moved = values.map((value) => value + (random() < 0.5 ? -error : error) * 0.999);
    const { upper } = convolutionNormBounds([2, 2, 3], moved);
    const limit = (found[0]?.[0] as number) + (errors[0]?.[0] as number);
    assert.ok(upper <= limit * 1.02, `${upper} ${limit}`);
    assert.ok(convolutionNormBounds([2, 2, 3], moved).lower <= limit);
  }
});
