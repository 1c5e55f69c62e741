/**
 * Derivatives of random graphs by two independent routes: Taylor slopes (the remainder after the first
 * order falls with the square of the step, evaluated in double-double so that rounding is no floor), and
 * reverse against forward mode. Second derivatives: symmetry, and forward over reverse against reverse
 * over reverse. One rule of each kink is pinned by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushForward } from '../../server/src/autodiff/forward.ts';
import { gradient } from '../../server/src/autodiff/reverse.ts';
import { Graph } from '../../server/src/graph/graph.ts';
import { Dependence } from '../../server/src/graph/primitive.ts';
import type { NodeId } from '../../server/src/graph/primitive.ts';
import { graphText } from '../../server/src/graph/text.ts';
import { interpret } from '../../server/src/kernels/reference.ts';
import * as dd from '../support/double-double.ts';
import { interpretExactly } from '../support/double-double-interpreter.ts';
import { randomGraph } from '../support/random-graphs.ts';
import type { RandomGraph } from '../support/random-graphs.ts';
import { normalArray, seeded } from '../support/seeded.ts';

function nameOf(graph: Graph, input: NodeId): string {
  const { primitive } = graph.node(input);
  return primitive.op === 'input' ? primitive.name : '';
}

/** Directions of norm about 1 for the inputs of a random graph, by name. */
function directions({ graph, inputs }: RandomGraph, seed: number): Map<string, Float64Array> {
  const random = seeded(seed);
  return new Map(
    inputs.map((input) => {
      const size = graph.shape(input).reduce((product, length) => product * length, 1);
      return [nameOf(graph, input), normalArray(random, size, 0.3)];
    }),
  );
}

function moved(values: Map<string, Float64Array>, along: Map<string, Float64Array>, step: number) {
  return new Map(
    [...values].map(([name, array]) => {
      const direction = along.get(name);
      return [
        name,
        direction === undefined ? array : array.map((v, k) => v + step * (direction[k] as number)),
      ];
    }),
  );
}

function inner(
  parts: readonly Float64Array[],
  graph: Graph,
  inputs: readonly NodeId[],
  along: Map<string, Float64Array>,
) {
  let total = 0;
  inputs.forEach((input, k) => {
    const direction = along.get(nameOf(graph, input)) as Float64Array;
    parts[k]?.forEach((value, entry) => (total += value * (direction[entry] as number)));
  });
  return total;
}

/** Steps are powers of two and directions short doubles, so moving the inputs is nearly exact. */
const steps = [2 ** -10, 2 ** -13, 2 ** -16];

/**
 * Slope of log |phi(t) - phi(0) - t phi'(0)|, the larger one of two pairs of steps, for the second order may happen
 * to cancel against the third at one of them; undefined when the remainder vanishes.
 */
function slope(
  graph: Graph,
  scalar: NodeId,
  values: Map<string, Float64Array>,
  along: Map<string, Float64Array>,
  derivative: number,
): number | undefined {
  const at = (step: number) => {
    const rounded = new Map([...along].map(([name, d]) => [name, d.map(Math.fround)]));
    return interpretExactly(graph, [scalar], moved(values, rounded, step))[0]?.[0] as dd.DoubleDouble;
  };
  const start = at(0);
  const remainders = steps.map((step) =>
    Math.abs(dd.toNumber(dd.subtract(dd.subtract(at(step), start), dd.dd(step * derivative)))),
  ) as [number, number, number];
  // 1e-11 is far below any second-order remainder that is not zero and above the rounding of phi'(0).
  if (remainders[0] < 1e-11) return undefined;
  const [first, second, third] = remainders;
  return Math.log2(Math.max(first / second, second / third)) / 3;
}

test('first derivatives: Taylor slopes of at least 1.9, and reverse equals forward', () => {
  let measured = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const random = randomGraph({ seed, operations: 10, smooth: true });
    const { graph, scalar, inputs, values } = random;
    const along = new Map([...directions(random, seed)].map(([name, d]) => [name, d.map(Math.fround)]));
    const reverse = inner(interpret(graph, gradient(graph, scalar, inputs), values), graph, inputs, along);

    const tangents = new Map(
      inputs.map((input) => [
        input,
        graph.input(`d ${nameOf(graph, input)}`, graph.shape(input), Dependence.tangent),
      ]),
    );
    const all = new Map([...values, ...[...along].map(([name, d]) => [`d ${name}`, d] as const)]);
    const [forward] = interpret(graph, pushForward(graph, [scalar], tangents), all) as [Float64Array];
    const scale = Math.max(1, Math.abs(reverse));
    assert.ok(
      Math.abs((forward[0] as number) - reverse) <= 1e-12 * scale,
      `seed ${seed}: ${forward.join()} ${reverse}`,
    );

    const order = slope(graph, scalar, values, along, reverse);
    if (order === undefined) continue;
    measured++;
    assert.ok(order >= 1.9, `seed ${seed}: slope ${order}\n${graphText(graph, [scalar])}`);
  }
  assert.ok(measured > 300, `${measured} slopes measured`);
});

test('second derivatives: Taylor slopes, symmetry, and both orders of differentiation agree', () => {
  let measured = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const random = randomGraph({ seed, operations: 8, smooth: true });
    const { graph, scalar, inputs, values } = random;
    const u = directions(random, seed);
    const v = new Map([...directions(random, seed + 7)].map(([name, d]) => [name, d.map(Math.fround)]));
    const all = new Map(values);
    for (const [name, d] of u) all.set(`u ${name}`, d);
    for (const [name, d] of v) all.set(`v ${name}`, d);
    const tangent = (letter: string) =>
      new Map(
        inputs.map((input) => [
          input,
          graph.input(`${letter} ${nameOf(graph, input)}`, graph.shape(input), Dependence.tangent),
        ]),
      );
    const gradients = gradient(graph, scalar, inputs);
    const hessianU = pushForward(graph, gradients, tangent('u'));
    const hessianV = pushForward(graph, gradients, tangent('v'));
    // Reverse over reverse: the gradient of (grad . v).
    const vNodes = tangent('v');
    const directional = inputs.reduce(
      (total, input, k) =>
        graph.add(total, graph.sum(graph.multiply(gradients[k] as NodeId, vNodes.get(input) as NodeId))),
      graph.constant(0),
    );
    const again = gradient(graph, directional, inputs);
    const uv = inner(interpret(graph, hessianU, all), graph, inputs, v);
    const vu = inner(interpret(graph, hessianV, all), graph, inputs, u);
    const reverse = inner(interpret(graph, again, all), graph, inputs, u);
    const scale = Math.max(1, Math.abs(uv));
    assert.ok(Math.abs(uv - vu) <= 1e-11 * scale, `seed ${seed}: not symmetric, ${uv} ${vu}`);
    assert.ok(Math.abs(uv - reverse) <= 1e-11 * scale, `seed ${seed}: ${uv} against ${reverse}`);

    const vv = inner(interpret(graph, hessianV, all), graph, inputs, v);
    const order = slope(graph, directional, all, v, vv);
    if (order === undefined) continue;
    measured++;
    assert.ok(order >= 1.9, `seed ${seed}: slope ${order}`);
  }
  assert.ok(measured > 100, `${measured} slopes measured`);
});

test('where nothing depends on an input, zeros are literals and cost nothing', () => {
  const graph = new Graph();
  const x = graph.input('x', [3], Dependence.lower);
  const y = graph.input('y', [5], Dependence.upper);
  const output = graph.sum(graph.power(x, 2));
  const [gx, gy] = gradient(graph, output, [x, y]) as [NodeId, NodeId];
  assert.equal(graphText(graph, [gx]).split('\n').length, 4);
  assert.ok(graph.isZero(gy));
  // The Hessian of a sum of squares is twice the direction; J is structurally zero.
  const v = graph.input('v', [3], Dependence.tangent);
  const u = graph.input('u', [5], Dependence.tangent);
  const [hv] = pushForward(graph, [gx], new Map([[x, v]])) as [NodeId];
  assert.equal(hv, graph.scale(v, 2));
  const [ju] = pushForward(graph, [gx], new Map([[y, u]])) as [NodeId];
  assert.ok(graph.isZero(ju));
});

test('the kinks choose as documented', () => {
  const graph = new Graph();
  const x = graph.input('x', [3], Dependence.lower);
  const values = new Map([['x', Float64Array.of(2, 0, 2)]]);
  const derivative = (output: NodeId) => [
    ...(interpret(graph, gradient(graph, output, [x]), values)[0] as Float64Array),
  ];
  assert.deepEqual(derivative(graph.sum(graph.unary('absolute', x))), [1, 0, 1]);
  assert.deepEqual(derivative(graph.largest(x)), [0.5, 0, 0.5]);
  assert.deepEqual(derivative(graph.sum(graph.binary('maximum', x, graph.constant(0)))), [1, 0, 1]);
  assert.deepEqual(derivative(graph.sum(graph.unary('step', x))), [0, 0, 0]);
});

test('a gradient of something that is not a scalar is refused', () => {
  const graph = new Graph();
  const x = graph.input('x', [3], Dependence.lower);
  assert.throws(() => gradient(graph, x, [x]), /not a scalar/);
  assert.throws(() => pushForward(graph, [x], new Map([[x, graph.constant(1)]])), /tangent of shape \[\]/);
});
