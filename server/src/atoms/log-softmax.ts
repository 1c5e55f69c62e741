/**
 * Logarithms of the probabilities of softmax without under- or overflow: z minus logsumexp of its row (its
 * column, with axis = 1); concave in every entry and at most 0.
 */
import { fixedDimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, isLastAxis } from './axis.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { interval } from './interval.ts';
import { classesLast, classesRule, logsumexp } from './logsumexp.ts';
import { reshape, reshaping } from './reshape.ts';
import { axisOf } from './shape-rules.ts';
import { subtract } from './subtract.ts';
import { transpose } from './transpose.ts';

export const logSoftmax: Atom = {
  name: 'log_softmax',
  documentation: {
    signature: 'log_softmax(Z : vector[k], matrix[n, k] or tensor[…, k], axis = 2) : same shape',
    summary: 'logarithm of softmax, in each row (with axis = 1, in each column)',
    formula: 'zⱼ − ln Σₗ exp(zₗ)',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: (args, parameters) => classesRule(args, parameters, true),
  range: () => interval(-Infinity, 0),
  monotonicity: () => ['none'],
  curvature: () => 'concave',
  smoothness: Infinity,
  definition: ([z], parameters, span) => {
    const scores = z as Expression;
    const sums = applied(logsumexp, [scores], span, parameters);
    if (scores.shape.length > 2) {
      const spread = scores.shape.with(axisOf(parameters, scores.shape.length), fixedDimension(1));
      return applied(subtract, [scores, applied(reshape, [sums], span, reshaping(spread))], span);
    }
    if (scores.shape.length === 1 || !isLastAxis(scores.shape, parameters)) {
      return applied(subtract, [scores, sums], span);
    }
    // A vector spreads along the last axis: one value a row is taken off the transpose.
    const difference = applied(subtract, [applied(transpose, [scores], span), sums], span);
    return applied(transpose, [difference], span);
  },
  lower: (graph, [z], parameters) => {
    const scores = z as NodeId;
    const sums = graph.logsumexp(classesLast(graph, scores, parameters));
    const shape = graph.shape(scores);
    return graph.subtract(scores, graph.reshape(sums, shape.with(axisOf(parameters, shape.length), 1)));
  },
};
