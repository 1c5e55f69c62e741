/**
 * x minus its mean, over all entries or along one axis: an orthogonal projection, of norm 1. It has no
 * name in the language; variances are defined by it, because `x - mean(x)` as a difference seems to have
 * the norm 2.
 */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, spreadable } from './axis.ts';
import { wholeLine } from './expression.ts';
import { number, zero } from './formula.ts';
import { interval } from './interval.ts';
import { rearrangement } from './linear-norms.ts';
import { mean } from './mean.ts';

export const centred: Atom = {
  name: 'centred',
  documentation: {
    signature: 'centred(x : any shape, axis = k) : same shape',
    summary: 'each entry minus the mean',
    formula: 'xᵢ − x̄',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: ([shape]) => shape ?? [],
  range: ([x]) => {
    const { lower, upper } = x?.range ?? wholeLine;
    return interval(lower - upper, upper - lower);
  },
  monotonicity: () => ['none'],
  curvature: () => 'affine',
  smoothness: Infinity,
  // rowSum and columnSum: 1 − 1/n and n − 1 times 1/n.
  linear: () => ({ ...rearrangement, rowSum: number(2), columnSum: number(2), gram: zero }),
  lower: (graph, args, parameters, dimension) => {
    const [x] = args as readonly [NodeId];
    const middle = mean.lower(graph, [x], parameters, dimension);
    return graph.subtract(x, spreadable(graph, middle, graph.shape(x), parameters));
  },
};
