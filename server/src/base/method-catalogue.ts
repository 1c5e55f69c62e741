/**
 * Every method and option that `solve { … }` accepts, as data: the checker validates against it,
 * completion and hover read it, the solver's registries are tested to cover it.
 */

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
}

export interface MethodDescription {
  readonly axis: MethodAxis;
  readonly name: string;
  readonly summary: string;
  /** The equation or bound it rests on, with its source. */
  readonly reference: string;
  readonly options: readonly MethodOption[];
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

export const methodCatalogue: readonly MethodDescription[] = [
  {
    axis: 'lower',
    name: 'gradient_descent',
    summary: 'gradient descent with step 2/(L + mu)',
    reference: '‖x_k − x*‖ ≤ ((L − mu)/(L + mu))^k ‖x_0 − x*‖',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'lower',
    name: 'heavy_ball',
    summary: "Polyak's heavy ball; certified rate for quadratics, estimated otherwise",
    reference: '‖x_k − x*‖ ≤ q^k (1 + (1 + q) k) ‖x_0 − x*‖ for quadratics, q = (√L − √mu)/(√L + √mu)',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'lower',
    name: 'fista',
    summary: 'accelerated gradient for strongly convex objectives, step 1/L',
    reference: 'Chambolle & Pock 2016, Theorem 4.10',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'lower',
    name: 'conjugate_gradient',
    summary: 'conjugate gradients; quadratics only',
    reference: '‖x_k − x*‖ ≤ 2 √kappa q^k ‖x_0 − x*‖, q = (√kappa − 1)/(√kappa + 1)',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'linear',
    name: 'cg',
    summary: 'conjugate gradients on H q = f_x',
    reference: 'residual ≤ 2 √kappa q^k ‖f_x‖',
    options: [tolerance, relative, iterations],
  },
  {
    axis: 'linear',
    name: 'gradient_descent',
    summary: 'gradient descent on H q = f_x with step 2/(L + mu)',
    reference: 'residual ≤ ((L − mu)/(L + mu))^k ‖f_x‖',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'linear',
    name: 'heavy_ball',
    summary: 'heavy ball on H q = f_x',
    reference: 'residual ≤ q^k (1 + (1 + q) k) ‖f_x‖',
    options: [tolerance, relative, iterations, smoothness, convexity],
  },
  {
    axis: 'hypergradient',
    name: 'implicit',
    summary: 'implicit differentiation: h = f_theta − Jᵀ q with H q ≈ f_x',
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

/** Entries of `solve` that are numbers or switches rather than methods. */
export const solveSettings: readonly MethodOption[] = [
  {
    name: 'budget',
    type: 'integer',
    default: '100000',
    summary:
      'lower gradients plus Hessian products that the run may spend; the closing certificate may add a tenth, at least 1000',
    least: 1,
  },
  {
    name: 'warm_start',
    type: 'boolean',
    default: 'true',
    summary: 'start each lower and linear solve from the last solution',
  },
];

/** The names that may stand on the left of `expect`; they are the JSON result's. */
export const expectableQuantities: readonly { readonly name: string; readonly summary: string }[] = [
  { name: 'upper_objective', summary: 'F(theta) with its bound' },
  { name: 'lower_objective', summary: 'g at the returned lower point' },
  { name: 'lower_error', summary: 'bound of ‖x − x*‖' },
  { name: 'hypergradient_norm', summary: '‖h‖' },
  { name: 'hypergradient_error', summary: 'bound of ‖h − ∇F‖' },
  { name: 'relative_hypergradient_error', summary: 'bound of ‖h − ∇F‖ / ‖h‖' },
  { name: 'descent_certified', summary: '1 when −h (projected) is certified to descend, else 0' },
];
