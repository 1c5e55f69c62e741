/**
 * log of the sum of exponentials: of a vector, or of each row of an array (of a matrix each column, with
 * axis = 1); a smooth maximum. Row function psi: ‖∇psi‖ <= 1 (a probability vector), ‖∇²psi‖ <= 1/2,
 * ‖∇³psi‖ <= sqrt 2/(3 sqrt 3): the trilinear norm is attained on the diagonal, where it is a third
 * central moment.
 */
import type { Shape } from '../base/dimension.ts';
import { fixedDimension } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Graph } from '../graph/graph.ts';
import type { Atom, Parameters, ShapeProblem } from './atom.ts';
import { reductionAxis, isLastAxis, reducedCount } from './axis.ts';
import { roundedUp } from './ball-bounds.ts';
import { applied } from './definition.ts';
import type { Expression } from './expression.ts';
import { wholeLine } from './expression.ts';
import { interval } from './interval.ts';
import { permuteAxes } from './permute-axes.ts';
import { axisOf, requireAxis } from './shape-rules.ts';
import { transpose } from './transpose.ts';

export const softmaxThird = roundedUp(Math.SQRT2 / (3 * Math.sqrt(3)));

/** What is not said otherwise, the last axis holds the classes. */
export function classesRule(
  [argument]: readonly Shape[],
  parameters: Parameters,
  whole: boolean,
): Shape | ShapeProblem {
  const shape = argument as Shape;
  const problem = requireAxis(shape, parameters, 'reduce');
  if (problem !== undefined || whole) return problem ?? shape;
  return shape.toSpliced(axisOf(parameters, shape.length), 1);
}

/** The parameters of one row: without an axis the last one counts, not all. */
export function alongRows(shape: Shape, parameters: Parameters): Parameters {
  return isLastAxis(shape, parameters) ? { axis: shape.length } : parameters;
}

/** The order of axes in which the one with the classes is the last. */
function classesLastOrder(rank: number, parameters: Parameters): number[] {
  const axis = axisOf(parameters, rank);
  return [...Array(rank).keys()].toSpliced(axis, 1).concat(axis);
}

/** The array with the classes in its last axis. */
export function classesLast(graph: Graph, z: NodeId, parameters: Parameters): NodeId {
  return graph.transpose(z, classesLastOrder(graph.shape(z).length, parameters));
}

/** What has the classes in its last axis in the order that it came from. */
export function classesBack(graph: Graph, rows: NodeId, parameters: Parameters): NodeId {
  const order = classesLastOrder(graph.shape(rows).length, parameters);
  return graph.transpose(
    rows,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

/** `classesLast` and `classesBack` of expressions: matrices are transposed, which reads better. */
export function rowsOfClasses(z: Expression, parameters: Parameters, span: Span, back = false): Expression {
  if (z.shape.length === 2) return applied(transpose, [z], span);
  const order = classesLastOrder(z.shape.length, parameters);
  const axes = back ? order.map((_, axis) => order.indexOf(axis)) : order;
  return applied(permuteAxes, [z], span, {
    axes: axes.map((axis) => ({ kind: 'entry', at: fixedDimension(axis + 1) }) as const),
  });
}

export const logsumexp: Atom = {
  name: 'logsumexp',
  documentation: {
    signature:
      'logsumexp(Z : vector[k], matrix[n, k] or tensor[…, k], axis = 2) : scalar, vector[n] or tensor[…]',
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
      : applied(logsumexp, [rowsOfClasses(z as Expression, parameters, span)], span),
  lower: (graph, [z], parameters) => graph.logsumexp(classesLast(graph, z as NodeId, parameters)),
};
