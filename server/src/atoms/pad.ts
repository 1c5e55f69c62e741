/** Zeros in front of and behind the entries along an axis. */
import { addDimensions, fixedDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { padded } from './along-axis.ts';
import type { Atom, Parameters } from './atom.ts';
import { numberParameter } from './elementwise.ts';
import { wholeLine } from './expression.ts';
import { hull, interval } from './interval.ts';
import { rearrangement } from './linear-norms.ts';
import { axisOf, axisOption, requireAxis } from './shape-rules.ts';

function zerosOf(parameters: Parameters): readonly [number, number] {
  return [numberParameter(parameters, 'before'), numberParameter(parameters, 'after')];
}

export const pad: Atom = {
  name: 'pad',
  documentation: {
    signature: 'pad(x : vector[n], before, after, axis = last) : vector[n + before + after]',
    summary: 'zeros in front of and behind the entries along an axis',
    formula: '(0, x, 0)',
  },
  arity: [1, 1],
  constants: [
    { name: 'before', least: 0, whole: true },
    { name: 'after', least: 0, whole: true },
    axisOption,
  ],
  shape: ([argument], parameters) => {
    const shape = argument as Shape;
    const wrong = requireAxis(shape, parameters, 'put zeros along');
    if (wrong !== undefined) return wrong;
    const axis = axisOf(parameters, shape.length);
    const [before, after] = zerosOf(parameters);
    return shape.with(axis, addDimensions(shape[axis] as Dimension, fixedDimension(before + after)));
  },
  range: ([x], parameters) => {
    const range = x?.range ?? wholeLine;
    const [before, after] = zerosOf(parameters);
    return before + after === 0 ? range : hull(range, interval(0, 0));
  },
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: () => rearrangement,
  lower: (graph, [x], parameters) => {
    const [before, after] = zerosOf(parameters);
    return padded(graph, x as NodeId, axisOf(parameters, graph.shape(x as NodeId).length), before, after);
  },
};
