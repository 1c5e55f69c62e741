/** `-t`, entry by entry. */
import { elementwiseAtom } from './elementwise.ts';
import { number } from './formula.ts';
import { negateInterval } from './interval.ts';

export const negateAtom = {
  ...elementwiseAtom({
    name: 'negate',
    documentation: { signature: '-t : same shape', summary: 'negative of each entry', formula: '−t' },
    range: negateInterval,
    monotonicity: () => 'decreasing',
    curvature: () => 'affine',
    smoothness: Infinity,
    derivativeBound: (order) => number(order === 1 ? 1 : 0),
    leastCurvature: () => number(0),
    lower: (graph, t) => graph.negate(t),
  }),
  notation: '-',
};
