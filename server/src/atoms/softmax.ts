/** Probabilities proportional to exp, of a vector or of each row of a matrix (each column, with axis = 1). */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, isLastAxis } from './axis.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { interval } from './interval.ts';
import { classesLast, classesRule } from './logsumexp.ts';
import { transpose } from './transpose.ts';

export const softmax: Atom = {
  name: 'softmax',
  documentation: {
    signature: 'softmax(Z : vector[k] or matrix[n, k], axis = 2) : same shape',
    summary: 'probabilities proportional to the exponentials, in each row (with axis = 1, in each column)',
    formula: 'exp(zⱼ) / Σₗ exp(zₗ)',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: (args, parameters) => classesRule(args, parameters, true),
  range: () => interval(0, 1),
  monotonicity: () => ['none'],
  curvature: () => 'none',
  smoothness: Infinity,
  definition: ([z], parameters, span) => {
    if (isLastAxis(z?.shape ?? [], parameters)) return undefined;
    const rows = applied(softmax, [applied(transpose, [z as Expression], span)], span);
    return applied(transpose, [rows], span);
  },
  lower: (graph, [z], parameters) => {
    const rows = classesLast(graph, z as NodeId, parameters);
    const result = graph.softmax(rows);
    return rows === z ? result : graph.transpose(result);
  },
};
