/**
 * The fast evaluator against the reference interpreter, on random graphs over every primitive and on
 * the special forms of products (sparse, narrow, transposed); and its staging: what is recomputed when.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { GraphNode, NodeId } from '../../server/src/graph/primitive.ts';
import { graphText } from '../../server/src/graph/text.ts';
import { Evaluator } from '../../server/src/kernels/evaluator.ts';
import type { Kernel, KernelFamily, Operand } from '../../server/src/kernels/kernel.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import { TypedArrayKernels } from '../../server/src/kernels/typed-arrays.ts';
import { randomGraph } from '../support/random-graphs.ts';
import { normalArray, seeded } from '../support/seeded.ts';

function evaluate(graph: Graph, outputs: readonly NodeId[], values: ReadonlyMap<string, Float64Array>) {
  const evaluator = new Evaluator(graph);
  give(evaluator, graph, values);
  return evaluator.evaluate(evaluator.plan(outputs)).map((array) => array.slice());
}

function give(evaluator: Evaluator, graph: Graph, values: ReadonlyMap<string, Float64Array>) {
  for (const node of graph.nodes) {
    if (node.primitive.op === 'input')
      evaluator.setInput(node.id, values.get(node.primitive.name) as Float64Array);
  }
}

/** Largest |a - b| relative to the largest entry of b (at least 1e-300). */
function relativeDistance(a: Float64Array, b: Float64Array): number {
  let [difference, size] = [0, 1e-300];
  b.forEach((value, k) => {
    const other = a[k] as number;
    if (Object.is(value, other)) return;
    difference = Math.max(difference, Math.abs(value - other));
    size = Math.max(size, Math.abs(value));
  });
  return difference / size;
}

test('random graphs: fast and reference values agree to 1e-13', () => {
  const covered = new Set<string>();
  for (let seed = 1; seed <= 600; seed++) {
    const { graph, outputs, scalar, values } = randomGraph({ seed, operations: 16 });
    const all = [...outputs, scalar];
    const fast = evaluate(graph, all, values);
    const slow = interpret(graph, all, values);
    fast.forEach((array, k) => {
      const distance = relativeDistance(array, slow[k] as Float64Array);
      assert.ok(
        distance <= 1e-13,
        `seed ${seed}, distance ${distance}:\n${graphText(graph, [all[k] as NodeId])}`,
      );
    });
    for (const { primitive } of graph.nodes) {
      covered.add('fn' in primitive ? `${primitive.op} ${primitive.fn}` : primitive.op);
    }
  }
  // 13 unary and 7 binary functions and 16 further primitives are in the generator.
  assert.ok(covered.size >= 36, [...covered].join(', '));
});

test('products with sparse data agree with the reference in every form', () => {
  const random = seeded(5);
  const [rows, columns] = [90, 60];
  const data = Float64Array.from({ length: rows * columns }, () => (random() < 0.1 ? random() - 0.4 : 0));
  for (const k of [1, 2, 3, 5, 10, 11, 14]) {
    for (const side of ['left', 'right'] as const) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const graph = new Graph();
          const sparse = graph.input('sparse', [rows, columns], Dependence.data);
          const inner = side === 'left' ? (transposeA ? rows : columns) : transposeB ? columns : rows;
          const flipped = side === 'left' ? transposeB : !transposeA;
          const dense = graph.input('dense', flipped ? [k, inner] : [inner, k], Dependence.lower);
          const product =
            side === 'left'
              ? graph.matmul(sparse, dense, { transposeA, transposeB })
              : graph.matmul(dense, sparse, { transposeA, transposeB });
          const values = new Map([
            ['sparse', data],
            ['dense', normalArray(random, inner * k)],
          ]);
          const [fast] = evaluate(graph, [product], values) as [Float64Array];
          const [slow] = interpret(graph, [product], values) as [Float64Array];
          const distance = relativeDistance(fast, slow);
          assert.ok(distance <= 1e-13, `${side} ${k} ${transposeA} ${transposeB}: ${distance}`);
        }
      }
    }
  }
});

test('a Gram matrix of sparse data agrees with the reference', () => {
  const random = seeded(6);
  const graph = new Graph();
  const a = graph.input('a', [120, 50], Dependence.data);
  const gram = graph.matmul(a, a, { transposeA: true });
  const values = new Map([['a', Float64Array.from({ length: 6000 }, () => (random() < 0.2 ? random() : 0))]]);
  const [fast] = evaluate(graph, [gram], values) as [Float64Array];
  const [slow] = interpret(graph, [gram], values) as [Float64Array];
  assert.ok(relativeDistance(fast, slow) <= 1e-13);
});

test('not-a-number in sparse-looking data is not lost', () => {
  const graph = new Graph();
  const a = graph.input('a', [100, 100], Dependence.data);
  const x = graph.input('x', [100, 1], Dependence.lower);
  const data = new Float64Array(10_000);
  data[5] = NaN;
  const [y] = evaluate(
    graph,
    [graph.matmul(a, x)],
    new Map([
      ['a', data],
      ['x', new Float64Array(100)],
    ]),
  ) as [Float64Array];
  assert.ok(Number.isNaN(y[0]));
  assert.equal(y[1], 0);
});

/** Counts how often the kernel of each node runs. */
class CountingKernels implements KernelFamily {
  readonly runs = new Map<NodeId, number>();
  private readonly kernels = new TypedArrayKernels();

  allocate(length: number): Float64Array {
    return this.kernels.allocate(length);
  }

  bind(node: GraphNode, operands: readonly Operand[], output: Float64Array): Kernel {
    const kernel = this.kernels.bind(node, operands, output);
    return () => {
      this.runs.set(node.id, (this.runs.get(node.id) ?? 0) + 1);
      kernel();
    };
  }
}

test('each node is recomputed exactly when something it depends on changed', () => {
  const graph = new Graph();
  const data = graph.input('data', [3], Dependence.data);
  const theta = graph.input('theta', [3], Dependence.upper);
  const x = graph.input('x', [3], Dependence.lower);
  const v = graph.input('v', [3], Dependence.tangent);
  const onData = graph.unary('exp', data);
  const onTheta = graph.multiply(graph.unary('exp', theta), onData);
  const onX = graph.multiply(graph.unary('tanh', x), onTheta);
  const product = graph.multiply(onX, v);
  const kernels = new CountingKernels();
  const evaluator = new Evaluator(graph, kernels);
  const plan = evaluator.plan([product]);
  const three = (value: number) => new Float64Array(3).fill(value);
  evaluator.setInput(data, three(1));
  evaluator.setInput(theta, three(1));
  evaluator.setInput(x, three(1));
  evaluator.setInput(v, three(1));
  const counts = () => [onData, onTheta, onX, product].map((id) => kernels.runs.get(id));
  evaluator.evaluate(plan);
  evaluator.evaluate(plan);
  assert.deepEqual(counts(), [1, 1, 1, 1]);
  evaluator.setInput(v, three(2));
  evaluator.evaluate(plan);
  assert.deepEqual(counts(), [1, 1, 1, 2]);
  evaluator.setInput(x, three(2));
  evaluator.evaluate(plan);
  assert.deepEqual(counts(), [1, 1, 2, 3]);
  evaluator.setInput(theta, three(1));
  evaluator.evaluate(plan);
  assert.deepEqual(counts(), [1, 1, 2, 3], 'equal values are no change');
  evaluator.setInput(theta, three(2));
  const [result] = evaluator.evaluate(plan) as [Float64Array];
  assert.deepEqual(counts(), [1, 2, 3, 4]);
  assert.equal(result[0], Math.tanh(2) * (Math.exp(2) * Math.exp(1)) * 2);
  assert.throws(() => evaluator.setInput(data, three(2)), /given twice/);
});

test('values stay right over random changes of inputs', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { graph, outputs, values } = randomGraph({ seed });
    const random = seeded(seed + 1000);
    const evaluator = new Evaluator(graph);
    give(evaluator, graph, values);
    const plan = evaluator.plan(outputs);
    for (let round = 0; round < 4; round++) {
      const fast = evaluator.evaluate(plan);
      const slow = interpret(graph, outputs, values);
      // Sums in another order cancel differently; a stale value would be off by far more.
      fast.forEach((array, k) => assert.ok(relativeDistance(array, slow[k] as Float64Array) <= 1e-11));
      for (const node of graph.nodes) {
        if (node.primitive.op !== 'input' || node.dependence <= Dependence.data || random() < 0.5) continue;
        const fresh = normalArray(random, (values.get(node.primitive.name) as Float64Array).length);
        values.set(node.primitive.name, fresh);
        evaluator.setInput(node.id, fresh);
      }
    }
  }
});

test('a matrix that serves a whole batch of products is read in place', () => {
  const graph = new Graph();
  const shared = graph.input('shared', [40, 30], Dependence.upper);
  const stack = graph.input('stack', [7, 30, 3], Dependence.lower);
  const product = graph.matmul(shared, stack);
  const values = new Map([
    ['shared', normalArray(seeded(1), 1200)],
    ['stack', normalArray(seeded(2), 630)],
  ]);
  const evaluator = new Evaluator(graph);
  give(evaluator, graph, values);
  const plan = evaluator.plan([product]);
  assert.deepEqual(plan.work, [product]);
  const [fast] = evaluator.evaluate(plan) as [Float64Array];
  const [slow] = interpret(graph, [product], values) as [Float64Array];
  assert.ok(relativeDistance(fast, slow) <= 1e-14);
});
