/**
 * The builder: equal nodes exist once, simplifications hold (each is pinned by its text form, and their
 * meaning is covered by the random graphs of the kernels), and shapes that do not fit throw with words.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { graphText } from '../../server/src/graph/text.ts';
import { interpret } from '../../server/src/kernels/reference.ts';

function fixture() {
  const graph = new Graph();
  return {
    graph,
    a: graph.input('a', [2, 3], Dependence.data),
    b: graph.input('b', [3, 2], Dependence.lower),
    row: graph.input('row', [3], Dependence.upper),
    column: graph.input('column', [2, 1], Dependence.upper),
    s: graph.input('s', [], Dependence.lower),
  };
}

test('equal nodes are one node, in either order where the operation commutes', () => {
  const { graph, a, row } = fixture();
  assert.equal(graph.add(a, row), graph.add(row, a));
  assert.equal(graph.unary('exp', a), graph.unary('exp', a));
  assert.notEqual(graph.subtract(a, row), graph.subtract(row, a));
  assert.notEqual(graph.sum(a, [0]), graph.sum(a, [1]));
  assert.equal(graph.constant(0.1), graph.constant(0.1));
});

test('a negation in front of a quotient of literals that does not fold ends', () => {
  const graph = new Graph();
  const s = graph.input('s', [], Dependence.lower);
  const sixth = graph.unary('reciprocal', graph.constant(6));
  const opposite = graph.negate(graph.multiply(s, sixth));
  assert.equal(graph.negate(opposite), graph.multiply(s, sixth));
  assert.equal(graph.multiply(s, graph.negate(sixth)), opposite);
});

test('neutral elements, negations and zeros disappear', () => {
  const { graph, a, row } = fixture();
  const zero = graph.constant(0);
  assert.equal(graph.add(a, zero), a);
  assert.equal(graph.multiply(graph.constant(1), a), a);
  assert.ok(graph.isZero(graph.multiply(a, zero)));
  assert.deepEqual(graph.shape(graph.multiply(a, zero)), [2, 3]);
  assert.equal(graph.negate(graph.negate(a)), a);
  assert.equal(graph.add(a, graph.negate(row)), graph.subtract(a, row));
  assert.equal(graph.subtract(a, graph.negate(row)), graph.add(a, row));
  assert.equal(graph.divide(a, graph.constant(1)), a);
  assert.equal(graph.power(a, 1), a);
  assert.equal(graph.multiply(a, a), graph.power(a, 2));
  assert.equal(graph.scale(graph.scale(a, 2), 3), graph.scale(a, 6));
});

test('literals fold only where the result is exact', () => {
  const { graph } = fixture();
  const { constant } = { constant: (value: number) => graph.constant(value) };
  assert.equal(graph.add(constant(2), constant(3)), constant(5));
  assert.equal(graph.divide(constant(1), constant(4)), constant(0.25));
  assert.equal(graph.unary('sqrt', constant(9)), constant(3));
  for (const rounded of [
    graph.add(constant(0.1), constant(0.2)),
    graph.multiply(constant(0.1), constant(3)),
    graph.divide(constant(1), constant(3)),
    graph.unary('exp', constant(1)),
    graph.unary('sqrt', constant(2)),
  ]) {
    assert.equal(graph.uniformValue(rounded), undefined, graphText(graph, [rounded]));
    assert.equal(graph.node(rounded).dependence, Dependence.none);
  }
});

test('elementwise work moves below broadcasts', () => {
  const { graph, row, s } = fixture();
  const wide = graph.broadcast(row, [100, 3]);
  const scaled = graph.multiply(wide, graph.broadcast(s, [100, 3]));
  const { primitive, inputs } = graph.node(scaled);
  assert.equal(primitive.op, 'broadcast');
  assert.deepEqual(graph.shape(inputs[0] as NodeId), [3]);
  assert.equal(graph.node(graph.unary('exp', wide)).primitive.op, 'broadcast');
});

test('sums of repeats and of products with constant factors do no repeated work', () => {
  const { graph, a, row, column, s } = fixture();
  assert.equal(graph.sum(graph.broadcast(row, [5, 3])), graph.scale(graph.sum(row), 5));
  assert.equal(graph.sum(graph.multiply(a, s)), graph.multiply(s, graph.sum(a)));
  const rows = graph.sum(graph.multiply(a, column), [1]);
  assert.equal(rows, graph.multiply(graph.reshape(column, [2]), graph.sum(a, [1])));
  assert.equal(graph.sum(graph.sum(a, [0])), graph.sum(a));
  assert.equal(graph.sum(graph.transpose(a)), graph.sum(a));
});

test('transposes are absorbed by products and cancel', () => {
  const { graph, a, b } = fixture();
  const product = graph.matmul(graph.transpose(b), graph.transpose(a));
  assert.match(graphText(graph, [product]), /matmul\(%1', %0'\)/);
  assert.equal(graph.transpose(graph.matmul(a, b)), product);
  assert.equal(graph.transpose(graph.transpose(a)), a);
  assert.equal(graph.node(graph.transpose(graph.reshape(a, [6, 1]))).primitive.op, 'reshape');
  assert.equal(graph.matmul(graph.negate(a), b), graph.negate(graph.matmul(a, b)));
});

test('slices, pads, picks and reshapes cancel', () => {
  const { graph, a } = fixture();
  assert.equal(graph.reshape(graph.reshape(a, [6]), [2, 3]), a);
  const both = graph.concatenate([a, graph.unary('exp', a)], 0);
  assert.equal(graph.slice(both, [0, 0], [2, 3]), a);
  const labels = graph.input('labels', [4], Dependence.data);
  const v = graph.input('v', [4], Dependence.lower);
  assert.equal(graph.pick(graph.place(v, labels, 3), labels), v);
  assert.equal(graph.sum(graph.place(v, labels, 3), [1]), v);
});

test('simplified and plain forms have the same values', () => {
  const { graph, a, row, s } = fixture();
  const values = new Map([
    ['a', Float64Array.of(1, -2, 3, 4, 5, -6)],
    ['row', Float64Array.of(0.5, 2, -1)],
    ['s', Float64Array.of(3)],
  ]);
  const [total] = interpret(graph, [graph.sum(graph.multiply(graph.multiply(a, row), s))], values) as [
    Float64Array,
  ];
  assert.equal(total[0], 3 * (0.5 - 4 - 3 + 2 + 10 + 6));
});

test('what does not fit is refused with both sides named', () => {
  const { graph, a, b } = fixture();
  assert.throws(() => graph.add(a, b), /\[2, 3\] and \[3, 2\] do not broadcast/);
  assert.throws(() => graph.matmul(a, a), /inner lengths 3 and 2 differ/);
  assert.throws(() => graph.reshape(a, [5]), /\[2, 3\] cannot be reshaped to \[5\]/);
  assert.throws(() => graph.sum(a, [2]), /axis 2 is outside/);
  assert.throws(() => graph.slice(a, [0, 0], [3, 3]), /does not fit in \[2, 3\]/);
  assert.throws(() => graph.input('a', [4], Dependence.data), /exists with shape/);
  assert.throws(() => graph.node(10_000), /no node/);
});

test('batches of products: one product where a factor is shared, the shared factor a broadcast elsewhere', () => {
  const graph = new Graph();
  const matrix = graph.input('matrix', [4, 3], Dependence.data);
  const vectors = graph.input('vectors', [5, 3, 1], Dependence.lower);
  const stack = graph.input('stack', [5, 3, 2], Dependence.lower);
  const opOf = (id: NodeId) => graph.node(id).primitive.op;
  // A x_i for all i is X A', X A for all i is one tall product.
  const each = graph.matmul(matrix, vectors);
  assert.deepEqual(graph.shape(each), [5, 4, 1]);
  assert.equal(
    each,
    graph.reshape(graph.matmul(graph.reshape(vectors, [5, 3]), matrix, { transposeB: true }), [5, 4, 1]),
  );
  const tall = graph.matmul(stack, graph.input('right', [2, 7], Dependence.data));
  assert.deepEqual(graph.shape(tall), [5, 3, 7]);
  assert.equal(opOf(tall), 'reshape');
  const shared = graph.matmul(matrix, stack);
  assert.equal(opOf(shared), 'matmul');
  assert.deepEqual(graph.shape(shared), [5, 4, 2]);
  assert.equal(opOf(graph.node(shared).inputs[0] as NodeId), 'broadcast');
  // Only the last two axes are exchanged by an absorbed transpose.
  assert.equal(graph.matmul(matrix, graph.transpose(graph.transpose(stack, [0, 2, 1]), [0, 2, 1])), shared);
  assert.equal(opOf(graph.transpose(shared, [0, 2, 1])), 'matmul');
  assert.equal(opOf(graph.transpose(shared, [1, 0, 2])), 'transpose');
  assert.equal(
    graph.matmul(graph.reshape(matrix, [1, 4, 3]), graph.input('single', [1, 3, 2], Dependence.lower)),
    graph.reshape(
      graph.matmul(matrix, graph.reshape(graph.input('single', [1, 3, 2], Dependence.lower), [3, 2])),
      [1, 4, 2],
    ),
  );
  assert.throws(() => graph.matmul(stack, stack), /inner lengths 2 and 3 differ/);
  assert.throws(
    () => graph.matmul(graph.input('other', [4, 2, 3], Dependence.data), stack),
    /do not broadcast/,
  );
});

test('windows of one entry are no windows, and windows that do not fit are refused', () => {
  const { graph, a } = fixture();
  const windows = graph.windows(a, [2]);
  assert.deepEqual(graph.shape(windows), [2, 2, 2]);
  assert.deepEqual(graph.shape(graph.windows(a, [2, 3])), [2, 3, 1, 1]);
  assert.equal(graph.windows(a, [1]), graph.reshape(a, [2, 1, 3]));
  assert.deepEqual(graph.shape(graph.overlapAdd(windows, [2])), [2, 3]);
  assert.equal(graph.sum(graph.overlapAdd(windows, [2])), graph.sum(windows));
  assert.ok(graph.isZero(graph.overlapAdd(graph.filled(0, [2, 2]), [2])));
  assert.throws(() => graph.windows(a, [4]), /windows of \[4\] do not fit in \[2, 3\]/);
  assert.throws(() => graph.overlapAdd(windows, [3]), /holds no windows of \[3\]/);
});
