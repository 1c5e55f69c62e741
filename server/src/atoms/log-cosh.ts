/**
 * log cosh t, a smooth |t|: phi' = tanh, whose derivatives are in tanh.ts; phi'' = 1/cosh² t falls
 * with |t|. Lowered as softplus(2t) - t - log 2, which is smooth at 0 (the form with |t| would lose
 * the second derivative there) and does not overflow.
 */
import { farthest, hyperbolicSlope } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { add, divide, exponential, multiply, number, one, subtract } from './formula.ts';
import { absoluteInterval, increasingImage } from './interval.ts';
import { tanhProfiles } from './tanh.ts';

const profiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: (t) => Math.abs(Math.tanh(t)),
    extremes: mirrored({ at: Infinity, size: 1 }),
    formula: (lower, upper) => {
      const e = exponential(multiply(number(-2), farthest(lower, upper)));
      return divide(subtract(one, e), add(one, e));
    },
  },
  2: tanhProfiles[1],
  3: tanhProfiles[2],
};

export const logCosh = elementwiseAtom({
  name: 'log_cosh',
  documentation: {
    signature: 'log_cosh(t : any shape) : same shape',
    summary: 'logarithm of the hyperbolic cosine of each entry, a smooth absolute value',
    formula: 'ln cosh t',
  },
  range: (t) =>
    increasingImage(absoluteInterval(t), (end) =>
      // Beyond 20 the correction is below the rounding of t itself, and cosh may overflow.
      end > 20 ? end - Math.LN2 : Math.log(Math.cosh(end)),
    ),
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(profiles[order], lower, upper),
  leastCurvature: (lower, upper) => hyperbolicSlope(farthest(lower, upper)),
  lower: (graph, t) =>
    graph.subtract(
      graph.subtract(graph.unary('softplus', graph.scale(t, 2)), t),
      graph.unary('log', graph.constant(2)),
    ),
});
