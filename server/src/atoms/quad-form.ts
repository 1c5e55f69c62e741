/**
 * x' P x. Whether it is convex depends on the eigenvalues of P, which no range tells, so its
 * curvature in x is unknown; in P it is affine.
 */
import type { Shape } from '../base/dimension.ts';
import { formatShape, sameDimension } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom, Monotonicity } from './atom.ts';
import { wholeLine } from './expression.ts';
import { entryCount, multiplyIntervals, squareInterval, sumInterval } from './interval.ts';
import { requireRank } from './shape-rules.ts';

export const quadForm: Atom = {
  name: 'quad_form',
  documentation: {
    signature: 'quad_form(x : vector[n], P : matrix[n, n]) : scalar',
    summary: 'quadratic form',
    formula: 'xᵀ P x',
  },
  arity: [2, 2],
  shape: (args) => {
    const wrong = requireRank(args, 0, [1], 'a vector') ?? requireRank(args, 1, [2], 'a square matrix');
    if (wrong !== undefined) return wrong;
    const [x, matrix] = args as readonly [Shape, Shape];
    const [size] = x;
    if (size !== undefined && matrix.every((dimension) => sameDimension(dimension, size))) return [];
    return {
      problem: `a quadratic form of ${formatShape(x)} needs a square matrix of that size, not ${formatShape(matrix)}`,
      argument: 1,
    };
  },
  range: ([x, matrix]) => {
    const one = x?.range ?? wholeLine;
    const entries = entryCount(matrix?.shape ?? []);
    // With a single entry the product x x is a square.
    const products = entries === 1 ? squareInterval(one) : multiplyIntervals(one, one);
    return sumInterval(multiplyIntervals(products, matrix?.range ?? wholeLine), entries);
  },
  monotonicity: ([x, matrix]): readonly Monotonicity[] => {
    const one = x?.range ?? wholeLine;
    const oneSign = one.lower >= 0 || one.upper <= 0;
    const positive = (matrix?.range.lower ?? -1) >= 0 && one.lower >= 0;
    return [positive ? 'increasing' : 'none', oneSign ? 'increasing' : 'none'];
  },
  curvature: ([x]) => (x?.fixed === true ? 'affine' : 'none'),
  smoothness: Infinity,
  lower: (graph, args) => {
    const [x, matrix] = args as readonly [NodeId, NodeId];
    const size = graph.shape(x)[0] as number;
    const product = graph.reshape(graph.matmul(matrix, graph.reshape(x, [size, 1])), [size]);
    return graph.sum(graph.multiply(x, product));
  },
};
