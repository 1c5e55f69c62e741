/** The same entries, row by row, in another shape: reshape(x, m, n). */
import type { Dimension, Shape } from '../base/dimension.ts';
import {
  fixedDimension,
  formatDimension,
  formatShape,
  multiplyDimensions,
  sameDimension,
} from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, Parameters } from './atom.ts';
import { wholeLine } from './expression.ts';

function targetOf(parameters: Parameters): readonly Dimension[] {
  const { shape } = parameters;
  if (!Array.isArray(shape)) return [];
  return (shape as readonly { readonly at: Dimension }[]).map((entry) => entry.at);
}

function size(shape: Shape): Dimension {
  return shape.reduce(multiplyDimensions, fixedDimension(1));
}

/** The parameters of a reshape to this shape. */
export function reshaping(shape: Shape): Parameters {
  return { shape: shape.map((at) => ({ kind: 'entry', at }) as const) };
}

export const reshape: Atom = {
  name: 'reshape',
  documentation: {
    signature: 'reshape(x, m, n, …) : tensor[m, n, …]',
    summary: 'the same entries, row by row, in another shape',
    formula: 'row-major',
  },
  arity: [1, 1],
  dimensions: 'shape',
  shape: ([argument], parameters) => {
    const shape = argument as Shape;
    const target = targetOf(parameters);
    if (sameDimension(size(shape), size(target))) return target;
    return {
      problem: `${formatShape(shape)} has ${formatDimension(size(shape))} entries, ${formatShape(target)} has ${formatDimension(size(target))}`,
      remedy: 'the new shape must hold as many entries',
      argument: 0,
    };
  },
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, [x], parameters, dimension) =>
    graph.reshape(x as NodeId, targetOf(parameters).map(dimension)),
};
