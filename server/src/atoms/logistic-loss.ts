/**
 * The loss of logistic regression at margin t = label times score: log(1 + e^-t) = softplus(-t).
 * Decreasing and convex; derivative bounds are those of softplus.
 */
import { elementwiseAtom } from './elementwise.ts';
import { negate } from './formula.ts';
import { decreasingImage } from './interval.ts';
import { softplus, softplusValue } from './softplus.ts';

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
  derivativeBound: (order, lower, upper, parameters) =>
    (softplus.derivativeBound as NonNullable<typeof softplus.derivativeBound>)(
      order,
      negate(upper),
      negate(lower),
      parameters,
    ),
  leastCurvature: (lower, upper, parameters) =>
    (softplus.leastCurvature as NonNullable<typeof softplus.leastCurvature>)(
      negate(upper),
      negate(lower),
      parameters,
    ),
  lower: (graph, t) => graph.unary('softplus', graph.negate(t)),
});
