/**
 * The contract of a linear method for A q = rhs at the current linearisation, A = H or its transpose.
 * H is symmetric with mu I <= H <= L I, or, where the lower level is a fixed point, H = I − d1Phi with
 * ‖d1Phi‖ <= 1 − mu, so that its singular values lie in [mu, L]. Every method returns a residual that
 * was recomputed from q, never a recurrence's, with a bound that covers rounding. Rates are theorems
 * ‖A q_k − rhs‖ <= rate(k) ‖rhs‖ from q_0 = 0. Which kinds a method is for stands in the catalogue.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { CountedProblem } from '../counting.ts';

export type LinearMethodName =
  | 'cg'
  | 'gradient_descent'
  | 'heavy_ball'
  | 'fixed_point'
  | 'gmres'
  | 'normal_cg';

export interface LinearTask {
  /** Already linearised at `centre`. */
  readonly problem: CountedProblem;
  /** x, of length d: where rounding bounds are asked for. */
  readonly centre: Float64Array;
  readonly rhs: Float64Array;
  /** A = H', the adjoint system; else A = H. */
  readonly transposed: boolean;
  /** Warm start; dropped when its residual is not smaller than that of 0. */
  readonly start?: Float64Array;
  readonly mu: number;
  readonly L: number;
  /** Residual norm wanted, absolute and relative to ‖rhs‖; meeting either is enough. */
  readonly tolerance: number;
  readonly relative: number;
  readonly iterations?: number;
  readonly cancellation: CancellationToken;
  readonly onProgress?: (iteration: number, residual: number) => void;
  readonly observe?: (iteration: number, q: Float64Array) => void;
}

export type LinearStop =
  | 'tolerance'
  | 'floor'
  | 'iterations'
  | 'cap'
  | 'stalled'
  | 'not_finite'
  | 'budget'
  | 'cancelled';

/** What a method leaves behind; the residual is A q − rhs as computed from q. */
export interface LinearIterate {
  readonly q: Float64Array;
  readonly residual: Float64Array;
  readonly iterations: number;
  readonly stop: LinearStop;
}

export interface LinearMethod {
  readonly name: LinearMethodName;
  /** Needs a finite L. */
  readonly needsSmoothness: boolean;
  rate(k: number, mu: number, L: number): number;
  iterationsFor(reduction: number, mu: number, L: number): number;
  /** `goal` is the absolute residual norm to reach, `floor` the rounding level of a residual at q. */
  run(
    task: LinearTask,
    first: LinearIterate,
    goal: number,
    floor: (q: Float64Array) => number,
  ): LinearIterate;
}

export interface LinearSolution {
  readonly q: Float64Array;
  /** The computed norm of A q − rhs. */
  readonly residualNorm: number;
  /** Upper bound of the exact residual norm at q for the rhs as stored. */
  readonly residualBound: number;
  /** The part of residualBound that is rounding. */
  readonly floor: number;
  readonly iterations: number;
  readonly stop: LinearStop;
  readonly method: LinearMethodName;
  readonly note?: string;
}
