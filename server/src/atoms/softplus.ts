/**
 * softplus(t) = log(1 + e^t), a smooth max(t, 0); phi' is the logistic function, whose derivatives are
 * in sigmoid.ts. phi''(t) = e^-|t|/(1 + e^-|t|)² falls with |t|.
 */
import { sigmoid as logistic } from '../graph/scalar-functions.ts';
import { softplus as softplusValue } from '../graph/scalar-functions.ts';
import { farthest, logisticSlope } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import { add, divide, exponential, negate, one } from './formula.ts';
import { increasingImage } from './interval.ts';
import { logisticProfiles } from './sigmoid.ts';

export const softplusProfiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: logistic,
    extremes: [{ at: Infinity, size: 1 }],
    formula: (_lower, upper) => divide(one, add(one, exponential(negate(upper)))),
  },
  2: logisticProfiles[1],
  3: logisticProfiles[2],
};

export const softplus = elementwiseAtom({
  name: 'softplus',
  documentation: {
    signature: 'softplus(t : any shape) : same shape',
    summary: 'smooth positive part of each entry, without overflow',
    formula: 'ln(1 + eᵗ)',
  },
  range: (t) => increasingImage(t, softplusValue),
  monotonicity: () => 'increasing',
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(softplusProfiles[order], lower, upper),
  leastCurvature: (lower, upper) => logisticSlope(farthest(lower, upper)),
  lower: (graph, t) => graph.unary('softplus', t),
});
