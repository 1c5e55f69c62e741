/**
 * The loss of logistic regression at margin t = label times score: log(1 + e^-t) = softplus(-t).
 * Decreasing and convex; derivative bounds are those of softplus.
 */
import { softplus as softplusValue } from '../graph/scalar-functions.ts';
import { farthest, logisticSlope } from './ball-bounds.ts';
import { profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { negate } from './formula.ts';
import { decreasingImage } from './interval.ts';
import { softplusProfiles } from './softplus.ts';

export const logisticLoss = elementwiseAtom({
  name: 'logistic_loss',
  documentation: {
    signature: 'logistic_loss(t : any shape) : same shape',
    summary: 'loss of logistic regression at margin t (label −1 or 1 times score), without overflow',
    formula: 'ln(1 + e⁻ᵗ)',
  },
  range: (t) => decreasingImage(t, (end) => softplusValue(-end)),
  monotonicity: () => 'decreasing',
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) =>
    profileBound(softplusProfiles[order], negate(upper), negate(lower)),
  leastCurvature: (lower, upper) => logisticSlope(farthest(lower, upper)),
  lower: (graph, t) => graph.unary('softplus', graph.negate(t)),
});
