/** Sum of all entries, or along one axis. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { reductionAxis, graphAxes, reducedCount, reducedShape, sumNorms } from './axis.ts';
import { wholeLine } from './expression.ts';
import { sumInterval } from './interval.ts';

export const sum: Atom = {
  name: 'sum',
  documentation: {
    signature: 'sum(x : any shape, axis = k) : scalar, or the shape without axis k',
    summary: 'sum of all entries, or along one axis: axis = 1 gives one value a column, axis = 2 one a row',
    formula: 'Σᵢ xᵢ',
  },
  arity: [1, 1],
  constants: [reductionAxis],
  shape: reducedShape,
  range: ([x], parameters) => sumInterval(x?.range ?? wholeLine, reducedCount(x?.shape ?? [], parameters)),
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: sumNorms,
  lower: (graph, [x], parameters) => graph.sum(x as NodeId, graphAxes(parameters)),
};
