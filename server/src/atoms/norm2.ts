/** Euclidean norm of all entries; convex, not differentiable at 0. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { entryCount, increasingImage, squareInterval, sumInterval } from './interval.ts';
import { normMonotonicity } from './sumsq.ts';

export const norm2: Atom = {
  name: 'norm2',
  documentation: {
    signature: 'norm2(x : any shape) : scalar',
    summary: 'Euclidean norm of all entries; not differentiable at 0 (sumsq is)',
    formula: '‖x‖ = √(Σᵢ xᵢ²)',
  },
  arity: [1, 1],
  shape: () => [],
  range: ([x]) =>
    increasingImage(
      sumInterval(squareInterval(x?.range ?? wholeLine), entryCount(x?.shape ?? [])),
      Math.sqrt,
    ),
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: 0,
  lower: (graph, [x]) => graph.unary('sqrt', graph.sum(graph.power(x as NodeId, 2))),
};
