/**
 * Batched graphs against a loop over the batch, on random graphs over every primitive with any subset of
 * the inputs batched, their gradients included, and on the bounds that have no derivative.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batched } from '../../server/src/autodiff/batch.ts';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { sizeOf } from '../../server/src/graph/shapes.ts';
import { graphText, neededNodes } from '../../server/src/graph/text.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import { randomGraph } from '../support/random-graphs.ts';
import { integerBelow, normal, seeded } from '../support/seeded.ts';

function nameOf(graph: Graph, input: NodeId): string {
  const { primitive } = graph.node(input);
  return primitive.op === 'input' ? primitive.name : '';
}

/** Holds the batch against the loop; `fresh` gives the values of one input in one problem. */
function compare(
  graph: Graph,
  outputs: readonly NodeId[],
  inputs: readonly NodeId[],
  values: ReadonlyMap<string, Float64Array>,
  batch: number,
  fresh: (input: NodeId) => Float64Array,
  label: string,
): readonly NodeId[] {
  const stacks = new Map(
    inputs.map((input) => [
      input,
      graph.input(`${nameOf(graph, input)} of all`, [batch, ...graph.shape(input)], Dependence.lower),
    ]),
  );
  const whole = batched(graph, outputs, stacks);
  const problems = Array.from({ length: batch }, () => new Map(inputs.map((input) => [input, fresh(input)])));
  const all = new Map(values);
  for (const input of inputs) {
    const size = sizeOf(graph.shape(input));
    const stack = new Float64Array(batch * size);
    problems.forEach((own, b) => stack.set(own.get(input) as Float64Array, b * size));
    all.set(`${nameOf(graph, input)} of all`, stack);
  }
  const found = interpret(graph, whole, all);
  problems.forEach((own, b) => {
    const single = new Map(values);
    for (const [input, value] of own) single.set(nameOf(graph, input), value);
    interpret(graph, outputs, single).forEach((expected, k) => {
      const size = expected.length;
      expected.forEach((value, entry) => {
        const other = found[k]?.[b * size + entry] as number;
        assert.ok(
          Object.is(other, value) || Math.abs(other - value) <= 1e-11 * Math.max(1, Math.abs(value)),
          `${label}, problem ${b}: ${other} against ${value}\n${graphText(graph, [outputs[k] as NodeId])}`,
        );
      });
    });
  });
  return whole;
}

test('random graphs and their gradients: a batch equals a loop, whatever inputs are batched', () => {
  const covered = new Set<string>();
  for (let seed = 1; seed <= 250; seed++) {
    const { graph, outputs, scalar, inputs, values } = randomGraph({ seed, operations: 14 });
    const random = seeded(seed + 5000);
    const labels = graph.nodes.find(
      (node) => node.primitive.op === 'input' && node.primitive.name === 'labels',
    );
    const chosen = [...inputs, ...(labels === undefined ? [] : [labels.id])].filter(() => random() < 0.5);
    if (chosen.length === 0) chosen.push(inputs[0] as NodeId);
    const slopes = gradient(graph, scalar, inputs);
    const all = [...outputs, scalar, ...slopes];
    compare(
      graph,
      all,
      chosen,
      values,
      1 + integerBelow(random, 3),
      (input) =>
        Float64Array.from({ length: sizeOf(graph.shape(input)) }, () =>
          input === labels?.id ? integerBelow(random, 3) : normal(random),
        ),
      `seed ${seed}`,
    );
    for (const id of neededNodes(graph, all)) covered.add(graph.node(id).primitive.op);
  }
  // Every primitive but the three bounds.
  assert.ok(covered.size >= 18, [...covered].sort().join(', '));
});

test('bounds are proved for every problem, and what does not move is computed once', () => {
  const graph = new Graph();
  const random = seeded(4);
  const S = graph.input('S', [3, 3], Dependence.lower);
  const K = graph.input('K', [2, 3], Dependence.lower);
  const A = graph.input('A', [50, 3], Dependence.data);
  const symmetric = graph.add(S, graph.transpose(S));
  const outputs = [
    graph.spectralNorm(S),
    graph.smallestEigenvalue(symmetric),
    graph.convolutionNorm(K),
    graph.unary('exp', graph.matmul(A, A, { transposeA: true })),
    graph.matmul(A, S),
  ];
  const values = new Map([
    ['S', Float64Array.from({ length: 9 }, () => normal(random))],
    ['K', Float64Array.from({ length: 6 }, () => normal(random))],
    ['A', Float64Array.from({ length: 150 }, () => normal(random))],
  ]);
  const whole = compare(
    graph,
    outputs,
    [S, K],
    values,
    4,
    (input) => Float64Array.from({ length: sizeOf(graph.shape(input)) }, () => normal(random)),
    'bounds',
  );
  // The output without a batched input is the same node, repeated.
  const last = graph.node(whole[3] as NodeId);
  assert.deepEqual([last.primitive.op, last.inputs], ['broadcast', [outputs[3]]]);
});

test('a batch that does not fit its input is refused', () => {
  const graph = new Graph();
  const x = graph.input('x', [3], Dependence.lower);
  const y = graph.input('y', [2, 4], Dependence.lower);
  assert.throws(() => batched(graph, [x], new Map()), /needs an input with a leading axis/);
  assert.throws(() => batched(graph, [x], new Map([[x, y]])), /batch of 2 for an input of shape \[3\]/);
});
