/**
 * Theorem A, the a posteriori certificate of an implicit hypergradient. For any x~ and q with
 * eps >= ‖x~ − x*‖, R >= ‖H(x~)' q − f_x(x~)‖ and constants valid on the ball B(x~, eps):
 *   ‖h − ∇F‖ <= omega = L_ftheta eps + L_J eps ‖q‖ + ‖J‖ (R + (L_fx + L_H ‖q‖) eps)/m + rounding of h.
 * Proof: h − ∇F = (f_theta~ − f_theta*) − (J~ − J*)'q − J*'(q − v*), H*' v* = f_x*, and
 * q − v* = H*'^-1 [(H* − H~)'q + (H~'q − f_x~) + (f_x~ − f_x*)]. ‖J‖ bounds J on the ball, m bounds
 * sigma_min(H*), for a symmetric H its smallest eigenvalue, from below. Nothing else is asked of H, so
 * the same bound holds for a fixed point, with H = I − d1Phi, J = −d2Phi and m >= 1 − q (Theorem B).
 * With lam <= sigma_min(H(x~)) certified, eps and m are sharpened:
 * mean-value Hessian, Newton–Kantorovich (Ortega & Rheinboldt 1970, 12.6.2), and m = lam − L_H eps.
 * Every quantity is rounded so that omega is not below its exact value.
 */
import { weakest } from '../../base/certainty.ts';
import type { Certainty, Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import type { HypergradientPoint } from '../hypergradient/implicit.ts';
import type { ProblemConstants } from '../problem.ts';
import { differenceBelow, normAbove, outward, times } from '../rounding.ts';

/** What is known at x~ beyond the structural constants. */
export interface LocalKnowledge {
  /** Not above sigma_min(H(x~)). */
  readonly curvature?: Qualified;
  /** Not below ‖J(x~)‖. */
  readonly jacobianNorm?: Qualified;
}

export interface DistanceBound {
  /** Not below ‖x~ − x*‖. */
  readonly epsilon: number;
  /** Not above sigma_min(H(x*)). */
  readonly strongConvexity: number;
  /** On the ball of radius epsilon, or a larger one. */
  readonly constants: ProblemConstants;
  /** What the numbers rest on. */
  readonly grounds: readonly Qualified[];
}

export interface TheoremABound {
  readonly omega: number;
  readonly kind: Certainty;
  readonly failureProbability?: number;
  readonly distance: DistanceBound;
  /** omega = lowerPart + linearPart + hRounding. */
  readonly lowerPart: number;
  readonly linearPart: number;
  /** What omega would be if only rounding errors were left. */
  readonly roundingFloor: number;
}

/** Bounds ‖x~ − x*‖ from ‖R(x~)‖ <= gradientBound, and sigma_min(H(x*)). */
export function boundDistance(
  problem: CountedProblem,
  x: Float64Array,
  gradientBound: number,
  mu: Qualified,
  curvature?: Qualified,
): DistanceBound {
  let epsilon = mu.value > 0 ? outward(gradientBound / mu.value) : Infinity;
  const constantsAt = (radius: number): ProblemConstants =>
    problem.constants(Number.isFinite(radius) ? { centre: x, radius } : undefined);
  let constants = constantsAt(epsilon);
  // A curvature that varies at an unknown rate says nothing about x*: mu alone keeps the bound certified.
  const varies = constants.L_H.kind === 'estimated';
  if (curvature === undefined || !(curvature.value > mu.value) || varies) {
    return { epsilon, strongConvexity: mu.value, constants, grounds: [mu] };
  }
  let sharpened = false;
  // Each round shrinks the ball and with it L_H; four rounds gain all but a few per cent.
  for (let round = 0; round < 4; round++) {
    const next = sharpenDistance(gradientBound, curvature.value, constants.L_H.value, epsilon);
    if (!(next < epsilon)) break;
    const gained = next < 0.8 * epsilon;
    epsilon = next;
    sharpened = true;
    if (!gained) break;
    constants = constantsAt(epsilon);
  }
  const shifted = differenceBelow(curvature.value, outward(times(constants.L_H.value, epsilon)));
  const strongConvexity = Math.max(mu.value, shifted);
  const grounds = sharpened || shifted > mu.value ? [mu, curvature, constants.L_H] : [mu];
  return { epsilon, strongConvexity, constants, grounds };
}

/**
 * A bound not above `epsilon`, given that `epsilon` is one and L_H holds on its ball. The guards 3/4 and
 * 0.49 keep the subtractions so far from cancelling that `outward` covers their rounding.
 */
function sharpenDistance(
  gradient: number,
  curvature: number,
  hessianLipschitz: number,
  epsilon: number,
): number {
  let best = epsilon;
  const bend = times(hessianLipschitz, epsilon) / 2;
  if (bend < 0.75 * curvature) best = Math.min(best, outward(gradient / (curvature - bend)));
  const ratio = times(hessianLipschitz, gradient) / curvature / curvature;
  if (ratio <= 0.49) {
    const kantorovich = outward((2 * (gradient / curvature)) / (1 + Math.sqrt(1 - 2 * ratio)), 1024);
    // The theorem's ball must lie where L_H holds.
    if (kantorovich <= epsilon) best = Math.min(best, kantorovich);
  }
  return best;
}

/** Theorem A at a point. `mu` is the strong convexity to use (the problem's, or the author's). */
export function theoremA(
  problem: CountedProblem,
  point: HypergradientPoint,
  mu: Qualified,
  local: LocalKnowledge = {},
): TheoremABound {
  const distance = boundDistance(problem, point.x, point.gradientBound, mu, local.curvature);
  const { epsilon, constants } = distance;
  const m = Math.max(0, distance.strongConvexity);
  const { L_H, L_J, L_fx, L_ftheta } = constants;
  const q = normAbove(point.q);
  let jacobian = constants.jacobianNorm;
  if (local.jacobianNorm !== undefined) {
    const shifted = local.jacobianNorm.value + times(L_J.value, epsilon);
    if (shifted < jacobian.value) jacobian = { ...local.jacobianNorm, value: shifted };
  }
  const perDistance =
    L_ftheta.value + times(L_J.value, q) + times(jacobian.value, (L_fx.value + times(L_H.value, q)) / m);
  const lowerPart = outward(times(perDistance, epsilon));
  const perResidual = jacobian.value / m;
  const linearPart = outward(times(perResidual, point.residualBound));
  const omega = outward(lowerPart + linearPart + point.hRounding);
  const roundingShare = point.gradientBound > 0 ? point.gradientRounding / point.gradientBound : 0;
  // Without strong convexity, or with a constant that is NaN, there is no bound.
  const known = (value: number): number => (m > 0 && !Number.isNaN(value) ? value : Infinity);
  return {
    omega: known(omega),
    ...weakest([...distance.grounds, L_H, L_J, L_fx, L_ftheta, jacobian]),
    distance,
    lowerPart,
    linearPart,
    // A constant that is infinite on this ball may be finite on a smaller one: rounding is not to blame.
    roundingFloor:
      m > 0 && lowerPart === Infinity
        ? 0
        : known(
            outward(
              times(lowerPart, roundingShare) + times(perResidual, point.residualRounding) + point.hRounding,
            ),
          ),
  };
}
