/**
 * standardize(X, like = Y): each column of X minus the mean of that column of Y, divided by its
 * standard deviation (divisor n); a constant column of Y is only shifted. Data only.
 */
import type { Shape } from '../base/dimension.ts';
import { formatShape, sameDimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, Monotonicity } from './atom.ts';
import { wholeLine } from './expression.ts';

export const standardize: Atom = {
  name: 'standardize',
  documentation: {
    signature: 'standardize(X, like = Y) : shape of X',
    summary: 'columns of X on the scale of Y: minus its means, divided by its standard deviations',
    formula: '(Xᵢⱼ − mean(Y·ⱼ)) / sd(Y·ⱼ)',
  },
  arity: [2, 2],
  argumentNames: ['like'],
  dataOnly: true,
  shape: (args) => {
    const [x, like] = args as readonly [Shape, Shape];
    const fits =
      x.length === like.length &&
      (x.length === 1 || x.length === 2) &&
      x.slice(1).every((dimension, axis) => {
        const other = like[axis + 1];
        return other !== undefined && sameDimension(dimension, other);
      });
    if (fits) return x;
    return {
      problem: `${formatShape(x)} cannot be put on the scale of ${formatShape(like)}`,
      remedy: 'both must be vectors, or matrices with equally many columns',
      argument: 1,
    };
  },
  range: () => wholeLine,
  monotonicity: (): readonly Monotonicity[] => ['increasing', 'none'],
  curvature: ([, like]) => (like?.fixed === true ? 'affine' : 'none'),
  smoothness: Infinity,
  lower: (graph, args) => {
    const [x, like] = args as readonly [NodeId, NodeId];
    const shape = graph.shape(like);
    const rows = shape[0] as number;
    const first = graph.slice(
      like,
      shape.map(() => 0),
      [1, ...shape.slice(1)],
    );
    // Shifted by the first row, a constant column is exactly 0, and so are its mean and deviation.
    const shifted = graph.subtract(like, first);
    const columnMean = (a: NodeId): NodeId => graph.scale(graph.sum(a, [0]), 1 / rows);
    const mean = columnMean(shifted);
    const deviation = graph.unary('sqrt', columnMean(graph.power(graph.subtract(shifted, mean), 2)));
    const constant = graph.subtract(graph.constant(1), graph.unary('step', deviation));
    return graph.divide(graph.subtract(graph.subtract(x, first), mean), graph.add(deviation, constant));
  },
};
