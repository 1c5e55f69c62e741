/** Probabilities proportional to exp, of a vector or of each row of a matrix (each column, with axis = 1). */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, isLastAxis } from './axis.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { interval } from './interval.ts';
import { classesBack, classesLast, classesRule, rowsOfClasses } from './logsumexp.ts';

export const softmax: Atom = {
  name: 'softmax',
  documentation: {
    signature: 'softmax(Z : vector[k], matrix[n, k] or tensor[…, k], axis = 2) : same shape',
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
    const rows = applied(softmax, [rowsOfClasses(z as Expression, parameters, span)], span);
    return rowsOfClasses(rows, parameters, span, true);
  },
  lower: (graph, [z], parameters) =>
    classesBack(graph, graph.softmax(classesLast(graph, z as NodeId, parameters)), parameters),
};
