/**
 * log of the sum of exponentials: of a vector, or of each row of a matrix (or each column, with
 * axis = 1); a smooth maximum. Row function psi: ‖∇psi‖ <= 1 (a probability vector), ‖∇²psi‖ <= 1/2,
 * ‖∇³psi‖ <= sqrt 2/(3 sqrt 3): the trilinear norm is attained on the diagonal, where it is a third
 * central moment.
 */
import type { Shape } from '../base/dimension.ts';
import { formatShape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Graph } from '../graph/graph.ts';
import type { Atom, Parameters, ShapeProblem } from './atom.ts';
import { reductionAxis, isLastAxis, reducedCount } from './axis.ts';
import { roundedUp } from './ball-bounds.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { wholeLine } from './expression.ts';
import { interval } from './interval.ts';
import { requireAxis } from './shape-rules.ts';
import { transpose } from './transpose.ts';

export const softmaxThird = roundedUp(Math.SQRT2 / (3 * Math.sqrt(3)));

/** Vector or matrix; what is not said otherwise, the last axis holds the classes. */
export function classesRule(
  [argument]: readonly Shape[],
  parameters: Parameters,
  whole: boolean,
): Shape | ShapeProblem {
  const shape = argument as Shape;
  if (shape.length !== 1 && shape.length !== 2) {
    return { problem: `this must be a vector or a matrix, but is ${formatShape(shape)}`, argument: 0 };
  }
  const problem = requireAxis(shape, parameters, 'reduce');
  if (problem !== undefined || whole) return problem ?? shape;
  return isLastAxis(shape, parameters) ? shape.slice(0, -1) : shape.slice(1);
}

/** The parameters of one row: without an axis the last one counts, not all. */
export function alongRows(shape: Shape, parameters: Parameters): Parameters {
  return isLastAxis(shape, parameters) ? { axis: shape.length } : parameters;
}

/** The array with the classes in its last axis. */
export function classesLast(graph: Graph, z: NodeId, parameters: Parameters): NodeId {
  const { axis } = parameters;
  return axis === 1 && graph.shape(z).length === 2 ? graph.transpose(z) : z;
}

export const logsumexp: Atom = {
  name: 'logsumexp',
  documentation: {
    signature: 'logsumexp(Z : vector[k] or matrix[n, k], axis = 2) : scalar or vector[n]',
    summary:
      'logarithm of the sum of exponentials, of a vector or of each row (with axis = 1, column) of a matrix; a smooth maximum',
    formula: 'ln Σⱼ exp(zⱼ)',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: (args, parameters) => classesRule(args, parameters, false),
  range: ([z], parameters) => {
    const { lower, upper } = z?.range ?? wholeLine;
    const shape = z?.shape ?? [];
    const classes = reducedCount(shape, alongRows(shape, parameters));
    if (classes === undefined) return interval(lower, Infinity);
    return interval(lower + Math.log(classes), upper + Math.log(classes));
  },
  monotonicity: () => ['increasing'],
  curvature: () => 'convex',
  smoothness: Infinity,
  rowwise: { argument: 0, bounds: [1, 1 / 2, softmaxThird] },
  definition: ([z], parameters, span) =>
    isLastAxis(z?.shape ?? [], parameters)
      ? undefined
      : applied(logsumexp, [applied(transpose, [z as Expression], span)], span),
  lower: (graph, [z], parameters) => graph.logsumexp(classesLast(graph, z as NodeId, parameters)),
};
