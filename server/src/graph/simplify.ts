/**
 * The simplifications that the builder applies as it makes products, sums and other elementwise nodes.
 * Each rule gives the node that stands for the result, or undefined when there is nothing to simplify.
 * Rules keep the meaning in real arithmetic; literals are folded only where that is exact.
 */
import { exactBinary } from './folding.ts';
import type { Graph } from './graph.ts';
import { Dependence } from './primitive.ts';
import type { BinaryFunction, GraphNode, NodeId } from './primitive.ts';
import { commonShape, repeatedAxes, sizeOf, withoutAxes } from './shapes.ts';

/** The argument when `a` is a negation, also below a broadcast. */
export function negated(graph: Graph, a: NodeId): NodeId | undefined {
  const { primitive, inputs, shape } = graph.node(a);
  if (primitive.op === 'broadcast') {
    const inner = negated(graph, inputs[0] as NodeId);
    return inner === undefined ? undefined : graph.broadcast(inner, shape);
  }
  return primitive.op === 'unary' && primitive.fn === 'negate' ? inputs[0] : undefined;
}

/** The scalar behind an array of equal entries that depends on nothing: a literal or made of literals. */
function literalScalar(graph: Graph, a: NodeId): NodeId | undefined {
  const node = graph.node(a);
  if (node.dependence !== Dependence.none) return undefined;
  if (node.shape.length === 0) return a;
  const source = node.primitive.op === 'broadcast' ? (node.inputs[0] as NodeId) : a;
  return graph.shape(source).length === 0 ? source : undefined;
}

/** `a` as factor * rest with a scalar of literals as the factor. */
export function literalFactor(graph: Graph, a: NodeId): { factor: NodeId; rest: NodeId } | undefined {
  const { primitive, inputs } = graph.node(a);
  if (primitive.op !== 'binary' || primitive.fn !== 'multiply') return undefined;
  for (const position of [0, 1]) {
    const factor = literalScalar(graph, inputs[position] as NodeId);
    if (factor !== undefined) return { factor, rest: inputs[1 - position] as NodeId };
  }
  return undefined;
}

/** For arguments that have been broadcast to `shape`. */
export function simplifiedBinary(
  graph: Graph,
  fn: BinaryFunction,
  a: NodeId,
  b: NodeId,
  shape: readonly number[],
): NodeId | undefined {
  const valueA = graph.uniformValue(a);
  const valueB = graph.uniformValue(b);
  if (valueA !== undefined && valueB !== undefined) {
    const folded = exactBinary(fn, valueA, valueB);
    if (folded !== undefined) return graph.filled(folded, shape);
  }
  const negatedA = negated(graph, a);
  const negatedB = negated(graph, b);
  switch (fn) {
    case 'add':
      if (valueA === 0) return b;
      if (valueB === 0) return a;
      if (negatedB !== undefined) return graph.subtract(a, negatedB);
      if (negatedA !== undefined) return graph.subtract(b, negatedA);
      return a === b ? graph.scale(a, 2) : undefined;
    case 'subtract':
      if (valueB === 0) return a;
      if (valueA === 0) return graph.negate(b);
      return negatedB === undefined ? undefined : graph.add(a, negatedB);
    case 'multiply':
      if (valueA === 0 || valueB === 0) return graph.filled(0, shape);
      if (valueA === 1) return b;
      if (valueB === 1) return a;
      if (valueA === -1) return graph.negate(b);
      if (valueB === -1) return graph.negate(a);
      if (negatedA !== undefined) return graph.negate(graph.multiply(negatedA, b));
      if (negatedB !== undefined) return graph.negate(graph.multiply(a, negatedB));
      return (
        mergedFactors(graph, a, b) ?? mergedFactors(graph, b, a) ?? (a === b ? graph.power(a, 2) : undefined)
      );
    case 'divide':
      if (valueA === 0) return graph.filled(0, shape);
      if (valueB === 1) return a;
      if (valueB === -1) return graph.negate(a);
      if (negatedA !== undefined) return graph.negate(graph.divide(negatedA, b));
      return valueA === 1 ? graph.unary('reciprocal', b) : undefined;
    case 'power':
      return valueB === undefined ? undefined : graph.power(a, valueB);
    case 'maximum':
    case 'minimum':
      return a === b ? a : undefined;
  }
}

/** c * (d * rest) = (c d) * rest for scalars of literals; one pass over the array instead of two. */
function mergedFactors(graph: Graph, a: NodeId, b: NodeId): NodeId | undefined {
  const outer = literalScalar(graph, a);
  const inner =
    outer === undefined || graph.node(b).dependence === Dependence.none ? undefined : literalFactor(graph, b);
  if (outer === undefined || inner === undefined) return undefined;
  return graph.multiply(inner.rest, graph.multiply(outer, inner.factor));
}

/** When both arguments repeat smaller arrays, the work is done on those. */
export function belowBroadcasts(
  graph: Graph,
  fn: BinaryFunction,
  a: NodeId,
  b: NodeId,
  shape: readonly number[],
): NodeId | undefined {
  const source = (id: NodeId) => {
    const node = graph.node(id);
    return node.primitive.op === 'broadcast' ? (node.inputs[0] as NodeId) : id;
  };
  const [smallA, smallB] = [source(a), source(b)];
  const small = commonShape(graph.shape(smallA), graph.shape(smallB));
  if (sizeOf(small) >= sizeOf(shape)) return undefined;
  return graph.broadcast(graph.binary(fn, smallA, smallB), shape);
}

/** The sum of `node` over the axes `over`, of shape `shape`. */
export function simplifiedSum(
  graph: Graph,
  node: GraphNode,
  over: readonly number[],
  shape: readonly number[],
): NodeId | undefined {
  const { primitive, inputs } = node;
  const all = over.length === node.shape.length;
  const first = inputs[0] as NodeId;
  switch (primitive.op) {
    case 'broadcast':
      return sumOfBroadcast(graph, first, node.shape, over, shape);
    case 'unary':
      return primitive.fn === 'negate' ? graph.negate(graph.sum(first, over)) : undefined;
    case 'binary':
      return primitive.fn === 'multiply' ? sumOfProduct(graph, node, over, shape) : undefined;
    case 'sum': {
      // Axes of the argument, counted before the inner sum took its own away.
      const left = graph
        .shape(first)
        .map((_, axis) => axis)
        .filter((axis) => !primitive.axes.includes(axis));
      return graph.sum(first, [...primitive.axes, ...over.map((axis) => left[axis] as number)]);
    }
    case 'reshape':
    case 'transpose':
    case 'pad':
    case 'overlap_add':
      return all ? graph.sum(first) : undefined;
    case 'place':
      if (all) return graph.sum(first);
      return over[0] === 1 ? first : undefined;
    case 'softmax':
      return over.length === 1 && over[0] === node.shape.length - 1 ? graph.filled(1, shape) : undefined;
    default:
      return undefined;
  }
}

/** The sum of an array repeated `count` times is count times the sum over its own axes. */
function sumOfBroadcast(
  graph: Graph,
  source: NodeId,
  from: readonly number[],
  over: readonly number[],
  shape: readonly number[],
): NodeId | undefined {
  const repeated = repeatedAxes(graph.shape(source), from).filter((axis) => over.includes(axis));
  if (repeated.length === 0) return undefined;
  const count = repeated.reduce((product, axis) => product * (from[axis] as number), 1);
  // Summed axes of length 1 disappear too, so the rest aligns with the result at its last axis.
  const partial = graph.sum(source, ownAxes(graph, source, from, over));
  return graph.broadcast(graph.scale(partial, count), shape);
}

/** A factor that is constant along the summed axes comes out of the sum. */
function sumOfProduct(
  graph: Graph,
  node: GraphNode,
  over: readonly number[],
  shape: readonly number[],
): NodeId | undefined {
  for (const position of [0, 1]) {
    const factor = graph.node(node.inputs[position] as NodeId);
    if (factor.primitive.op !== 'broadcast') continue;
    const source = factor.inputs[0] as NodeId;
    const repeated = repeatedAxes(graph.shape(source), node.shape);
    if (!over.every((axis) => repeated.includes(axis) || node.shape[axis] === 1)) continue;
    const left = withoutAxes(graph.shape(source), ownAxes(graph, source, node.shape, over));
    const outside = graph.broadcast(graph.reshape(source, left), shape);
    return graph.multiply(outside, graph.sum(node.inputs[1 - position] as NodeId, over));
  }
  return undefined;
}

/** The axes of `source` that correspond to `over` in the shape to which it is broadcast. */
function ownAxes(graph: Graph, source: NodeId, shape: readonly number[], over: readonly number[]): number[] {
  const offset = shape.length - graph.shape(source).length;
  return over.filter((axis) => axis >= offset).map((axis) => axis - offset);
}
