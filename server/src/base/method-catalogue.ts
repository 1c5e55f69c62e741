/**
 * Every method and option that `solve { … }` accepts, as data: the checker validates against it,
 * completion and hover read it, the solver's registries are tested to cover it.
 */

import type { LowerKind } from './lower-kind.ts';

export type MethodAxis = 'lower' | 'linear' | 'hypergradient' | 'upper';

export interface MethodOption {
  readonly name: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'method';
  /** What happens when it is not given, in words. */
  readonly default: string;
  readonly summary: string;
  /** Smallest admissible value; `exclusive` when it must be larger. */
  readonly least?: number;
  readonly exclusive?: boolean;
  /** Admissible values are smaller than this. */
  readonly below?: number;
}

export interface MethodDescription {
  readonly axis: MethodAxis;
  readonly name: string;
  /** The kinds of lower level that the method is for; absent: all. */
  readonly fits?: readonly LowerKind[];
  readonly summary: string;
  /** The equation or bound it rests on, with its source. */
  readonly reference: string;
  readonly options: readonly MethodOption[];
  /** The step length that it takes by itself, from the constants of the lower objective. */
  readonly step?: { readonly formula: string; readonly of: (L: number, mu: number) => number };
  /** A positional argument, for example the linear solver in `implicit(cg(…))`. */
  readonly positional?: MethodAxis;
}

const tolerance: MethodOption = {
  name: 'tolerance',
  type: 'number',
  default: 'driven by the certificate',
  summary: 'absolute tolerance: certified distance at the lower level, residual of the linear system',
  least: 0,
};
const relative: MethodOption = {
  name: 'relative',
  type: 'number',
  default: 'none',
  summary: 'relative tolerance: times max(1, ‖x‖) at the lower level, times ‖f_x‖ for the linear system',
  least: 0,
};
const iterations: MethodOption = {
  name: 'iterations',
  type: 'integer',
  default: 'a multiple of the theoretical count',
  summary: 'most iterations of one solve',
  least: 1,
};
const smoothness: MethodOption = {
  name: 'L',
  type: 'number',
  default: 'derived from the text',
  summary: 'Lipschitz constant of the lower gradient, used for the step and labelled given',
  least: 0,
  exclusive: true,
};
const convexity: MethodOption = {
  name: 'mu',
  type: 'number',
  default: 'derived from the text',
  summary: 'strong convexity of the lower objective, used for the step and labelled given',
  least: 0,
  exclusive: true,
};

const contraction: MethodOption = {
  name: 'q',
  type: 'number',
  default: 'derived from the text',
  summary:
    'contraction factor of the map in the 2-norm, below 1, in place of the derived one and labelled given',
  least: 0,
  below: 1,
};

const minima: readonly LowerKind[] = ['minimum', 'proximal'];

export const methodCatalogue: readonly MethodDescription[] = [
  {
    axis: 'lower',
    name: 'gradient_descent',
    step: { formula: '2/(L + mu)', of: (L, mu) => 2 / (L + mu) },
    fits: ['minimum'],
    summary: 'gradient descent with step 2/(L + mu)',
    reference: '‖x_k − x*‖ ≤ ((L − mu)/(L + mu))^k ‖x_0 − x*‖',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'lower',
    name: 'heavy_ball',
    step: { formula: '4/(√L + √mu)²', of: (L, mu) => 4 / (Math.sqrt(L) + Math.sqrt(mu)) ** 2 },
    fits: ['minimum'],
    summary: "Polyak's heavy ball; certified rate for quadratics, estimated otherwise",
    reference: '‖x_k − x*‖ ≤ q^k (1 + (1 + q) k) ‖x_0 − x*‖ for quadratics, q = (√L − √mu)/(√L + √mu)',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'lower',
    name: 'fista',
    step: { formula: '1/L', of: (L) => 1 / L },
    fits: minima,
    summary: 'accelerated gradient for strongly convex objectives, proximal terms included, step 1/L',
    reference: 'Chambolle & Pock 2016, Theorem 4.10',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'lower',
    name: 'conjugate_gradient',
    fits: ['minimum'],
    summary: 'conjugate gradients; quadratics only',
    reference: '‖x_k − x*‖ ≤ 2 √kappa q^k ‖x_0 − x*‖, q = (√kappa − 1)/(√kappa + 1)',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'lower',
    name: 'proximal_gradient',
    fits: ['proximal'],
    summary: 'proximal gradient with step 1/L: soft thresholding and clipping after each gradient step',
    reference: '‖x_k − x*‖ ≤ (1 − mu/L)^k ‖x_0 − x*‖',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'lower',
    name: 'fixed_point',
    fits: ['fixed_point'],
    summary: 'Picard iteration x ← Phi(x)',
    reference: '‖x_k − x*‖ ≤ q^k ‖x_0 − x*‖ (Banach)',
    options: [tolerance, relative, iterations, contraction],
  },
  {
    axis: 'lower',
    name: 'anderson',
    fits: ['fixed_point'],
    summary: 'Anderson acceleration of the fixed-point iteration, never slower than it per step',
    reference: '‖x_k − x*‖ ≤ (1 + q)/(1 − q) q^k ‖x_0 − x*‖; Anderson 1965, Walker & Ni 2011',
    options: [tolerance, relative, iterations, contraction],
  },
  {
    axis: 'linear',
    name: 'cg',
    fits: minima,
    summary: 'conjugate gradients on H q = f_x',
    reference: 'residual ≤ 2 √kappa q^k ‖f_x‖',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'linear',
    name: 'gradient_descent',
    fits: minima,
    summary: 'gradient descent on H q = f_x with step 2/(L + mu)',
    reference: 'residual ≤ ((L − mu)/(L + mu))^k ‖f_x‖',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'linear',
    name: 'heavy_ball',
    fits: minima,
    summary: 'heavy ball on H q = f_x',
    reference: 'residual ≤ q^k (1 + (1 + q) k) ‖f_x‖',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'linear',
    name: 'fixed_point',
    fits: ['fixed_point'],
    summary: 'fixed-point (Neumann) iteration v ← d1Phiᵀ v + f_x',
    reference: 'residual ≤ q^k ‖f_x‖; Grazzi, Franceschi, Pontil & Salzo 2020 (AID-FP)',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'linear',
    name: 'gmres',
    fits: ['fixed_point'],
    summary: 'generalised minimal residuals on (I − d1Phiᵀ) v = f_x, restarted',
    reference: 'residual ≤ q^k ‖f_x‖; Saad & Schultz 1986',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'linear',
    name: 'normal_cg',
    summary:
      'conjugate gradients on the normal equations, for any invertible system; two products an iteration',
    reference: 'residual ≤ 2 ((kappa − 1)/(kappa + 1))^k ‖f_x‖; Hestenes & Stiefel 1952',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'hypergradient',
    name: 'implicit',
    summary: 'implicit differentiation: h = f_theta − Jᵀ q with Hᵀ q ≈ f_x',
    reference: 'Ehrhardt & Roberts 2023; Pedregosa 2016',
    options: [],
    positional: 'linear',
  },
  {
    axis: 'upper',
    name: 'projected_gradient',
    summary: 'theta ← P(theta − step · h); without a step, a line search on certified values',
    reference: 'Salehi, Mukherjee, Roberts & Ehrhardt (MAID), Algorithms 3.1 and 3.2',
    options: [
      {
        name: 'step',
        type: 'number',
        default: 'certified line search',
        summary: 'fixed step length',
        least: 0,
        exclusive: true,
      },
      {
        name: 'tolerance',
        type: 'number',
        default: '1e-3 of the first projected-gradient norm',
        summary: 'converged when the projected-gradient norm plus its bound is at most this',
        least: 0,
      },
      {
        name: 'steps',
        type: 'integer',
        default: 'until converged or the budget is spent',
        summary: 'most upper steps',
        least: 0,
      },
    ],
  },
];

/** The methods of an axis that fit a kind of lower level. */
export function methodsFor(axis: MethodAxis, kind: LowerKind): readonly MethodDescription[] {
  return methodCatalogue.filter((method) => method.axis === axis && (method.fits?.includes(kind) ?? true));
}

/** Entries of `solve` that are numbers or switches rather than methods. */
export const solveSettings: readonly MethodOption[] = [
  {
    name: 'budget',
    type: 'integer',
    default: '100000',
    summary:
      'lower gradients (or evaluations of the map) plus Hessian products that the run may spend; the closing certificate may add a tenth, at least 1000',
    least: 1,
  },
  {
    name: 'warm_start',
    type: 'boolean',
    default: 'true',
    summary: 'start each lower and linear solve from the last solution',
  },
];

/** The names that `expect` compares; they are the JSON result's, words joined by `_`. */
export const expectableQuantities: readonly { readonly name: string; readonly summary: string }[] = [
  { name: 'upper_objective', summary: 'F(theta) with its bound' },
  { name: 'upper_objective_error', summary: 'bound of |F(theta) − f(x, theta)|' },
  { name: 'stationarity', summary: '‖P(theta − ∇F) − theta‖ with its bound' },
  { name: 'lower_objective', summary: 'g at the lower solution with its bound; a fixed point has none' },
  { name: 'lower_error', summary: 'bound of ‖x − x*‖' },
  { name: 'hypergradient_norm', summary: '‖h‖' },
  { name: 'hypergradient_error', summary: 'bound of ‖h − ∇F‖' },
  { name: 'relative_hypergradient_error', summary: 'bound of ‖h − ∇F‖ / ‖h‖' },
  { name: 'rounding_floor', summary: 'the part of the bound of ‖h − ∇F‖ that rounding alone makes' },
  { name: 'polishing_steps', summary: 'Newton steps of the closing certificate' },
  { name: 'descent_certified', summary: '1 when −h (projected) is certified to descend, else 0' },
  { name: 'converged', summary: '1 when the run ended converged, else 0' },
  { name: 'mu', summary: 'strong convexity of the lower objective at the end' },
  { name: 'L', summary: 'Lipschitz constant of the lower gradient at the end' },
  { name: 'L_H', summary: 'Lipschitz constant of the lower Hessian at the end' },
  { name: 'L_J', summary: 'Lipschitz constant of the mixed Jacobian at the end' },
  { name: 'L_fx', summary: 'Lipschitz constant in x of f_x at the end' },
  { name: 'L_ftheta', summary: 'Lipschitz constant in x of f_theta at the end' },
  { name: 'jacobian_norm', summary: 'bound of the norm of the mixed Jacobian at the end' },
  { name: 'lower_gradients', summary: 'lower gradients spent, the closing certificate included' },
  { name: 'hessian_products', summary: 'Hessian products spent' },
  { name: 'jacobian_products', summary: 'products with the mixed Jacobian spent' },
  { name: 'upper_gradients', summary: 'upper gradients spent' },
  { name: 'upper_steps', summary: 'upper steps taken' },
  { name: 'seconds', summary: 'from the text to the answer' },
];
