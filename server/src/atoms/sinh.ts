/** Hyperbolic sine of each entry; phi' = phi''' = cosh, phi'' = phi. Lowered without cancellation at 0. */
import { elementwiseAtom } from './elementwise.ts';
import { farthest, nearest, positivePart } from './ball-bounds.ts';
import type { Formula } from './formula.ts';
import { add, divide, exponential, negate, number, subtract } from './formula.ts';
import { increasingImage } from './interval.ts';

/** (e^t + e^-t)/2 */
export function hyperbolicCosine(t: Formula): Formula {
  return divide(add(exponential(t), exponential(negate(t))), number(2));
}

/** (e^t − e^-t)/2 for t >= 0, infinite where t is. */
export function hyperbolicSine(t: Formula): Formula {
  return divide(subtract(exponential(t), exponential(negate(t))), number(2));
}

export const sinh = elementwiseAtom({
  name: 'sinh',
  documentation: {
    signature: 'sinh(t : any shape) : same shape',
    summary: 'hyperbolic sine of each entry',
    formula: '(eᵗ − e⁻ᵗ)/2',
  },
  range: (t) => increasingImage(t, Math.sinh),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0 ? 'convex' : t.upper <= 0 ? 'concave' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) =>
    (order === 2 ? hyperbolicSine : hyperbolicCosine)(farthest(lower, upper)),
  leastCurvature: (lower, upper) => hyperbolicSine(nearest(lower, upper)),
  bend: (way, lower, upper) => hyperbolicSine(positivePart(way === 'up' ? upper : negate(lower))),
  lower: (graph, t) =>
    graph.scale(graph.subtract(graph.unary('expm1', t), graph.unary('expm1', graph.negate(t))), 0.5),
});
