/**
 * The Hessian of a scalar node as one matrix: tangents of the gradient along all unit vectors at once, by
 * batching. For small numbers of unknowns: it holds their square, and what it is computed from holds them
 * once for each entry of every node between.
 */
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { neededNodes } from '../graph/text.ts';
import { batched } from './batch.ts';
import { pushForward } from './forward.ts';
import { gradient } from './reverse.ts';

/**
 * Second derivatives of `output` (shape []) in the entries of `inputs`, end to end: a symmetric [D, D]. Undefined
 * where one of the nodes behind it would hold more than `mostEntries` entries.
 */
export function hessianMatrix(
  graph: Graph,
  output: NodeId,
  inputs: readonly NodeId[],
  mostEntries: number,
): NodeId | undefined {
  const lengths = inputs.map((input) => sizeOf(graph.shape(input)));
  const size = lengths.reduce((sum, length) => sum + length, 0);
  const directions = inputs.map((input) =>
    graph.input(`direction of node ${input}`, graph.shape(input), graph.node(input).dependence),
  );
  const tangents = new Map(inputs.map((input, k) => [input, directions[k] as NodeId]));
  const products = pushForward(graph, gradient(graph, output, inputs), tangents);
  // What the directions do not reach is not repeated.
  const moving = new Set(directions);
  let largest = size;
  for (const id of neededNodes(graph, products)) {
    const node = graph.node(id);
    if (!moving.has(id) && !node.inputs.some((input) => moving.has(input))) continue;
    moving.add(id);
    largest = Math.max(largest, sizeOf(node.shape));
  }
  if (size === 0 || size * largest > mostEntries) return undefined;
  const unit = identityMatrix(graph, size);
  let from = 0;
  const units = directions.map((direction, k): [NodeId, NodeId] => {
    const to = from + (lengths[k] as number);
    const columns = graph.slice(unit, [0, from], [size, to]);
    from = to;
    return [direction, graph.reshape(columns, [size, ...graph.shape(direction)])];
  });
  const rows = batched(graph, products, new Map(units)).map((node, k) =>
    graph.reshape(node, [size, lengths[k] as number]),
  );
  const matrix = rows.length === 1 ? (rows[0] as NodeId) : graph.concatenate(rows, 1);
  // Symmetric in exact arithmetic; the mean is so with its rounding errors too.
  return graph.scale(graph.add(matrix, graph.transpose(matrix, [1, 0])), 0.5);
}

/** Ones that are size + 1 entries apart, cut into rows of size entries. */
function identityMatrix(graph: Graph, size: number): NodeId {
  const spread = graph.pad(graph.filled(1, [size, 1]), [0, 0], [0, size]);
  const flat = graph.reshape(spread, [size * (size + 1)]);
  return graph.reshape(graph.slice(flat, [0], [size * size]), [size, size]);
}
