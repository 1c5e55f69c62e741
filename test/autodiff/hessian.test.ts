/** The Hessian as a matrix against products with one unit vector after another, on random graphs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushForward } from '../../server/src/autodiff/forward.ts';
import { hessianMatrix } from '../../server/src/autodiff/hessian.ts';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import { normal, seeded } from '../support/seeded.ts';

function example(): {
  graph: Graph;
  output: NodeId;
  inputs: readonly NodeId[];
  values: Map<string, Float64Array>;
} {
  const graph = new Graph();
  const random = seeded(3);
  const values = new Map<string, Float64Array>();
  const input = (name: string, shape: readonly number[], dependence: number): NodeId => {
    const size = shape.reduce((product, length) => product * length, 1);
    values.set(
      name,
      Float64Array.from({ length: size }, () => normal(random)),
    );
    return graph.input(name, shape, dependence);
  };
  const A = input('A', [4, 3], Dependence.data);
  const [u, W, c] = [
    input('u', [3], Dependence.lower),
    input('W', [3, 2], Dependence.lower),
    input('c', [], Dependence.lower),
  ];
  const scores = graph.add(graph.matmul(A, W), graph.broadcast(c, [4, 2]));
  const rows = graph.matmul(A, graph.reshape(u, [3, 1]));
  const product = graph.multiply(graph.broadcast(rows, [4, 2]), graph.unary('tanh', scores));
  const output = graph.add(graph.sum(graph.power(product, 2)), graph.sum(graph.logsumexp(scores)));
  return { graph, output, inputs: [u, W, c], values };
}

test('entries are those of Hessian-vector products, symmetric to the last bit', () => {
  const { graph, output, inputs, values } = example();
  const hessian = hessianMatrix(graph, output, inputs, 10_000) as NodeId;
  assert.deepEqual(graph.shape(hessian), [10, 10]);
  const [matrix] = interpret(graph, [hessian], values) as [Float64Array];
  const tangents = inputs.map((id, k) => graph.input(`tangent ${k}`, graph.shape(id), Dependence.tangent));
  const products = pushForward(
    graph,
    gradient(graph, output, inputs),
    new Map(inputs.map((id, k) => [id, tangents[k] as NodeId])),
  );
  for (let column = 0; column < 10; column++) {
    let from = 0;
    for (const [k, id] of inputs.entries()) {
      const size = graph.shape(id).reduce((all, length) => all * length, 1);
      const unit = new Float64Array(size);
      if (column >= from && column < from + size) unit[column - from] = 1;
      values.set(`tangent ${k}`, unit);
      from += size;
    }
    const expected = interpret(graph, products, values).flatMap((part) => [...part]);
    expected.forEach((value, row) => {
      const entry = matrix[row * 10 + column] as number;
      assert.ok(Math.abs(entry - value) <= 1e-12 * Math.max(1, Math.abs(value)), `${row}, ${column}`);
      assert.equal(entry, matrix[column * 10 + row]);
    });
  }
});

test('no matrix where a node behind it would be too large', () => {
  const { graph, output, inputs } = example();
  // Ten directions of arrays with up to ten entries.
  assert.equal(hessianMatrix(graph, output, inputs, 99), undefined);
  assert.notEqual(hessianMatrix(graph, output, inputs, 100), undefined);
});

test('of a quadratic it does not move with its inputs', () => {
  const graph = new Graph();
  const x = graph.input('x', [3], Dependence.lower);
  const output = graph.sum(graph.power(graph.add(x, graph.filled(2, [3])), 2));
  const hessian = hessianMatrix(graph, output, [x], 100) as NodeId;
  assert.equal(graph.node(hessian).dependence & Dependence.lower, 0);
  assert.deepEqual(
    [...(interpret(graph, [hessian], new Map())[0] as Float64Array)],
    [2, 0, 0, 0, 2, 0, 0, 0, 2],
  );
});
