/**
 * The text form of a graph, one node a line, for tests and for debugging:
 * `%3 = matmul(%0', %1) : [2, 3] @ data, lower`. Only what the outputs need is printed.
 */
import type { Graph } from './graph.ts';
import { Dependence } from './primitive.ts';
import type { GraphNode, NodeId } from './primitive.ts';

/** The ids of everything that `outputs` need, in evaluation order. */
export function neededNodes(graph: Graph, outputs: readonly NodeId[]): NodeId[] {
  const needed = new Set<NodeId>();
  const waiting = [...outputs];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    waiting.push(...graph.node(id).inputs);
  }
  return [...needed].sort((a, b) => a - b);
}

export function graphText(graph: Graph, outputs: readonly NodeId[]): string {
  return neededNodes(graph, outputs)
    .map((id) => nodeText(graph.node(id)))
    .join('\n');
}

export function nodeText(node: GraphNode): string {
  const dependence = Object.entries(Dependence)
    .filter(([, bit]) => (node.dependence & bit) !== 0)
    .map(([name]) => name)
    .join(', ');
  return `%${node.id} = ${operationText(node)} : [${node.shape.join(', ')}]${dependence && ` @ ${dependence}`}`;
}

function operationText(node: GraphNode): string {
  const { primitive } = node;
  const inputs = node.inputs.map((id) => `%${id}`);
  const [first = '', second = ''] = inputs;
  switch (primitive.op) {
    case 'constant':
      return String(primitive.value);
    case 'input':
      return primitive.name;
    case 'unary':
    case 'binary':
      return `${primitive.fn}(${inputs.join(', ')})`;
    case 'power':
      return `${first} ^ ${primitive.exponent}`;
    case 'sum':
    case 'largest':
      return `${primitive.op}(${first}, axes ${primitive.axes.join(' ')})`;
    case 'transpose':
      return `transpose(${first}, ${primitive.permutation.join(' ')})`;
    case 'matmul':
      return `matmul(${first}${primitive.transposeA ? "'" : ''}, ${second}${primitive.transposeB ? "'" : ''})`;
    case 'slice':
      return `slice(${first}, ${primitive.start.join(' ')} to ${primitive.stop.join(' ')})`;
    case 'pad':
      return `pad(${first}, ${primitive.before.join(' ')} and ${primitive.after.join(' ')})`;
    case 'concatenate':
      return `concatenate(${inputs.join(', ')}, axis ${primitive.axis})`;
    case 'windows':
    case 'overlap_add':
      return `${primitive.op}(${first}, of ${primitive.lengths.join(' ')})`;
    case 'solve':
    case 'log_det':
      return `${primitive.op}(${inputs.join(', ')}, ${primitive.form})`;
    default:
      return `${primitive.op}(${inputs.join(', ')})`;
  }
}
