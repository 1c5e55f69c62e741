/**
 * Pieces of graph for atoms that act along one axis: the entries from one place to another, and the
 * array moved along the axis with zeros coming in.
 */
import type { Graph } from '../graph/graph.ts';
import type { NodeId } from '../graph/primitive.ts';

/** Entries from..to (excluded) along the axis. */
export function part(graph: Graph, a: NodeId, axis: number, from: number, to: number): NodeId {
  const shape = graph.shape(a);
  return graph.slice(
    a,
    shape.map((_, k) => (k === axis ? from : 0)),
    shape.map((length, k) => (k === axis ? to : length)),
  );
}

/** Zeros in front of and behind the array along the axis. */
export function padded(graph: Graph, a: NodeId, axis: number, before: number, after: number): NodeId {
  const shape = graph.shape(a);
  return graph.pad(
    a,
    shape.map((_, k) => (k === axis ? before : 0)),
    shape.map((_, k) => (k === axis ? after : 0)),
  );
}

/** a[i + 1] - a[i] along the axis. */
export function difference(graph: Graph, a: NodeId, axis: number): NodeId {
  const length = graph.shape(a)[axis] as number;
  return graph.subtract(part(graph, a, axis, 1, length), part(graph, a, axis, 0, length - 1));
}
