/** Hyperbolic cosine of each entry, convex with phi'' = phi >= 1; phi' = phi''' = sinh. */
import { farthest, nearest } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import { absoluteInterval, increasingImage } from './interval.ts';
import { hyperbolicCosine, hyperbolicSine } from './sinh.ts';

export const cosh = elementwiseAtom({
  name: 'cosh',
  documentation: {
    signature: 'cosh(t : any shape) : same shape',
    summary: 'hyperbolic cosine of each entry',
    formula: '(eᵗ + e⁻ᵗ)/2',
  },
  range: (t) => increasingImage(absoluteInterval(t), Math.cosh),
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) =>
    (order === 2 ? hyperbolicCosine : hyperbolicSine)(farthest(lower, upper)),
  leastCurvature: (lower, upper) => hyperbolicCosine(nearest(lower, upper)),
  lower: (graph, t) =>
    graph.scale(graph.add(graph.unary('exp', t), graph.unary('exp', graph.negate(t))), 0.5),
});
