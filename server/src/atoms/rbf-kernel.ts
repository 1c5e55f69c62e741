/**
 * The Gaussian kernel of the rows of two matrices, exp(−‖x − y‖²/(2 ℓ²)) with the length scale ℓ: the
 * matrix of a set of rows with itself is symmetric and positive semidefinite.
 */
import type { NodeId } from '../graph/primitive.ts';
import { formatShape } from '../base/dimension.ts';
import type { Shape } from '../base/dimension.ts';
import type { Atom } from './atom.ts';
import { applied } from './definition.ts';
import { divide } from './divide.ts';
import { exp } from './exp.ts';
import type { Expression } from './expression.ts';
import { interval, nonNegative } from './interval.ts';
import { matmul } from './matmul.ts';
import { negateAtom } from './negate.ts';
import { power } from './power.ts';
import { isShapeProblem } from './shape-rules.ts';
import { pairsOfRows, sqdist, squaredDistances } from './sqdist.ts';

export const rbfKernel: Atom = {
  name: 'rbf_kernel',
  documentation: {
    signature: 'rbf_kernel(X : matrix[m, d], Y : matrix[n, d], length : scalar) : matrix[m, n]',
    summary: 'Gaussian kernel between the rows of two matrices, with the length scale ℓ',
    formula: 'exp(−‖xᵢ − yⱼ‖² / (2 ℓ²))',
  },
  arity: [3, 3],
  argumentNames: ['length'],
  shape: (args) => {
    const shape = pairsOfRows(args);
    const scale = args[2] as Shape;
    if (isShapeProblem(shape) || scale.length === 0) return shape;
    return {
      problem: `the length scale must be a scalar, but is ${formatShape(scale)}`,
      remedy: 'for one scale a column divide the columns by it: `rbf_kernel(X ./ s, Y ./ s, 1)`',
      argument: 2,
    };
  },
  domain: () => [undefined, undefined, { interval: nonNegative, words: 'positive' }],
  range: () => interval(0, 1),
  monotonicity: () => ['none', 'none', 'increasing'],
  curvature: () => 'none',
  smoothness: Infinity,
  definition: (args, _parameters, span) => {
    const [x, y, length] = args as readonly [Expression, Expression, Expression];
    const two: Expression = { kind: 'number', value: 2, shape: [], dependence: 0, span };
    const scale = applied(matmul, [two, applied(power, [length], span, { exponent: 2 })], span);
    const ratio = applied(divide, [applied(sqdist, [x, y], span), scale], span);
    return applied(exp, [applied(negateAtom, [ratio], span)], span);
  },
  lower: (graph, args) => {
    const [x, y, length] = args as readonly [NodeId, NodeId, NodeId];
    const scale = graph.scale(graph.power(length, 2), 2);
    return graph.unary('exp', graph.negate(graph.divide(squaredDistances(graph, x, y), scale)));
  },
};
