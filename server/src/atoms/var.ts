/**
 * Variance of all entries, or along one axis, with divisor n as in NumPy and CVXPY: a convex quadratic with
 * second derivative at most 2/n, flat where all entries move together.
 */
import type { Expression } from './expression.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, reducedShape } from './axis.ts';
import { centred } from './centred.ts';
import { applied, sizeTerm } from './definition.ts';
import { divide } from './divide.ts';
import { wholeLine } from './expression.ts';
import { interval } from './interval.ts';
import { mean } from './mean.ts';
import { square } from './square.ts';
import { sumsq } from './sumsq.ts';

export const variance: Atom = {
  name: 'var',
  documentation: {
    signature: 'var(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary: 'variance of all entries, or along one axis; divisor n',
    formula: '(1/n) Σᵢ (xᵢ − x̄)²',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  // Of numbers in [a, b] it is at most ((b − a)/2)².
  range: ([x]) => {
    const { lower, upper } = x?.range ?? wholeLine;
    return interval(0, ((upper - lower) / 2) ** 2);
  },
  monotonicity: () => ['none'],
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: ([x], parameters, span) => {
    const middle = applied(centred, [x as Expression], span, parameters);
    if (parameters['axis'] !== undefined) {
      return applied(mean, [applied(square, [middle], span)], span, parameters);
    }
    return applied(divide, [applied(sumsq, [middle], span), sizeTerm(middle.shape, span)], span);
  },
  lower: (graph, args, parameters, dimension) => {
    const middle = centred.lower(graph, args, parameters, dimension);
    return mean.lower(graph, [graph.power(middle, 2)], parameters, dimension);
  },
};
