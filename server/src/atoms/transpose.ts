/** `A'`: rows and columns exchanged; a vector becomes a row matrix[1, n], and a row a vector. */
import type { Dimension, Shape } from '../base/dimension.ts';
import { fixedDimension, formatShape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { isOne } from './shape-rules.ts';

export const transpose: Atom = {
  name: 'transpose',
  notation: "'",
  documentation: {
    signature: "A' : matrix[n, m] of A : matrix[m, n]; x' : matrix[1, n] of x : vector[n]",
    summary: 'transpose; the transpose of a vector is a row',
    formula: 'Aᵀ',
  },
  arity: [1, 1],
  shape: ([argument]) => {
    const shape = argument as Shape;
    if (shape.length === 0) return shape;
    if (shape.length === 1) return [fixedDimension(1), shape[0] as Dimension];
    if (shape.length > 2) {
      return {
        problem: `only scalars, vectors and matrices have a transpose, not ${formatShape(shape)}`,
        argument: 0,
      };
    }
    const [rows, columns] = shape as readonly [Dimension, Dimension];
    return isOne(rows) ? [columns] : [columns, rows];
  },
  range: ([a]) => a?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  attributes: ([shape]) => ({ rank: shape?.length === 2 && isOne(shape[0]) ? 1 : 2 }),
  lower: (graph, args, parameters) => {
    const [a] = args as readonly [NodeId];
    const shape = graph.shape(a);
    if (shape.length === 0) return a;
    if (shape.length === 1) return graph.reshape(a, [1, shape[0] as number]);
    const rank = parameters.rank ?? (shape[0] === 1 ? 1 : 2);
    if (rank === 1) return graph.reshape(a, [shape[1] as number]);
    return graph.transpose(a, [1, 0]);
  },
};
