/** The products of every entry of one vector with every entry of another: a matrix of rank one. */
import { formatShape } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import { applied } from './definition.ts';
import { wholeLine } from './expression.ts';
import type { Expression } from './expression.ts';
import { multiplyIntervals } from './interval.ts';
import { matmul } from './matmul.ts';
import { transpose } from './transpose.ts';

export const outer: Atom = {
  name: 'outer',
  documentation: {
    signature: 'outer(x : vector[m], y : vector[n]) : matrix[m, n]',
    summary: 'the products of every entry of x with every entry of y',
    formula: 'x yᵀ',
  },
  arity: [2, 2],
  shape: (args) => {
    const argument = args.findIndex((shape) => shape.length !== 1);
    if (argument < 0) return args.map((shape) => shape[0] as Dimension);
    return { problem: `this must be a vector, but is ${formatShape(args[argument] as Shape)}`, argument };
  },
  range: ([x, y]) => multiplyIntervals(x?.range ?? wholeLine, y?.range ?? wholeLine),
  monotonicity: bilinearMonotonicity,
  curvature: bilinearCurvature,
  smoothness: Infinity,
  definition: (args, _parameters, span) => {
    const [x, y] = args as readonly [Expression, Expression];
    return applied(matmul, [x, applied(transpose, [y], span)], span, { rank: 2 });
  },
  lower: (graph, [x, y]) => {
    const rows = graph.shape(x as NodeId)[0] as number;
    return graph.multiply(graph.reshape(x as NodeId, [rows, 1]), y as NodeId);
  },
};
