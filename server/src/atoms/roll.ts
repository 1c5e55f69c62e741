/** The entries moved along an axis by a number of places, those that leave coming in at the other end. */
import type { Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { part } from './along-axis.ts';
import type { Atom } from './atom.ts';
import { numberParameter } from './elementwise.ts';
import { wholeLine } from './expression.ts';
import { rearrangement } from './linear-norms.ts';
import { axisOf, axisOption, requireAxis } from './shape-rules.ts';

export const roll: Atom = {
  name: 'roll',
  documentation: {
    signature: 'roll(x : any shape, shift : whole number, axis = last) : same shape',
    summary: 'the entries moved by `shift` places along an axis, around its end',
    formula: 'xᵢ₋ₛ, around the end',
  },
  arity: [1, 1],
  constants: [{ name: 'shift', whole: true }, axisOption],
  shape: ([shape], parameters) => requireAxis(shape as Shape, parameters, 'move along') ?? (shape as Shape),
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: () => rearrangement,
  lower: (graph, [x], parameters) => {
    const array = x as NodeId;
    const axis = axisOf(parameters, graph.shape(array).length);
    const length = graph.shape(array)[axis] as number;
    const shift = numberParameter(parameters, 'shift');
    const cut = (((-shift % length) + length) % length) | 0;
    if (cut === 0) return array;
    return graph.concatenate([part(graph, array, axis, cut, length), part(graph, array, axis, 0, cut)], axis);
  },
};
