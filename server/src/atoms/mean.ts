/** Mean of all entries. */
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';

export const mean: Atom = {
  name: 'mean',
  documentation: {
    signature: 'mean(x : any shape) : scalar',
    summary: 'mean of all entries',
    formula: '(1/n) Σᵢ xᵢ',
  },
  arity: [1, 1],
  shape: () => [],
  range: ([x]) => x?.range ?? wholeLine,
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, args) => {
    const [x] = args as readonly [NodeId];
    const count = graph.shape(x).reduce((product, size) => product * size, 1);
    // 1 / count would be a literal with an error of its own, which no rounding analysis sees.
    return graph.divide(graph.sum(x), graph.constant(count));
  },
};
