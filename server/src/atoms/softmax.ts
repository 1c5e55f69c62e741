/** Probabilities proportional to exp, of a vector or of each row of a matrix. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { interval } from './interval.ts';
import { lastAxisRule } from './logsumexp.ts';

export const softmax: Atom = {
  name: 'softmax',
  documentation: {
    signature: 'softmax(Z : vector[k] or matrix[n, k]) : same shape',
    summary: 'probabilities proportional to the exponentials, in each row',
    formula: 'exp(zⱼ) / Σₗ exp(zₗ)',
  },
  arity: [1, 1],
  shape: (args) => lastAxisRule(args, true),
  range: () => interval(0, 1),
  monotonicity: () => ['none'],
  curvature: () => 'none',
  smoothness: Infinity,
  lower: (graph, [z]) => graph.softmax(z as NodeId),
};
