/**
 * The entries in reverse order along an axis. Blocks of 1, 2, 4, … entries are exchanged in pairs, on the
 * axis made longer to a power of two, which needs no index table.
 */
import type { Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { padded, part } from './along-axis.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { rearrangement } from './linear-norms.ts';
import { axisOf, axisOption, requireAxis } from './shape-rules.ts';

export const flip: Atom = {
  name: 'flip',
  documentation: {
    signature: 'flip(x : any shape, axis = last) : same shape',
    summary:
      'the entries in reverse order along an axis; a convolution with `flip(k)` is one in the sense of mathematics',
    formula: 'xₙ₊₁₋ᵢ',
  },
  arity: [1, 1],
  constants: [axisOption],
  shape: ([shape], parameters) => requireAxis(shape as Shape, parameters, 'reverse') ?? (shape as Shape),
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: () => rearrangement,
  lower: (graph, [x], parameters) => {
    const shape = graph.shape(x as NodeId);
    const axis = axisOf(parameters, shape.length);
    const length = shape[axis] as number;
    let whole = 1;
    while (whole < length) whole *= 2;
    const [lead, trail] = [shape.slice(0, axis), shape.slice(axis + 1)];
    // Zeros in front come to lie behind.
    let result = padded(graph, x as NodeId, axis, whole - length, 0);
    for (let block = 1; block < whole; block *= 2) {
      const pairs = graph.reshape(result, [...lead, whole / (2 * block), 2, block, ...trail]);
      const exchanged = graph.concatenate(
        [part(graph, pairs, axis + 1, 1, 2), part(graph, pairs, axis + 1, 0, 1)],
        axis + 1,
      );
      result = graph.reshape(exchanged, [...lead, whole, ...trail]);
    }
    return part(graph, result, axis, 0, length);
  },
};
