/**
 * What a method sees of a bilevel problem: values, gradients, products and constants on
 * Float64Arrays. theta has length `upperSize` (p), x length `lowerSize` (d), several unknowns of a
 * level laid end to end. f is the upper objective. The lower solution x* is a root of a residual R:
 * the gradient g_x of the lower objective, or x − Phi(x, theta) where the level is a fixed point (see
 * lower-kind.ts). H = R_x (d x d), J = R_theta (d x p); for a minimum these are g_xx and g_xtheta.
 * An implementation may cache: `moveTo` fixes theta, `linearise` fixes x for the products.
 */
import type { Qualified } from './certainty.ts';
import type { LowerKind } from './lower-kind.ts';
import type { Projected } from './projected.ts';

export interface BilevelProblem {
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind: LowerKind;
  /** R is affine in x for every theta: g is quadratic, or Phi affine. */
  readonly lowerIsQuadratic: boolean;
  /** Start of theta, already in the set. */
  readonly upperStart: Float64Array;
  /** True when theta is restricted to a set other than the whole space. */
  readonly upperIsConstrained: boolean;

  /** Euclidean projection of theta onto its set, a new array, and how far it may be off. */
  project(theta: Float64Array): Projected;

  /** Fixes theta for everything below; evaluates what depends on theta alone. */
  moveTo(theta: Float64Array): void;
  /** The start of x, which may depend on theta and the data. */
  lowerStart(): Float64Array;

  /** g(x, theta), 0 where there is no objective; writes R (d), for a minimum g_x, into `gradient`. */
  lower(x: Float64Array, gradient: Float64Array): number;
  /**
   * Moves x in place to where x* is known to lie, a set or a manifold, for methods whose steps leave it.
   * Absent: x* may lie anywhere.
   */
  retract?(x: Float64Array): void;
  /** f(x, theta); writes f_x (d) and f_theta (p). */
  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number;

  /** Fixes x for the products; evaluates what depends on (theta, x) alone. */
  linearise(x: Float64Array): void;
  /** out = H v; v, out of length d. */
  hessianProduct(v: Float64Array, out: Float64Array): void;
  /** out = H' v; absent where H is symmetric. */
  transposedHessianProduct?(v: Float64Array, out: Float64Array): void;
  /** out = J' q; q of length d, out of length p. */
  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void;
  /** out = J u; u of length p, out of length d. */
  jacobianProduct(u: Float64Array, out: Float64Array): void;

  /**
   * Constants at the current theta. mu, L hold for all x; L_H, L_J, L_fx, L_ftheta and the norm of J
   * on the ball around `centre`, or for all x when no ball is given. Infinite when not known.
   */
  constants(ball?: Ball): ProblemConstants;
  /**
   * What is left of the Lipschitz constants on the ball without what has no bound there, kinks that may be
   * crossed. Estimates, wanted where a constant is infinite. Absent: nothing is known.
   */
  finiteParts?(ball: Ball): FiniteParts | undefined;

  /**
   * Not below the norm of any subgradient of the lower objective (without its box) within `radius` of x.
   * Absent where R is the gradient of the lower objective.
   */
  lowerSlope?(x: Float64Array, radius: number): number;

  /** Bounds of the rounding errors of the evaluations above, at the current theta. */
  readonly rounding: RoundingBounds;
  /** What the lower level has beside g, in `proximal` problems: all of the above is of g alone then. */
  readonly proximal?: ProximalTerms;
}

export interface Ball {
  readonly centre: Float64Array;
  readonly radius: number;
}

export type LipschitzName = 'L_H' | 'L_J' | 'L_fx' | 'L_ftheta';

export interface FinitePart {
  readonly value: number;
  /** The parts of the text that have no bound, each once for every term. */
  readonly leftOut: readonly string[];
}

export type FiniteParts = Readonly<Record<LipschitzName, FinitePart>>;

/** sum_i w_i |x_i| + the indicator of a box, w depending on theta. */
export interface ProximalTerms {
  /** At the current theta, length d, not negative, and a bound of the error of any of them. */
  weights(): { readonly values: Float64Array; readonly error: number };
  /** Ends of the box, length d; infinite where there is none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** out = (dw/dtheta)' v, of length p; out = (dw/dtheta) u, of length d. */
  weightsTransposeProduct(v: Float64Array, out: Float64Array): void;
  weightsProduct(u: Float64Array, out: Float64Array): void;
  /** Bound of the rounding of the first product. */
  weightsRounding(v: Float64Array): number;
}

export interface ProblemConstants {
  /** Strong convexity of g in x: lambda_min(H) >= mu; for a fixed point 1 − q. Rounded down. */
  readonly mu: Qualified;
  /** Lipschitz constant of R in x. Rounded up, like all that follow. */
  readonly L: Qualified;
  /** Lipschitz constants in x of H and J (spectral norms), f_x and f_theta. */
  readonly L_H: Qualified;
  readonly L_J: Qualified;
  readonly L_fx: Qualified;
  readonly L_ftheta: Qualified;
  /** Bound of the spectral norm of J on the ball, or anywhere; of a proximal level with dw/dtheta. */
  readonly jacobianNorm: Qualified;
}

/** Each is an upper bound of the 2-norm (absolute value for scalars) of computed minus exact. */
export interface RoundingBounds {
  lowerObjective(x: Float64Array): number;
  lowerGradient(x: Float64Array): number;
  upperObjective(x: Float64Array): number;
  /** Of f_x(x). */
  upperGradientX(x: Float64Array): number;
  /** Of f_theta(x). */
  upperGradientTheta(x: Float64Array): number;
  /** Of H(x) v. */
  hessianProduct(x: Float64Array, v: Float64Array): number;
  /** Of H(x)' v; present with the product. */
  transposedHessianProduct?(x: Float64Array, v: Float64Array): number;
  /** Of J(x)' q. */
  jacobianTransposeProduct(x: Float64Array, q: Float64Array): number;
}
