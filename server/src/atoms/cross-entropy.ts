/**
 * Cross-entropy of softmax probabilities against class labels, one value a row:
 * log sum_j exp(Z_ij) - Z_{i, y_i} >= 0. As a function of one row, gradient softmax - e_y has norm at
 * most sqrt 2; second and third derivatives are those of logsumexp.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { constantDimension, formatDimension, formatShape, sameDimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { roundedUp } from './ball-bounds.ts';
import { wholeLine } from './expression.ts';
import { interval } from './interval.ts';
import { softmaxThird } from './logsumexp.ts';
import { requireRank } from './shape-rules.ts';

export const crossEntropy: Atom = {
  name: 'cross_entropy',
  documentation: {
    signature: 'cross_entropy(Z : matrix[n, k], y : labels[n, k]) : vector[n]',
    summary: 'cross-entropy of the softmax of each row against its label; take the mean for a loss',
    formula: 'ln Σⱼ exp(Zᵢⱼ) − Zᵢ,yᵢ',
  },
  arity: [2, 2],
  labels: { argument: 1, classesOf: 0 },
  shape: (args) => {
    const wrong = requireRank(args, 0, [2], 'a matrix with one row a sample and one column a class');
    if (wrong !== undefined) return wrong;
    const [scores, labels] = args as readonly [Shape, Shape];
    const rows = scores[0] as Dimension;
    const count = labels[0];
    if (labels.length === 1 && count !== undefined && sameDimension(rows, count)) return [rows];
    return {
      problem:
        count === undefined
          ? `the labels must be a list, but are ${formatShape(labels)}`
          : `${formatDimension(rows)} rows of scores against ${formatDimension(count)} labels`,
      remedy: 'give one label for each row of scores',
      argument: 1,
    };
  },
  range: ([scores]) => {
    const { lower, upper } = scores?.range ?? wholeLine;
    const columns = scores?.shape[1];
    const classes = columns === undefined ? undefined : constantDimension(columns);
    const bound = classes === undefined ? Infinity : Math.log1p((classes - 1) * Math.exp(upper - lower));
    return interval(0, Number.isNaN(bound) ? Infinity : bound);
  },
  monotonicity: () => ['none', 'none'],
  curvature: ([, labels]) => (labels?.fixed === true ? 'convex' : 'none'),
  smoothness: Infinity,
  rowwise: { argument: 0, bounds: [roundedUp(Math.SQRT2), 1 / 2, softmaxThird] },
  lower: (graph, args) => {
    const [scores, labels] = args as readonly [NodeId, NodeId];
    return graph.subtract(graph.logsumexp(scores), graph.pick(scores, labels));
  },
};
