/**
 * Forward mode: the derivative of several nodes along given tangents of inputs, as nodes of the same
 * graph. Applied to a gradient it gives H v (tangent of x on g_x), J' q (tangent q of x on g_theta) and
 * J u (tangent u of theta on g_x) without a second reverse pass: products cost what depends on v.
 */
import type { Graph } from '../graph/graph.ts';
import { neededNodes } from '../graph/text.ts';
import type { NodeId } from '../graph/primitive.ts';
import { forwardRule } from './rules.ts';
import { equalShapes, shapeText } from '../graph/shapes.ts';

/**
 * The tangents of `outputs` when each input in the map moves along its tangent (of the same shape) and
 * everything else stands still: one node per output, of its shape; literal zeros where nothing moves.
 */
export function pushForward(
  graph: Graph,
  outputs: readonly NodeId[],
  inputTangents: ReadonlyMap<NodeId, NodeId>,
): NodeId[] {
  for (const [input, tangent] of inputTangents) {
    if (!equalShapes(graph.shape(input), graph.shape(tangent))) {
      throw new Error(
        `a tangent of shape ${shapeText(graph.shape(tangent))} for an input of shape ${shapeText(graph.shape(input))}`,
      );
    }
  }
  const tangents = new Map<NodeId, NodeId>(inputTangents);
  for (const id of neededNodes(graph, outputs)) {
    if (tangents.has(id)) continue;
    const node = graph.node(id);
    const own = node.inputs.map((input) => {
      const tangent = tangents.get(input);
      return tangent === undefined || graph.isZero(tangent) ? undefined : tangent;
    });
    const tangent = forwardRule(graph, node, own);
    if (tangent !== undefined) tangents.set(id, tangent);
  }
  return outputs.map((output) => tangents.get(output) ?? graph.filled(0, graph.shape(output)));
}
