/** Euclidean norm of all entries, or along one axis; convex, not differentiable at 0. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, graphAxes, reducedCount, reducedShape } from './axis.ts';
import { wholeLine } from './expression.ts';
import { increasingImage, squareInterval, sumInterval } from './interval.ts';
import { normMonotonicity } from './sumsq.ts';

export const norm2: Atom = {
  name: 'norm2',
  documentation: {
    signature: 'norm2(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary: 'Euclidean norm of all entries, or along one axis; not differentiable at 0 (sumsq is)',
    formula: '‖x‖ = √(Σᵢ xᵢ²)',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x], parameters) =>
    increasingImage(
      sumInterval(squareInterval(x?.range ?? wholeLine), reducedCount(x?.shape ?? [], parameters)),
      Math.sqrt,
    ),
  monotonicity: normMonotonicity,
  curvature: () => 'convex',
  smoothness: 0,
  lower: (graph, [x], parameters) =>
    graph.unary('sqrt', graph.sum(graph.power(x as NodeId, 2), graphAxes(parameters))),
};
