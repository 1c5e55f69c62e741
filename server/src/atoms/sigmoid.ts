/** The logistic function of each entry; |phi'| <= 1/4, |phi''| <= 1/(6 sqrt 3), |phi'''| <= 1/8 (at 0). */
import { sigmoidSecond } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { number } from './formula.ts';
import { increasingImage } from './interval.ts';

const bounds = { 1: 1 / 4, 2: sigmoidSecond, 3: 1 / 8 } as const;

export const sigmoid = elementwiseAtom({
  name: 'sigmoid',
  documentation: {
    signature: 'sigmoid(t : any shape) : same shape',
    summary: 'logistic function of each entry, between 0 and 1',
    formula: '1/(1 + e⁻ᵗ)',
  },
  range: (t) => increasingImage(t, (end) => 1 / (1 + Math.exp(-end))),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'concave' : t.upper <= 0 ? 'convex' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order) => number(bounds[order]),
  lower: (graph, t) => graph.unary('sigmoid', t),
});
