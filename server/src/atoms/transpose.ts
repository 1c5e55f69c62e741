/**
 * `A'`: rows and columns exchanged; a vector becomes a row matrix[1, n], and a row a vector. Of a tensor the last two
 * axes are exchanged, in which `*` sees its matrices.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { fixedDimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { isOne } from './shape-rules.ts';

export const transpose: Atom = {
  name: 'transpose',
  notation: "'",
  documentation: {
    signature:
      "A' : matrix[n, m] of A : matrix[m, n]; x' : matrix[1, n] of x : vector[n]; T' : tensor[b, n, m] of T : tensor[b, m, n]",
    summary: 'transpose; of a vector a row, of a tensor that of each matrix on its last two axes',
    formula: 'Aᵀ',
  },
  arity: [1, 1],
  shape: ([argument]) => {
    const shape = argument as Shape;
    if (shape.length === 0) return shape;
    if (shape.length === 1) return [fixedDimension(1), shape[0] as Dimension];
    const [rows, columns] = shape.slice(-2) as [Dimension, Dimension];
    if (shape.length > 2) return [...shape.slice(0, -2), columns, rows];
    return isOne(rows) ? [columns] : [columns, rows];
  },
  range: ([a]) => a?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  attributes: ([shape = []]) => ({
    rank: shape.length === 2 && isOne(shape[0]) ? 1 : Math.max(2, shape.length),
  }),
  lower: (graph, args, parameters) => {
    const [a] = args as readonly [NodeId];
    const shape = graph.shape(a);
    if (shape.length === 0) return a;
    if (shape.length === 1) return graph.reshape(a, [1, shape[0] as number]);
    const last = shape.length - 1;
    const rank = parameters.rank ?? (last === 1 && shape[0] === 1 ? 1 : shape.length);
    if (rank === 1) return graph.reshape(a, [shape[1] as number]);
    return graph.transpose(a, [...shape.keys()].slice(0, -2).concat(last, last - 1));
  },
};
