/** The sum of squares of x over a positive number y, jointly convex in both; increasing in |x|, decreasing in y. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { applied } from './definition.ts';
import { divide } from './divide.ts';
import type { Expression } from './expression.ts';
import { wholeLine } from './expression.ts';
import { interval, intersect, multiplyIntervals, nonNegative, reciprocalInterval } from './interval.ts';
import { requireRank } from './shape-rules.ts';
import { normMonotonicity, sumsq } from './sumsq.ts';

export const quadOverLin: Atom = {
  name: 'quad_over_lin',
  documentation: {
    signature: 'quad_over_lin(x : any shape, y : scalar) : scalar',
    summary: 'sum of squares over a positive number; jointly convex',
    formula: '‖x‖²/y',
  },
  arity: [2, 2],
  shape: (args) => requireRank(args, 1, [0], 'a scalar') ?? [],
  domain: () => [undefined, { interval: interval(0, Infinity), words: 'positive' }],
  range: ([x, y]) =>
    multiplyIntervals(
      sumsq.range(x === undefined ? [] : [x], {}),
      reciprocalInterval(intersect(y?.range ?? wholeLine, nonNegative)),
    ),
  monotonicity: ([x]) => [...normMonotonicity(x === undefined ? [] : [x]), 'decreasing'],
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: ([x, y], _parameters, span) =>
    applied(divide, [applied(sumsq, [x as Expression], span), y as Expression], span),
  lower: (graph, [x, y]) => graph.divide(graph.sum(graph.power(x as NodeId, 2)), y as NodeId),
};
