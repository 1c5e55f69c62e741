/**
 * Reverse mode: the gradient of one scalar node in several inputs, as nodes of the same graph. Only
 * nodes on a path from an input to the output are visited, so that structural zeros stay literals.
 */
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';
import { reverseRule } from './rules.ts';

/**
 * The gradient of `output` (shape []) in each of `inputs`: nodes of the inputs' shapes, a literal
 * zero array for an input on which the output does not depend.
 */
export function gradient(graph: Graph, output: NodeId, inputs: readonly NodeId[]): NodeId[] {
  if (graph.shape(output).length !== 0) throw new Error('the gradient of an output that is not a scalar');
  const reached = reachedFrom(graph, inputs, output);
  const adjoints = new Map<NodeId, NodeId>();
  if (reached.has(output)) adjoints.set(output, graph.constant(1));
  // Inputs come before their users, so descending ids see every adjoint complete.
  for (let id = output; id >= 0; id--) {
    const adjoint = adjoints.get(id);
    if (adjoint === undefined || !reached.has(id) || graph.isZero(adjoint)) continue;
    const node = graph.node(id);
    const wanted = node.inputs.map((input) => reached.has(input));
    if (!wanted.includes(true)) continue;
    reverseRule(graph, node, adjoint, wanted).forEach((contribution, k) => {
      const input = node.inputs[k] as NodeId;
      if (contribution === undefined || wanted[k] !== true) return;
      const before = adjoints.get(input);
      adjoints.set(input, before === undefined ? contribution : graph.add(before, contribution));
    });
  }
  return inputs.map((input) => adjoints.get(input) ?? graph.filled(0, graph.shape(input)));
}

/** Every node up to `last` with an input among its ancestors, the inputs themselves included. */
export function reachedFrom(graph: Graph, inputs: Iterable<NodeId>, last: NodeId): Set<NodeId> {
  const reached = new Set(inputs);
  for (let id = 0; id <= last; id++) {
    if (graph.node(id).inputs.some((input) => reached.has(input))) reached.add(id);
  }
  return reached;
}
