/** Inner product of two arrays of one shape: the sum of the products of their entries. */
import { formatShape, sameShape } from '../base/dimension.ts';
import type { Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { bilinearCurvature, bilinearMonotonicity } from './bilinear.ts';
import { wholeLine } from './expression.ts';
import { entryCount, multiplyIntervals, sumInterval } from './interval.ts';

export const dot: Atom = {
  name: 'dot',
  documentation: {
    signature: 'dot(x : any shape, y : same shape) : scalar',
    summary: 'inner product',
    formula: '⟨x, y⟩ = Σᵢ xᵢ yᵢ',
  },
  arity: [2, 2],
  shape: (args) => {
    const [x, y] = args as readonly [Shape, Shape];
    if (sameShape(x, y)) return [];
    return {
      problem: `an inner product takes two arrays of one shape, not ${formatShape(x)} and ${formatShape(y)}`,
      argument: 1,
    };
  },
  range: ([x, y]) =>
    sumInterval(multiplyIntervals(x?.range ?? wholeLine, y?.range ?? wholeLine), entryCount(x?.shape ?? [])),
  monotonicity: bilinearMonotonicity,
  curvature: bilinearCurvature,
  smoothness: Infinity,
  lower: (graph, [x, y]) => graph.sum(graph.multiply(x as NodeId, y as NodeId)),
};
