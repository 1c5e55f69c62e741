/** Mean of all entries, or along one axis. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, reducedAxis, graphAxes, reducedAway, reducedShape } from './axis.ts';
import { wholeLine } from './expression.ts';
import { divide, one, squareRoot, zero } from './formula.ts';
import { sizeOf } from './size.ts';

export const mean: Atom = {
  name: 'mean',
  documentation: {
    signature: 'mean(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary: 'mean of all entries, or along one axis: axis = 1 gives one value a column, axis = 2 one a row',
    formula: '(1/n) Σᵢ xᵢ',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: (shape, parameters) => {
    const count = sizeOf(reducedAway(shape, parameters));
    const each = divide(one, squareRoot(count));
    return {
      euclid: each,
      largest: each,
      rows: each,
      rowSum: one,
      columnSum: divide(one, count),
      gram: zero,
    };
  },
  lower: (graph, args, parameters) => {
    const [x] = args as readonly [NodeId];
    const shape = graph.shape(x);
    const axis = reducedAxis(parameters);
    const count = shape.reduce(
      (product, size, at) => (axis === undefined || at === axis ? product * size : product),
      1,
    );
    // 1 / count would be a literal with an error of its own, which no rounding analysis sees.
    return graph.divide(graph.sum(x, graphAxes(parameters)), graph.constant(count));
  },
};
