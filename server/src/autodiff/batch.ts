/**
 * Batching: a graph written for one problem becomes one for a whole batch of them. Inputs that differ from
 * problem to problem are given with a leading axis; every node that depends on them gets that axis, by one
 * rule a primitive, and everything else stays as it is and is computed once. Products by a matrix that all
 * problems share become one product (graph/products.ts). Entry b of a batched output equals the output
 * with entry b of the inputs.
 */
import type { Graph } from '../graph/graph.ts';
import type { GraphNode, NodeId } from '../graph/primitive.ts';
import { equalShapes, shapeText } from '../graph/shapes.ts';
import { neededNodes } from '../graph/text.ts';

/**
 * The outputs with a leading axis, also where they do not depend on a batched input. `inputs` gives for a
 * node of shape s its batched form, of shape [batch, ...s] with the same batch for all.
 */
export function batched(
  graph: Graph,
  outputs: readonly NodeId[],
  inputs: ReadonlyMap<NodeId, NodeId>,
): NodeId[] {
  const [first] = inputs.values();
  const batch = first === undefined ? undefined : graph.shape(first)[0];
  if (batch === undefined) throw new Error('a batch needs an input with a leading axis');
  for (const [input, stack] of inputs) {
    if (equalShapes(graph.shape(stack), [batch, ...graph.shape(input)])) continue;
    throw new Error(
      `a batch of ${batch} for an input of shape ${shapeText(graph.shape(input))} has shape ${shapeText(graph.shape(stack))}`,
    );
  }
  const known = new Map(inputs);
  for (const id of neededNodes(graph, outputs)) {
    const node = graph.node(id);
    if (known.has(id) || !node.inputs.some((input) => known.has(input))) continue;
    known.set(id, batchRule(graph, node, batch, known));
  }
  return outputs.map((output) => known.get(output) ?? repeated(graph, output, batch));
}

function repeated(graph: Graph, id: NodeId, batch: number): NodeId {
  return graph.broadcast(id, [batch, ...graph.shape(id)]);
}

/** The node for the whole batch; at least one of its inputs is batched. */
function batchRule(graph: Graph, node: GraphNode, batch: number, known: ReadonlyMap<NodeId, NodeId>): NodeId {
  const { primitive, inputs, shape } = node;
  const later = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);
  /** With the leading axis where the input has one, for rules that broadcast by themselves. */
  const either = (k: number): NodeId => known.get(inputs[k] as NodeId) ?? (inputs[k] as NodeId);
  const whole = (k: number): NodeId =>
    known.get(inputs[k] as NodeId) ?? repeated(graph, inputs[k] as NodeId, batch);
  switch (primitive.op) {
    case 'constant':
    case 'input':
      throw new Error(`${primitive.op} has no inputs`);
    case 'unary':
      return graph.unary(primitive.fn, whole(0));
    case 'binary':
      return graph.binary(primitive.fn, either(0), either(1));
    case 'power':
      return graph.power(whole(0), primitive.exponent);
    case 'broadcast': {
      const source = graph.shape(inputs[0] as NodeId);
      const aligned = [batch, ...new Array<number>(shape.length - source.length).fill(1), ...source];
      return graph.broadcast(graph.reshape(whole(0), aligned), [batch, ...shape]);
    }
    case 'sum':
      return graph.sum(whole(0), later(primitive.axes));
    case 'largest':
      return graph.largest(whole(0), later(primitive.axes));
    case 'reshape':
      return graph.reshape(whole(0), [batch, ...shape]);
    case 'transpose':
      return graph.transpose(whole(0), [0, ...later(primitive.permutation)]);
    case 'matmul':
      return graph.matmul(either(0), either(1), primitive);
    case 'slice':
      return graph.slice(whole(0), [0, ...primitive.start], [batch, ...primitive.stop]);
    case 'pad':
      return graph.pad(whole(0), [0, ...primitive.before], [0, ...primitive.after]);
    case 'concatenate':
      return graph.concatenate(
        inputs.map((_, k) => whole(k)),
        primitive.axis + 1,
      );
    case 'windows':
      return graph.windows(whole(0), primitive.lengths);
    case 'overlap_add':
      return graph.overlapAdd(whole(0), primitive.lengths);
    case 'pick': {
      // The rows of all problems one below the other.
      const [rows, classes] = graph.shape(inputs[0] as NodeId) as [number, number];
      const scores = graph.reshape(whole(0), [batch * rows, classes]);
      return graph.reshape(graph.pick(scores, graph.reshape(whole(1), [batch * rows])), [batch, rows]);
    }
    case 'place': {
      const [rows, classes] = shape as readonly [number, number];
      const [values, labels] = [whole(0), whole(1)].map((id) => graph.reshape(id, [batch * rows]));
      return graph.reshape(graph.place(values as NodeId, labels as NodeId, classes), [batch, rows, classes]);
    }
    case 'logsumexp':
      return graph.logsumexp(whole(0));
    case 'softmax':
      return graph.softmax(whole(0));
    case 'cholesky':
      return graph.factor(whole(0), 'definite');
    case 'lu':
      return graph.factor(whole(0), 'general');
    case 'solve':
      return graph.solve(either(0), either(1), primitive.form);
    case 'log_det':
      return graph.logDet(whole(0), primitive.form);
    case 'spectral_norm':
      return eachOf(graph, whole(0), (matrix) => graph.spectralNorm(matrix));
    case 'convolution_norm':
      return eachOf(graph, whole(0), (filters) => graph.convolutionNorm(filters));
    case 'smallest_eigenvalue':
      return eachOf(graph, whole(0), (matrix) => graph.smallestEigenvalue(matrix));
  }
}

/** A scalar of every entry of the first axis: bounds are proved one by one. */
function eachOf(graph: Graph, stack: NodeId, bound: (one: NodeId) => NodeId): NodeId {
  const [batch, ...rest] = graph.shape(stack) as [number, ...number[]];
  const bounds = Array.from({ length: batch }, (_, b) => {
    const one = graph.slice(stack, [b, ...rest.map(() => 0)], [b + 1, ...rest]);
    return graph.reshape(bound(graph.reshape(one, rest)), [1]);
  });
  return graph.concatenate(bounds, 0);
}
