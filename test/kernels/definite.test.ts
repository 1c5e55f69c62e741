/**
 * Systems with positive definite matrices: solutions, determinants and inverses against matrices whose exact
 * ones are known, bounds of the error tried to be violated on matrices close to singular and of any scale,
 * three derivatives against their closed forms in double-double arithmetic, and what is no such matrix.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batched } from '../../server/src/autodiff/batch.ts';
import { pushForward } from '../../server/src/autodiff/forward.ts';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { diagonalMatrix } from '../../server/src/graph/diagonal.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { Evaluator } from '../../server/src/kernels/evaluator.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import { RoundingAnalysis } from '../../server/src/kernels/rounding.ts';
import { neededNodes } from '../../server/src/graph/text.ts';
import * as dd from '../support/double-double.ts';
import { interpretExactly } from '../support/double-double-interpreter.ts';
import { caseCount } from '../support/long.ts';
import { integerBelow, normal, normalArray, seeded } from '../support/seeded.ts';
import type { Seeded } from '../support/seeded.ts';

interface System {
  readonly graph: Graph;
  readonly a: NodeId;
  readonly b: NodeId;
  readonly solution: NodeId;
  readonly inverse: NodeId;
  readonly logDet: NodeId;
}

function system(size: number, columns: number): System {
  const graph = new Graph();
  const a = graph.input('A', [size, size], Dependence.upper);
  const b = graph.input('B', [size, columns], Dependence.lower);
  const inverse = graph.solve(a, diagonalMatrix(graph, graph.filled(1, [size])));
  return { graph, a, b, solution: graph.solve(a, b), inverse, logDet: graph.logDet(a) };
}

function analyse(
  { graph, a, b }: System,
  outputs: readonly NodeId[],
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

test('second differences and Pascal matrices: integer inverses and determinants are met within the bounds', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  for (let size = 1; size <= 9; size++) {
    const differences = matrix(size, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));
    const pascal = matrix(size, (i, j) => choose(i + j, i));
    for (const [a, inverse, determinant] of [
      [
        differences,
        (i: number, j: number) => ((Math.min(i, j) + 1) * (size - Math.max(i, j))) / (size + 1),
        size + 1,
      ],
      // P = L L' with L_ij = binomial(i, j), whose inverse has the signs (−1)^(i + j).
      [
        pascal,
        (i: number, j: number) => {
          let sum = 0;
          for (let k = Math.max(i, j); k < size; k++) sum += choose(k, i) * choose(k, j);
          return (i + j) % 2 === 0 ? sum : -sum;
        },
        1,
      ],
    ] as const) {
      const whole = system(size, 1);
      const values = new Map([
        ['A', a],
        ['B', new Float64Array(size).fill(1)],
      ]);
      const found = analyse(whole, [whole.inverse, whole.logDet], values);
      const [found0, found1] = found.values as [Float64Array, Float64Array];
      const [bound0, bound1] = found.errors as [Float64Array, Float64Array];
      found0.forEach((value, k) => {
        const wanted = inverse(Math.floor(k / size), k % size);
        // The reference of the first family is itself rounded once.
        assert.ok(Math.abs(value - wanted) <= (bound0[k] as number) + 2 ** -53 * Math.abs(wanted));
      });
      assert.ok(Math.abs((found1[0] as number) - Math.log(determinant)) <= (bound1[0] as number) + 1e-15);
      assert.ok((bound1[0] as number) < 1e-4, `size ${size}: ${bound1.join()}`);
      const [reference] = interpret(whole.graph, [whole.inverse], values) as [Float64Array];
      found0.forEach((value, k) => {
        assert.ok(Math.abs(value - (reference[k] as number)) <= 2 * (bound0[k] as number));
      });
    }
  }
});

/** Q diag(values) Q' by reflections, symmetric exactly. */
function withEigenvalues(values: readonly number[], random: Seeded): Float64Array {
  const size = values.length;
  let rows = values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
  for (let k = 0; k < 3; k++) {
    const v = Array.from({ length: size }, () => normal(random));
    const length = Math.hypot(...v);
    const w = v.map((entry) => entry / length);
    const reflect = (all: number[][]): number[][] =>
      all.map((row) => {
        const along = 2 * row.reduce((sum, entry, j) => sum + entry * (w[j] as number), 0);
        return row.map((entry, j) => entry - along * (w[j] as number));
      });
    const transposed = (all: number[][]): number[][] => all.map((_, j) => all.map((row) => row[j] as number));
    rows = transposed(reflect(transposed(reflect(rows))));
  }
  return matrix(size, (i, j) => rows[Math.max(i, j)]?.[Math.min(i, j)] as number);
}

function errorOf(value: number, truth: dd.DoubleDouble): number {
  return Math.abs(dd.toNumber(dd.subtract(dd.dd(value), truth)));
}

test('no solution and no determinant is off by more than its bound, however close to singular', (context) => {
  const random = seeded(31);
  const ratios: { solution: number[]; logDet: number[] } = { solution: [], logDet: [] };
  let unbounded = 0;
  for (let trial = 0; trial < caseCount(250, 4000); trial++) {
    const size = 1 + integerBelow(random, 8);
    const columns = 1 + integerBelow(random, 3);
    const condition = 10 ** (15 * random());
    const scale = 2 ** Math.round(400 * (random() - 0.5));
    const eigenvalues = Array.from({ length: size }, () => scale * condition ** -random());
    const a = withEigenvalues(eigenvalues, random);
    if (trial % 4 === 1) {
      // Not quite symmetric, as products are.
      for (let k = 0; k < a.length; k++) a[k] = (a[k] as number) * (1 + 1e-15 * normal(random));
    }
    if (trial % 4 === 2) {
      // Rows and columns of very different sizes.
      const sizes = Array.from({ length: size }, () => 10 ** (4 * random() - 2));
      a.forEach(
        (value, k) => (a[k] = value * (sizes[Math.floor(k / size)] as number) * (sizes[k % size] as number)),
      );
    }
    const whole = system(size, columns);
    const values = new Map([
      ['A', a],
      ['B', normalArray(random, size * columns, 10 ** (6 * random() - 3))],
    ]);
    const outputs = [whole.solution, whole.inverse, whole.logDet];
    const found = analyse(whole, outputs, values);
    if (found.values[2]?.some(Number.isNaN) === true) continue;
    const exact = interpretExactly(whole.graph, outputs, values);
    for (const [k, entries] of found.values.entries()) {
      entries.forEach((value, entry) => {
        const error = errorOf(value, exact[k]?.[entry] as dd.DoubleDouble);
        const bound = found.errors[k]?.[entry] as number;
        // What double-double loses to a condition of 1e16 stays far below.
        assert.ok(
          error <= bound * (1 + 1e-12),
          `trial ${trial}, output ${k}: ${error} > ${bound} of ${value}`,
        );
        if (bound === Infinity) unbounded++;
        else if (error > 0) ratios[k === 2 ? 'logDet' : 'solution'].push(bound / error);
      });
    }
  }
  const middle = (all: number[]): number => all.sort((x, y) => x - y)[all.length >> 1] as number;
  context.diagnostic(
    `median bound / error: solutions ${middle(ratios.solution).toFixed(0)} of ${ratios.solution.length}, ` +
      `determinants ${middle(ratios.logDet).toFixed(0)} of ${ratios.logDet.length}; unbounded ${unbounded}`,
  );
  assert.ok(ratios.solution.length > 1000 && middle(ratios.solution) < 500);
  assert.ok(ratios.logDet.length > 100 && middle(ratios.logDet) < 1000);
});

test('errors of the matrix and of the right-hand side are carried through', () => {
  const random = seeded(5);
  for (let trial = 0; trial < caseCount(150, 2000); trial++) {
    const size = 1 + integerBelow(random, 6);
    const eigenvalues = Array.from({ length: size }, () => 10 ** (-3 * random()));
    const a = withEigenvalues(eigenvalues, random);
    const b = normalArray(random, size, 1);
    const off = Math.min(...eigenvalues) * 10 ** (-1 - 5 * random());
    const whole = system(size, 1);
    const outputs = [whole.solution, whole.logDet];
    const errors = {
      a: a.map(() => (off / size) * 1.0000001),
      b: b.map(() => off * 1.0000001),
    };
    const found = analyse(
      whole,
      outputs,
      new Map([
        ['A', a],
        ['B', b],
      ]),
      errors,
    );
    const sign = (): number => (random() < 0.5 ? 1 : -1);
    // Moved as the gradient says, which is the worst way to first order, and at random.
    const gradients = interpret(
      whole.graph,
      gradient(whole.graph, whole.graph.sum(trial % 2 === 0 ? whole.solution : whole.logDet), [whole.a]),
      new Map([
        ['A', a],
        ['B', b],
      ]),
    )[0] as Float64Array;
    const moved = new Map([
      [
        'A',
        a.map(
          (value, k) => value + (off / size) * (trial % 3 === 0 ? sign() : Math.sign(gradients[k] as number)),
        ),
      ],
      ['B', b.map((value) => value + off * sign())],
    ]);
    const exact = interpretExactly(whole.graph, outputs, moved);
    for (const [k, entries] of found.values.entries()) {
      entries.forEach((value, entry) => {
        const error = errorOf(value, exact[k]?.[entry] as dd.DoubleDouble);
        assert.ok(error <= (found.errors[k]?.[entry] as number), `trial ${trial}: ${error}`);
      });
    }
  }
});

test('what is not symmetric, not positive definite or not finite is not a number, and is not bounded', () => {
  const whole = system(2, 1);
  const outputs = [whole.solution, whole.inverse, whole.logDet];
  const b = Float64Array.of(1, 0);
  for (const entries of [
    [1, 2, 2, 1],
    [1, 1, 1, 1],
    [0, 0, 0, 0],
    [-1, 0, 0, -1],
    [2, 0.5, 0.4, 2],
    [Number.NaN, 0, 0, 1],
    [1, Number.NaN, Number.NaN, 1],
    [Infinity, 0, 0, 1],
  ]) {
    const values = new Map([
      ['A', Float64Array.from(entries)],
      ['B', b],
    ]);
    const found = analyse(whole, outputs, values);
    assert.ok(
      found.values.every((array) => array.every(Number.isNaN)),
      entries.join(),
    );
    assert.ok(
      found.errors.every((array) => array.every((error) => error === Infinity)),
      entries.join(),
    );
    for (const array of interpret(whole.graph, outputs, values)) assert.ok(array.every(Number.isNaN));
  }
  // A value that is not a number does not stay behind in what is computed next.
  const evaluator = new Evaluator(whole.graph);
  evaluator.setInput(whole.b, b);
  evaluator.setInput(whole.a, Float64Array.of(1, 2, 2, 1));
  const plan = evaluator.plan(outputs);
  evaluator.evaluate(plan);
  evaluator.setInput(whole.a, Float64Array.of(2, 1, 1, 2));
  const [solution] = evaluator.evaluate(plan) as [Float64Array];
  assert.ok(
    Math.abs((solution[0] as number) - 2 / 3) < 1e-15 && Math.abs((solution[1] as number) + 1 / 3) < 1e-15,
  );
});

test('one factor serves values, gradients and products, and a batch of right-hand sides', () => {
  const { graph, a, b, solution, logDet } = system(4, 1);
  const value = graph.add(graph.sum(graph.power(solution, 2)), logDet);
  const slopes = gradient(graph, value, [a, b]);
  const tangent = graph.input('v', [4, 4], Dependence.tangent);
  const products = pushForward(graph, slopes, new Map([[a, tangent]]));
  const stack = graph.input('all B', [5, 4, 1], Dependence.lower);
  const batch = batched(graph, [value], new Map([[b, stack]]));
  const factors = neededNodes(graph, [value, ...slopes, ...products, ...batch]).filter(
    (id) => graph.node(id).primitive.op === 'cholesky',
  );
  assert.equal(factors.length, 1);
  assert.ok(graph.isZero(graph.solve(a, graph.filled(0, [4, 2]))));
  assert.equal(graph.solve(a, graph.negate(b)), graph.negate(solution));
  assert.throws(() => graph.solve(b, a), /square matrix, not \[4, 1\]/);
  assert.throws(() => graph.solve(a, tangentOf(graph)), /does not fit right-hand sides \[3, 1\]/);
});

function tangentOf(graph: Graph): NodeId {
  return graph.input('other', [3, 1], Dependence.tangent);
}

test('three derivatives along a line are those of the closed form', () => {
  const random = seeded(77);
  for (let trial = 0; trial < caseCount(10, 300); trial++) {
    const size = 1 + integerBelow(random, 4);
    const { graph, a, solution, logDet } = system(size, 1);
    const direction = graph.input('E', [size, size], Dependence.tangent);
    // The k-th derivative along A + t E by pushing forward k times.
    const along = (start: NodeId): NodeId[] => {
      const found = [start];
      for (let k = 0; k < 3; k++) {
        found.push(...pushForward(graph, [found.at(-1) as NodeId], new Map([[a, direction]])));
      }
      return found;
    };
    // One by reverse mode first, the others forward.
    const slope = (scalar: NodeId): NodeId =>
      graph.sum(graph.multiply(gradient(graph, scalar, [a])[0] as NodeId, direction));
    const weights = graph.input('w', [size, 1], Dependence.data);
    const total = graph.sum(graph.multiply(weights, solution));
    const outputs = [
      along(total),
      along(logDet),
      along(slope(total)).slice(0, 3),
      along(slope(logDet)).slice(0, 3),
    ];
    const e = matrix(size, () => 0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) e[i * size + j] = e[j * size + i] = normal(random);
    }
    const values = new Map([
      [
        'A',
        withEigenvalues(
          Array.from({ length: size }, () => 0.5 + random()),
          random,
        ),
      ],
      ['B', normalArray(random, size, 1)],
      ['w', normalArray(random, size, 1)],
      ['E', e],
    ]);
    // d^k A⁻¹ b = (−1)^k k! (A⁻¹E)^k A⁻¹ b, and of log det A: (−1)^(k − 1) (k − 1)! tr (A⁻¹E)^k.
    const plain = new Graph();
    const [pa, pe] = [plain.input('A', [size, size], 1), plain.input('E', [size, size], 1)];
    const pw = plain.input('w', [size, 1], 1);
    const powers: NodeId[] = [plain.solve(pa, plain.input('B', [size, 1], 1))];
    const products: NodeId[] = [diagonalMatrix(plain, plain.filled(1, [size]))];
    for (let k = 1; k <= 3; k++) {
      powers.push(plain.solve(pa, plain.matmul(pe, powers[k - 1] as NodeId)));
      products.push(plain.solve(pa, plain.matmul(pe, products[k - 1] as NodeId)));
    }
    const identity = products[0] as NodeId;
    const wanted = [0, 1, 2, 3].map((k) => {
      const factorial = [1, 1, 2, 6][k] as number;
      const sign = k % 2 === 0 ? 1 : -1;
      return [
        plain.scale(plain.sum(plain.multiply(pw, powers[k] as NodeId)), sign * factorial),
        k === 0
          ? plain.logDet(pa)
          : plain.scale(plain.sum(plain.multiply(identity, products[k] as NodeId)), (-sign * factorial) / k),
      ] as const;
    });
    const exactly = (of: Graph, ids: readonly NodeId[]): number[] =>
      interpretExactly(of, ids, values).map(([first]) => dd.toNumber(first as dd.DoubleDouble));
    const found = outputs.map((ids) => exactly(graph, ids));
    const closed = [0, 1].map((which) =>
      exactly(
        plain,
        wanted.map((pair) => pair[which] as NodeId),
      ),
    );
    for (const [which, list] of found.entries()) {
      const shift = which < 2 ? 0 : 1;
      for (const [k, value] of list.entries()) {
        const expected = closed[which % 2]?.[k + shift] as number;
        assert.ok(
          Math.abs(value - expected) <= 1e-14 * Math.max(1, Math.abs(expected)),
          `trial ${trial}, ${which}, order ${k + shift}: ${value} against ${expected}`,
        );
      }
    }
  }
});
