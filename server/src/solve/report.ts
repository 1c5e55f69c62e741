/** What a run or a single hypergradient hands back. Arrays are theta (p), x (d), h (p), end to end. */
import type { Qualified } from '../base/certainty.ts';
import type { Certificate } from './bounds/certificate.ts';
import type { Counts } from './counting.ts';
import type { LinearMethodName } from './linear/method.ts';
import type { LowerMethodName, LowerStop } from './lower/method.ts';
import type { LinearStop } from './linear/method.ts';
import type { Level, Status } from './outcome.ts';
import type { ProblemConstants } from './problem.ts';
import type { HistoryRecord } from './upper/history.ts';
import type { Verification } from './verify.ts';

export interface SolveReport {
  readonly status: Status;
  readonly advice: string;
  readonly level?: Level;
  readonly theta: Float64Array;
  readonly x: Float64Array;
  /** f(x, theta). */
  readonly objective: number;
  /** |F(theta) − objective| is at most this. */
  readonly objectiveError: Qualified;
  /** g(x, theta); absent for a fixed point. */
  readonly lowerObjective?: number;
  /** |g(x, theta) − g(x*, theta)| is at most this; present with it. */
  readonly lowerObjectiveError?: Qualified;
  readonly lowerMethod: LowerMethodName;
  /** Whether the lower method's rate is a theorem here. */
  readonly lowerRateKind: 'certified' | 'estimated' | 'given';
  readonly lowerStop: LowerStop;
  /** ‖x − x*‖ is at most this. */
  readonly lowerError: Qualified;
  readonly linearMethod: LinearMethodName;
  readonly linearStop: LinearStop;
  /** ‖H' q − f_x‖ as computed. */
  readonly linearResidual: number;
  readonly hypergradient: Float64Array;
  readonly hypergradientNorm: number;
  /** For example `implicit(cg)`. */
  readonly hypergradientMethod: string;
  readonly certificate: Certificate;
  /** ‖P(theta − h) − theta‖ */
  readonly stationarity: number;
  /** How far it may be from ‖P(theta − ∇F) − theta‖, errors of the projection included. */
  readonly stationarityError: Qualified;
  /** The projected step −h (of the last step length) is certified to descend. */
  readonly descentCertified: boolean;
  /** At the returned theta, for all x. */
  readonly constants: ProblemConstants;
  readonly counts: Counts & { readonly upperSteps: number };
  readonly history: readonly HistoryRecord[];
  readonly seconds: number;
  /** What was done instead of what was asked, and why. */
  readonly notes: readonly string[];
  readonly verification?: Verification;
}
