/**
 * log of the sum of exponentials: of a vector, or of each row of a matrix; a smooth maximum.
 * Row function psi: ‖∇psi‖ <= 1 (a probability vector), ‖∇²psi‖ <= 1/2, ‖∇³psi‖ <= sqrt 2/(3 sqrt 3):
 * the trilinear norm is attained on the diagonal, where it is a third central moment.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { constantDimension, formatShape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { roundedUp } from './ball-bounds.ts';
import { wholeLine } from './expression.ts';
import { interval } from './interval.ts';

export const softmaxThird = roundedUp(Math.SQRT2 / (3 * Math.sqrt(3)));

/** Vector or matrix: the last axis holds the classes. */
export function lastAxisRule([argument]: readonly Shape[], whole: boolean) {
  const shape = argument as Shape;
  if (shape.length === 1 || shape.length === 2) return whole ? shape : shape.slice(0, -1);
  return { problem: `this must be a vector or a matrix, but is ${formatShape(shape)}`, argument: 0 };
}

export const logsumexp: Atom = {
  name: 'logsumexp',
  documentation: {
    signature: 'logsumexp(z : vector[k]) : scalar; logsumexp(Z : matrix[n, k]) : vector[n]',
    summary: 'logarithm of the sum of exponentials, of a vector or of each row; a smooth maximum',
    formula: 'ln Σⱼ exp(zⱼ)',
  },
  arity: [1, 1],
  shape: (args) => lastAxisRule(args, false),
  range: ([z]) => {
    const { lower, upper } = z?.range ?? wholeLine;
    const last: Dimension | undefined = z?.shape.at(-1);
    const classes = last === undefined ? undefined : constantDimension(last);
    if (classes === undefined) return interval(lower, Infinity);
    return interval(lower + Math.log(classes), upper + Math.log(classes));
  },
  monotonicity: () => ['increasing'],
  curvature: () => 'convex',
  smoothness: Infinity,
  rowwise: { argument: 0, bounds: [1, 1 / 2, softmaxThird] },
  lower: (graph, [z]) => graph.logsumexp(z as NodeId),
};
