/** Hyperbolic tangent of each entry; |tanh'| <= 1, |tanh''| <= 4/(3 sqrt 3), |tanh'''| <= 2 (at 0). */
import { tanhSecond } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { number } from './formula.ts';
import { increasingImage } from './interval.ts';

const bounds = { 1: 1, 2: tanhSecond, 3: 2 } as const;

export const tanh = elementwiseAtom({
  name: 'tanh',
  documentation: {
    signature: 'tanh(t : any shape) : same shape',
    summary: 'hyperbolic tangent of each entry, between −1 and 1',
    formula: '(eᵗ − e⁻ᵗ)/(eᵗ + e⁻ᵗ)',
  },
  range: (t) => increasingImage(t, Math.tanh),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'concave' : t.upper <= 0 ? 'convex' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order) => number(bounds[order]),
  lower: (graph, t) => graph.unary('tanh', t),
});
