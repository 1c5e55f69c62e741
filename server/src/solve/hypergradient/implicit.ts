/**
 * The implicit hypergradient h = f_theta(x~) − J(x~)' q with H(x~)' q ≈ f_x(x~) (Pedregosa 2016;
 * Ehrhardt & Roberts 2023, Algorithm 1; for a fixed point Grazzi et al. 2020), with all that a certificate needs to know of the computation:
 * norms rounded up and the rounding of each part.
 */
import { normAbove, outward, unitRoundoff } from '../rounding.ts';
import type { CountedProblem } from '../counting.ts';
import type { LinearSolution } from '../linear/method.ts';
import type { LowerSolution } from '../lower/method.ts';

/** f and its gradients at (x, theta). */
export interface UpperValue {
  readonly objective: number;
  readonly gradientX: Float64Array;
  readonly gradientTheta: Float64Array;
}

export function upperValue(problem: CountedProblem, x: Float64Array): UpperValue {
  const gradientX = new Float64Array(problem.lowerSize);
  const gradientTheta = new Float64Array(problem.upperSize);
  const objective = problem.upper(x, gradientX, gradientTheta);
  return { objective, gradientX, gradientTheta };
}

/** One inexact hypergradient: x~, q and h with what bounds its error. */
export interface HypergradientPoint {
  readonly theta: Float64Array;
  readonly x: Float64Array;
  readonly lower: LowerSolution;
  readonly upper: UpperValue;
  readonly linear: LinearSolution;
  readonly q: Float64Array;
  /** h as computed, length p. */
  readonly h: Float64Array;
  /** Not below ‖R(x~)‖, for a minimum ‖g_x(x~)‖, rounding included, and the rounding alone. */
  readonly gradientBound: number;
  readonly gradientRounding: number;
  /** Not below ‖H(x~)' q − f_x(x~)‖ for the exact f_x, and the rounding alone. */
  readonly residualBound: number;
  readonly residualRounding: number;
  /** Not below the distance of h to f_theta(x~) − J(x~)' q in exact arithmetic. */
  readonly hRounding: number;
}

/** Completes a lower solution and a linear solution, both at `lower.x`, to a hypergradient. */
export function implicitHypergradient(
  problem: CountedProblem,
  theta: Float64Array,
  lower: LowerSolution,
  upper: UpperValue,
  linear: LinearSolution,
): HypergradientPoint {
  const { x } = lower;
  const { q } = linear;
  const h = new Float64Array(problem.upperSize);
  let hRounding = problem.rounding.upperGradientTheta(x);
  if (q.some((value) => value !== 0)) {
    problem.linearise(x);
    problem.jacobianTransposeProduct(q, h);
    hRounding += problem.rounding.jacobianTransposeProduct(x, q);
  }
  for (let i = 0; i < h.length; i++) h[i] = (upper.gradientTheta[i] as number) - (h[i] as number);
  const gradientRounding = problem.rounding.lowerGradient(x);
  const fxRounding = problem.rounding.upperGradientX(x);
  return {
    theta,
    x,
    lower,
    upper,
    linear,
    q,
    h,
    gradientBound: outward(normAbove(lower.gradient) + gradientRounding),
    gradientRounding,
    residualBound: outward(linear.residualBound + fxRounding),
    residualRounding: outward(linear.floor + fxRounding),
    // Each entry of the difference is rounded once.
    hRounding: outward(hRounding + 2 * unitRoundoff * normAbove(h)),
  };
}
