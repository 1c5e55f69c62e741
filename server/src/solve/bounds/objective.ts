/**
 * The true upper objective from an inexact lower solution: |F(theta) − f(x~, theta)| <=
 * ‖f_x(x~)‖ eps + L_fx eps²/2 + rounding, for eps >= ‖x~ − x*‖ and L_fx valid on B(x~, eps)
 * (descent lemma). These are U+ and U− of MAID (Salehi, Mukherjee, Roberts & Ehrhardt 2023).
 */
import { weakest } from '../../base/certainty.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import type { HypergradientPoint, UpperValue } from '../hypergradient/implicit.ts';
import { normAbove, outward, times } from '../rounding.ts';
import type { DistanceBound } from './theorem-a.ts';

export interface ObjectiveBound extends Qualified {
  /** The part of the bound that rounding alone makes. */
  readonly floor: number;
}

/** Bound of |F − f(x~)|, the problem standing at theta. */
export function objectiveError(
  problem: CountedProblem,
  x: Float64Array,
  upper: UpperValue,
  distance: DistanceBound,
): ObjectiveBound {
  const { epsilon, constants } = distance;
  const slope = normAbove(upper.gradientX) + problem.rounding.upperGradientX(x);
  const rounding = problem.rounding.upperObjective(x);
  const value = outward(
    times(slope, epsilon) + times(constants.L_fx.value, times(epsilon, epsilon) / 2) + rounding,
  );
  return {
    value: Number.isNaN(value) ? Infinity : value,
    ...weakest([...distance.grounds, constants.L_fx]),
    floor: rounding,
  };
}

/**
 * Bound of |g(x~) − g(x*)| by convexity: g(x~) − g(x*) <= s'(x~ − x*) for a subgradient s at x~, and the other way
 * round for one at x*, which is 0 where g is smooth and free. `distance` is that of x~ to x*.
 */
export function lowerObjectiveError(
  problem: CountedProblem,
  { x, gradientBound }: HypergradientPoint,
  distance: Qualified,
): Qualified {
  const slope = problem.problem.lowerSlope?.(x, distance.value) ?? gradientBound;
  const value = outward(times(slope, distance.value) + problem.rounding.lowerObjective(x));
  return { ...distance, value: Number.isNaN(value) ? Infinity : value };
}
