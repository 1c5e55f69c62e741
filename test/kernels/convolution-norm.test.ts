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

/** From c channels, an array each, to f results: blocks of the operators of single filters. */
function channelOperator(
  filters: Float64Array,
  [f, c, h, w]: readonly [number, number, number, number],
  size: readonly [number, number],
  results: readonly [number, number],
  index: (position: number, length: number) => number | undefined,
): Matrix {
  const [rows, columns] = [results[0] * results[1], size[0] * size[1]];
  const matrix = Matrix.zeros(f * rows, c * columns);
  for (let k = 0; k < f * c; k++) {
    const one = operator(filters.subarray(k * h * w, (k + 1) * h * w), [1, h, w], size, results, index);
    matrix.setSubMatrix(one, Math.floor(k / c) * rows, (k % c) * columns);
  }
  return matrix;
}

test('with channels too, and closer than the Frobenius norm over them', () => {
  const [ratios, gains]: [number[], number[]] = [[], []];
  for (let trial = 0; trial < 60; trial++) {
    const shape = [
      1 + integerBelow(random, 4),
      1 + integerBelow(random, 4),
      1 + integerBelow(random, 2),
      1 + integerBelow(random, 4),
    ] as const;
    const [f, c, h, w] = shape;
    const filters = normalArray(random, f * c * h * w, 10 ** (6 * random() - 3));
    // Also of low rank over the channels, where 2-norm and Frobenius norm are the same.
    if (trial % 5 === 0) filters.fill(0, h * w);
    const { lower, upper } = convolutionNormBounds(shape, filters);
    assert.ok(lower <= upper && upper <= 1.02 * lower, `${lower} ${upper}`);
    const size = [h + integerBelow(random, 2), w + integerBelow(random, 6)] as const;
    const inside = (position: number, length: number) => (position < length ? position : undefined);
    const around = (position: number, length: number): number => position % length;
    const periodic = channelOperator(filters, shape, size, size, around);
    const valid = channelOperator(filters, shape, size, [size[0] - h + 1, size[1] - w + 1], inside);
    const cut = channelOperator(filters, shape, size, size, inside);
    for (const matrix of [periodic, valid, cut]) {
      const { norm2 } = new SingularValueDecomposition(matrix, { autoTranspose: true });
      assert.ok(norm2 <= upper * (1 + 1e-12), `${norm2} above ${upper}`);
    }
    ratios.push(upper / new SingularValueDecomposition(periodic, { autoTranspose: true }).norm2);
    gains.push(convolutionNormBounds([f * c, h, w], filters).upper / upper);
  }
  assert.ok(Math.min(...ratios) < 1.02);
  assert.ok(Math.min(...gains) > 0.98 && Math.max(...gains) > 1.3, gains.join(', '));
});

test('channels: closed forms, the symbols at one frequency, and what is too costly', () => {
  // A rotation in each window, of norm 5; its Frobenius norm is 5√2.
  const rotation = convolutionNormBounds([2, 2, 1, 1], Float64Array.of(3, -4, 4, 3));
  assert.ok(rotation.lower <= 5 && 5 <= rotation.upper && rotation.upper < 5 * 1.01);
  // Differences along an axis for each of three channels: 2.
  const apart = Float64Array.from({ length: 18 }, (_, at) =>
    Math.floor(at / 6) === Math.floor((at % 6) / 2) ? 2 * (at % 2) - 1 : 0,
  );
  const difference = convolutionNormBounds([3, 3, 1, 2], apart);
  assert.ok(difference.lower <= 2 && 2 <= difference.upper && difference.upper < 2 * 1.01);
  assert.deepEqual(convolutionNormBounds([2, 2, 1, 2], new Float64Array(8)), { lower: 0, upper: 0 });
  const large = normalArray(random, 60 * 60 * 9);
  const bounds = convolutionNormBounds([60, 60, 3, 3], large);
  assert.equal(bounds.upper, convolutionNormBounds([3600, 3, 3], large).upper);
  assert.ok(bounds.lower > 0);
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
    const shape = trial % 2 === 0 ? [2, 2, 3] : [2, 2, 1, 3];
    const filters = graph.input('filters', shape, Dependence.upper);
    const norm = graph.convolutionNorm(filters);
    const evaluator = new Evaluator(graph);
    const values = normalArray(random, 12);
    evaluator.setInput(filters, values);
    const analysis = new RoundingAnalysis(graph, evaluator);
    const error = 10 ** (-6 * random());
    analysis.setInputError(filters, new Float64Array(12).fill(error));
    const { values: found, errors } = analysis.evaluate([norm]);
    const moved = values.map((value) => value + (random() < 0.5 ? -error : error) * 0.999);
    const { upper } = convolutionNormBounds(shape, moved);
    const limit = (found[0]?.[0] as number) + (errors[0]?.[0] as number);
    assert.ok(upper <= limit * 1.02, `${upper} ${limit}`);
    assert.ok(convolutionNormBounds(shape, moved).lower <= limit);
  }
});
