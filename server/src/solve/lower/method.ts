/**
 * The contract of a lower-level method at fixed theta: find the root x* of the residual R, that is
 * minimise the mu-strongly convex g(., theta), or find the fixed point of Phi(., theta), whose
 * contraction factor is q = 1 − mu. Which kinds of lower level a method is for stands in the catalogue.
 * A method only takes steps; the monitor tests, counts and stops. Its rate is a theorem
 * ‖x_k − x*‖ <= rate(k) ‖x_0 − x*‖ about the points it passes to `monitor.iterate`, or null where no
 * theorem holds for the problem at hand. New methods: one file here, one line in index.ts.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import type { LowerMonitor } from './monitor.ts';

export type LowerMethodName =
  | 'gradient_descent'
  | 'heavy_ball'
  | 'fista'
  | 'conjugate_gradient'
  | 'fixed_point'
  | 'anderson'
  | 'proximal_gradient';

export interface LowerTask {
  /** Already moved to theta. */
  readonly problem: CountedProblem;
  /** Length d. */
  readonly start: Float64Array;
  /** Strong convexity, or 1 − q, for the stopping test and the returned bound. */
  readonly mu: Qualified;
  /** Constants that determine steps; L may be Infinity, then the step backtracks. */
  readonly stepMu: number;
  readonly stepL: number;
  /** Wanted bound of ‖x − x*‖, absolute; 0 asks for the rounding floor. */
  readonly tolerance: number;
  /** Wanted bound relative to max(1, ‖x‖); meeting either tolerance is enough. */
  readonly relative: number;
  /** Most iterations, when the author says; reaching them is then a normal end. */
  readonly iterations?: number;
  readonly cancellation: CancellationToken;
  /** Called at each tested point with its error bound. */
  readonly onProgress?: (iteration: number, bound: number) => void;
  /** Sees the iterates that the rate is about; for the conformance tests. */
  readonly observe?: (iteration: number, x: Float64Array) => void;
}

export interface LowerMethod {
  readonly name: LowerMethodName;
  readonly quadraticOnly: boolean;
  /** Works without a finite L, by backtracking where it needs one. */
  readonly backtracks: boolean;
  /** The proven factor after k iterations, or null. */
  rate(k: number, mu: number, L: number, quadratic: boolean): number | null;
  /** Iterations that gain a factor `reduction` in the error, by theory or experience. */
  iterationsFor(reduction: number, mu: number, L: number): number;
  run(task: LowerTask, monitor: LowerMonitor): void;
}

/**
 * tolerance, floor: done as well as asked, or as rounding permits. iterations: the author's limit.
 * stalled, diverged, cap: the method failed. The others explain themselves.
 */
export type LowerStop =
  | 'tolerance'
  | 'floor'
  | 'iterations'
  | 'cap'
  | 'stalled'
  | 'diverged'
  | 'not_finite'
  | 'budget'
  | 'cancelled';

export interface LowerSolution {
  /** The tested point. */
  readonly x: Float64Array;
  /** R(x), for a minimum g_x(x). */
  readonly gradient: Float64Array;
  readonly objective: number;
  /** ‖x − x*‖ is at most this: (‖R(x)‖ + rounding)/mu, rounded up. */
  readonly bound: Qualified;
  /** The part of the bound that is rounding alone. */
  readonly floor: number;
  readonly iterations: number;
  readonly stop: LowerStop;
  readonly method: LowerMethodName;
  /** Certified where a theorem covers the method on this problem. */
  readonly rateKind: 'certified' | 'estimated' | 'given';
  /** What was done instead of what was asked, and why. */
  readonly note?: string;
}
