/**
 * Systems and determinants of matrices of which nothing is known: integer inverses and determinants, values against
 * elimination in double-double arithmetic, and attempts to break the proved errors: nearly singular matrices, rows
 * and columns of very different sizes, errors in the matrix and the right-hand side along the worst direction.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { diagonalMatrix } from '../../server/src/graph/diagonal.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import { neededNodes } from '../../server/src/graph/text.ts';
import { Evaluator } from '../../server/src/kernels/evaluator.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import { RoundingAnalysis } from '../../server/src/kernels/rounding.ts';
import { interpretExactly } from '../support/double-double-interpreter.ts';
import * as dd from '../support/double-double.ts';
import { caseCount } from '../support/long.ts';
import { integerBelow, normal, normalArray, seeded } from '../support/seeded.ts';
import type { Seeded } from '../support/seeded.ts';

function system(size: number, columns: number) {
  const graph = new Graph();
  const a = graph.input('A', [size, size], Dependence.upper);
  const b = graph.input('B', [size, columns], Dependence.lower);
  const outputs = [
    graph.solve(a, b, 'general'),
    graph.solve(a, b, 'transposed'),
    graph.solve(a, diagonalMatrix(graph, graph.filled(1, [size])), 'general'),
    graph.logDet(a, 'general'),
  ];
  return { graph, a, b, outputs };
}

type System = ReturnType<typeof system>;

function analyse(
  { graph, a, b, outputs }: System,
  values: ReadonlyMap<string, Float64Array>,
  errors?: { readonly a: Float64Array; readonly b: Float64Array },
) {
  const evaluator = new Evaluator(graph);
  evaluator.setInput(a, values.get('A') as Float64Array);
  evaluator.setInput(b, values.get('B') as Float64Array);
  const analysis = new RoundingAnalysis(graph, evaluator);
  if (errors !== undefined) {
    analysis.setInputError(a, errors.a);
    analysis.setInputError(b, errors.b);
  }
  return analysis.evaluate(outputs);
}

function matrix(size: number, entry: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, k) => entry(Math.floor(k / size), k % size));
}

/** Q1 diag(values) Q2 with products of reflections. */
function withSingularValues(values: readonly number[], random: Seeded): Float64Array {
  const size = values.length;
  let rows = values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
  const transposed = (all: number[][]): number[][] => all.map((_, j) => all.map((row) => row[j] as number));
  for (let k = 0; k < 6; k++) {
    const v = Array.from({ length: size }, () => normal(random));
    const length = Math.hypot(...v);
    const w = v.map((entry) => entry / length);
    rows = transposed(
      rows.map((row) => {
        const along = 2 * row.reduce((sum, entry, j) => sum + entry * (w[j] as number), 0);
        return row.map((entry, j) => entry - along * (w[j] as number));
      }),
    );
  }
  return matrix(size, (i, j) => rows[i]?.[j] as number);
}

function errorOf(value: number, truth: dd.DoubleDouble): number {
  return Math.abs(dd.toNumber(dd.subtract(dd.dd(value), truth)));
}

test('cyclic differences and permutations: integer inverses and determinants are met', () => {
  for (let size = 1; size <= 9; size++) {
    // (I + N)⁻¹ = I − N + N² − … for the shift N, and the rows of both in another order.
    const order = Array.from(
      { length: size },
      (_, i) => (i * 2 + 1) % (size + (size % 2 === 0 ? 1 : 0)) || 0,
    );
    const rows = size % 2 === 0 ? order.map((each) => each - 1 + (each === 0 ? size + 1 : 0)) : order;
    const isOrder = new Set(rows).size === size && rows.every((each) => each >= 0 && each < size);
    const p = isOrder ? rows : rows.map((_, i) => size - 1 - i);
    const a = matrix(size, (i, j) => {
      const from = p[i] as number;
      return (from === j ? 1 : 0) + (from + 1 === j ? 1 : 0);
    });
    const whole = system(size, 1);
    const found = analyse(
      whole,
      new Map([
        ['A', a],
        ['B', new Float64Array(size).fill(1)],
      ]),
    );
    const inverse = found.values[2] as Float64Array;
    inverse.forEach((value, k) => {
      const [i, j] = [Math.floor(k / size), p[k % size] as number];
      const wanted = j < i ? 0 : (j - i) % 2 === 0 ? 1 : -1;
      assert.ok(Math.abs(value - wanted) <= (found.errors[2]?.[k] as number), `${value} against ${wanted}`);
    });
    assert.ok(Math.abs(found.values[3]?.[0] as number) <= (found.errors[3]?.[0] as number));
    assert.ok((found.errors[3]?.[0] as number) < 1e-12);
  }
});

test('no solution and no determinant is off by more than its bound, however close to singular', (context) => {
  const random = seeded(32);
  const ratios: number[][] = [[], [], [], []];
  let [unbounded, known] = [0, 0];
  const hardest: number[] = [];
  for (let trial = 0; trial < caseCount(300, 6000); trial++) {
    const size = 1 + integerBelow(random, 8);
    const columns = 1 + integerBelow(random, 3);
    const condition = 10 ** (17 * random());
    const scale = 2 ** Math.round(400 * (random() - 0.5));
    const singular = Array.from({ length: size }, (_, k) => scale * condition ** (k === 0 ? -1 : -random()));
    const a = withSingularValues(singular, random);
    if (trial % 3 === 1) {
      const [rows, others] = [0, 1].map(() => Array.from({ length: size }, () => 10 ** (12 * random() - 6)));
      a.forEach((value, k) => {
        a[k] = value * (rows?.[Math.floor(k / size)] as number) * (others?.[k % size] as number);
      });
    }
    // Triangular and with many zeros, as networks of reservoirs are.
    if (trial % 7 === 2) a.forEach((_, k) => k % size > Math.floor(k / size) && (a[k] = 0));
    if (trial % 7 === 3) a.forEach((_, k) => random() < 0.3 && (a[k] = 0));
    const whole = system(size, columns);
    const values = new Map([
      ['A', a],
      ['B', normalArray(random, size * columns, 10 ** (6 * random() - 3))],
    ]);
    const found = analyse(whole, values);
    if (found.values[3]?.some((value) => !Number.isFinite(value)) === true) continue;
    const exact = interpretExactly(whole.graph, whole.outputs, values);
    for (const [k, entries] of found.values.entries()) {
      entries.forEach((value, entry) => {
        const error = errorOf(value, exact[k]?.[entry] as dd.DoubleDouble);
        const bound = found.errors[k]?.[entry] as number;
        known++;
        if (bound === Infinity) unbounded++;
        else if (error > 0) ratios[k]?.push(bound / error);
        // What double-double loses to a condition of 1e17 stays far below.
        assert.ok(
          error <= bound * (1 + 1e-9),
          `trial ${trial}, output ${k}: ${error} > ${bound} of ${value}`,
        );
      });
    }
    const isPlain = size > 2 && trial % 3 !== 1 && trial % 7 !== 2 && trial % 7 !== 3;
    if (isPlain && found.errors[0]?.every(Number.isFinite) === true) hardest.push(condition);
  }
  const middle = (all: number[]): number => all.sort((x, y) => x - y)[all.length >> 1] as number;
  context.diagnostic(
    `${known} entries, ${unbounded} of them unbounded; median bound / error: solutions ${middle(ratios[0] ?? []).toFixed(1)}, ` +
      `transposed ${middle(ratios[1] ?? []).toFixed(1)}, inverses ${middle(ratios[2] ?? []).toFixed(1)}, ` +
      `determinants ${middle(ratios[3] ?? []).toFixed(1)}; bounded up to a condition of ${Math.max(...hardest).toExponential(1)}`,
  );
  for (const all of ratios) assert.ok(all.length > 100 && middle(all) < 200);
  assert.ok(Math.max(...hardest) > 1e12);
});

test('errors of the matrix and of the right-hand side are carried through', () => {
  const random = seeded(6);
  for (let trial = 0; trial < caseCount(150, 2000); trial++) {
    const size = 1 + integerBelow(random, 6);
    const singular = Array.from({ length: size }, () => 10 ** (-3 * random()));
    const a = withSingularValues(singular, random);
    const b = normalArray(random, size, 1);
    const off = Math.min(...singular) * 10 ** (-1 - 5 * random());
    const whole = system(size, 1);
    const errors = { a: a.map(() => (off / size) * 1.0000001), b: b.map(() => off * 1.0000001) };
    const values = new Map([
      ['A', a],
      ['B', b],
    ]);
    const found = analyse(whole, values, errors);
    const sign = (): number => (random() < 0.5 ? 1 : -1);
    // Moved as the gradient says, which is the worst way to first order, and at random.
    const target = whole.graph.sum(whole.outputs[[0, 1, 3][trial % 3] as number] as NodeId);
    const slopes = interpret(
      whole.graph,
      gradient(whole.graph, target, [whole.a]),
      values,
    )[0] as Float64Array;
    const moved = new Map([
      [
        'A',
        a.map(
          (value, k) => value + (off / size) * (trial % 5 === 0 ? sign() : Math.sign(slopes[k] as number)),
        ),
      ],
      ['B', b.map((value) => value + off * sign())],
    ]);
    const exact = interpretExactly(whole.graph, whole.outputs, moved);
    for (const [k, entries] of found.values.entries()) {
      entries.forEach((value, entry) => {
        const error = errorOf(value, exact[k]?.[entry] as dd.DoubleDouble);
        assert.ok(error <= (found.errors[k]?.[entry] as number), `trial ${trial}, ${k}: ${error}`);
      });
    }
  }
});

test('what is singular or not finite is not a number, and is not bounded', () => {
  const whole = system(2, 1);
  for (const entries of [
    [1, 2, 2, 4],
    [0, 0, 0, 0],
    [0, 1, 0, 2],
    [Number.NaN, 0, 0, 1],
    [1, Infinity, 0, 1],
  ]) {
    const values = new Map([
      ['A', Float64Array.from(entries)],
      ['B', Float64Array.of(1, 0)],
    ]);
    const found = analyse(whole, values);
    for (const array of found.values) assert.ok(array.every(Number.isNaN), entries.join());
    for (const array of found.errors) assert.ok(array.every((error) => error === Infinity));
    for (const array of interpret(whole.graph, whole.outputs, values)) assert.ok(array.every(Number.isNaN));
  }
  // Not positive definite, not even with a diagonal: a matrix as any other.
  const found = analyse(
    whole,
    new Map([
      ['A', Float64Array.of(0, 2, -4, 0)],
      ['B', Float64Array.of(2, 4)],
    ]),
  );
  assert.deepEqual([...(found.values[0] as Float64Array)], [-1, 1]);
  assert.deepEqual([...(found.values[1] as Float64Array)], [2, -0.5]);
});

test('one elimination serves values, gradients, and systems with the transpose', () => {
  const { graph, a, b, outputs } = system(4, 1);
  const value = graph.add(graph.sum(graph.power(outputs[0] as NodeId, 2)), outputs[3] as NodeId);
  const slopes = gradient(graph, value, [a, b]);
  const factors = neededNodes(graph, [value, ...slopes]).filter((id) => graph.node(id).primitive.op === 'lu');
  assert.equal(factors.length, 1);
  assert.equal(graph.solve(graph.transpose(a, [1, 0]), b, 'general'), outputs[1]);
  assert.equal(graph.solve(graph.transpose(a, [1, 0]), b, 'transposed'), outputs[0]);
});
