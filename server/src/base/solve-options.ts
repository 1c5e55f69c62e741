/**
 * How a run is to be done, after defaults: the checker makes it of the `solve` block and of options
 * set from outside, the solver obeys it. An absent tolerance means: driven by the certificate.
 */
export interface IterationOptions {
  /** Absolute. */
  readonly tolerance?: number;
  /** Relative to max(1, ‖x‖) (lower) or ‖f_x‖ (linear). */
  readonly relative?: number;
  readonly iterations?: number;
  /** Given by the author in place of the derived constants, labelled given. */
  readonly L?: number;
  readonly mu?: number;
  /** Of a fixed point: given in place of the derived contraction factor. */
  readonly q?: number;
}

export interface LowerOptions extends IterationOptions {
  readonly method:
    | 'automatic'
    | 'gradient_descent'
    | 'heavy_ball'
    | 'fista'
    | 'conjugate_gradient'
    | 'fixed_point'
    | 'anderson'
    | 'proximal_gradient';
}

export interface LinearOptions extends IterationOptions {
  readonly method:
    | 'automatic'
    | 'cg'
    | 'gradient_descent'
    | 'heavy_ball'
    | 'fixed_point'
    | 'gmres'
    | 'normal_cg';
}

export interface HypergradientOptions {
  readonly method: 'implicit';
  readonly linear: LinearOptions;
}

export interface UpperOptions {
  readonly method: 'projected_gradient';
  /** Absent: the certified line search. */
  readonly step?: number;
  readonly tolerance?: number;
  readonly steps?: number;
}

export interface SolveOptions {
  readonly lower: LowerOptions;
  readonly hypergradient: HypergradientOptions;
  readonly upper: UpperOptions;
  readonly budget: number;
  readonly warmStart: boolean;
  /** Seed of random starts (Lanczos); a missing seed is 0. */
  readonly seed: number;
}

export const defaultSolveOptions: SolveOptions = {
  lower: { method: 'automatic' },
  hypergradient: { method: 'implicit', linear: { method: 'automatic' } },
  upper: { method: 'projected_gradient' },
  budget: 100_000,
  warmStart: true,
  seed: 0,
};
