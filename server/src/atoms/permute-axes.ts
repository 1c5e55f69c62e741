/** The axes of an array in another order, counted from 1: axis k of the result is the k-th that is named. */
import { constantDimension, formatDimension, formatShape } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, Parameters } from './atom.ts';
import { wholeLine } from './expression.ts';
import { rearrangement } from './linear-norms.ts';

function orderOf(parameters: Parameters): readonly Dimension[] {
  const { axes } = parameters;
  if (!Array.isArray(axes)) return [];
  return (axes as readonly { readonly at: Dimension }[]).map((entry) => entry.at);
}

export const permuteAxes: Atom = {
  name: 'permute_axes',
  documentation: {
    signature: 'permute_axes(x : tensor[a, b, c], 2, 3, 1) : tensor[b, c, a]',
    summary: 'the axes in another order, counted from 1',
    formula: 'the k-th axis is the k-th that is named',
  },
  arity: [1, 1],
  dimensions: 'axes',
  shape: ([argument], parameters) => {
    const shape = argument as Shape;
    const named = orderOf(parameters);
    const order = named.map(constantDimension);
    const isPermutation = order.length === shape.length && shape.every((_, axis) => order.includes(axis + 1));
    if (isPermutation) return order.map((axis) => shape[(axis as number) - 1] as Dimension);
    return {
      problem: `${named.map(formatDimension).join(', ')} is no order of the ${shape.length} axes of ${formatShape(shape)}`,
      remedy: `name each of 1..${shape.length} once`,
      argument: 0,
    };
  },
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: () => rearrangement,
  lower: (graph, [x], parameters, dimension) =>
    graph.transpose(
      x as NodeId,
      orderOf(parameters).map((axis) => dimension(axis) - 1),
    ),
};
