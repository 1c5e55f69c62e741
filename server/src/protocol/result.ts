/**
 * The result of a run as it leaves the solver: what `--json` prints and the editor shows, one type
 * for both. Field names are stable. Numbers that are not finite travel as strings.
 */
import type { Certainty } from '../base/certainty.ts';
import type { LowerKind } from '../base/lower-kind.ts';

/** A number; `NaN`, `Infinity` and `-Infinity` as strings. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export interface JsonArray {
  readonly shape: readonly number[];
  /** Row-major; absent when written to `file`. */
  readonly data?: readonly JsonNumber[];
  /** Name of the .npy file in the output folder. */
  readonly file?: string;
}

export interface JsonBound {
  readonly bound: JsonNumber;
  readonly kind: Certainty;
  readonly failureProbability?: number;
}

export interface JsonConstant {
  readonly value: JsonNumber;
  readonly kind: Certainty;
  readonly failureProbability?: number;
  /** `line:column` of the term responsible. */
  readonly from: string;
  readonly formula: string;
}

export interface HistoryEntry {
  readonly step: number;
  readonly objective: JsonNumber;
  readonly hypergradientNorm: JsonNumber;
  readonly hypergradientBound: JsonNumber;
  readonly lowerIterations: number;
  readonly linearIterations: number;
  readonly lowerTolerance: JsonNumber;
  readonly linearTolerance: JsonNumber;
  readonly stepLength: JsonNumber;
  readonly seconds: number;
}

export interface RunResult {
  /** A name of solve/outcome.ts. */
  readonly status: string;
  readonly advice: string;
  readonly upper: {
    readonly objective: JsonNumber;
    /** |F(theta) - objective| is at most this. */
    readonly objectiveError: JsonBound;
    /** ‖P(theta - h) - theta‖ */
    readonly stationarity: JsonNumber;
    /** |stationarity - ‖P(theta - ∇F) - theta‖| is at most this. */
    readonly stationarityError: JsonBound;
    readonly variables: Readonly<Record<string, JsonArray>>;
  };
  readonly lower: {
    /** What determines the solution; absent: a minimum. */
    readonly kind?: LowerKind;
    /** g at the returned point; a fixed point has none. */
    readonly objective?: JsonNumber;
    /** |g − g at the lower solution| is at most this; present with it. */
    readonly objectiveError?: JsonBound;
    readonly variables: Readonly<Record<string, JsonArray>>;
    readonly method: string;
    /** Whether the method's rate is a theorem here; its stopping test is certified in any case. */
    readonly rate?: Certainty;
    readonly error: JsonBound;
  };
  readonly hypergradient: {
    readonly norm: JsonNumber;
    /** For `gradient`: one array per upper unknown. */
    readonly variables?: Readonly<Record<string, JsonArray>>;
    readonly method: string;
    readonly error: JsonBound;
    /** bound / norm */
    readonly relativeError: JsonNumber;
    /** The part of the bound that rounding alone makes. */
    readonly roundingFloor: JsonNumber;
    readonly polishingSteps: number;
    readonly descentCertified: boolean;
    /** For `gradient --verify`. */
    readonly verification?: Verification;
  };
  readonly constants: Readonly<Record<string, JsonConstant>>;
  readonly counts: {
    readonly lowerGradients: number;
    readonly hessianProducts: number;
    readonly jacobianProducts: number;
    readonly upperGradients: number;
    readonly upperSteps: number;
  };
  readonly history: readonly HistoryEntry[];
  /** The entries of the `report` block by name. */
  readonly report?: Readonly<Record<string, ReportedResult>>;
  readonly expectations: readonly ExpectationResult[];
  /** What was done instead of what was asked, and why; one sentence each. */
  readonly notes?: readonly string[];
  /** What the file or the command says and the numbers refute. */
  readonly warnings?: readonly RunWarning[];
  /** From the text to the answer: reading, compiling and solving. */
  readonly seconds: number;
}

export interface RunWarning {
  /** 1-based; absent for what was given from outside the file. */
  readonly line?: number;
  /** What is wrong, in a few words; `text` says besides what follows and what to do. */
  readonly summary: string;
  readonly text: string;
}

export interface ReportedResult {
  /** 1-based. */
  readonly line: number;
  readonly value: JsonNumber | JsonArray;
  /** The 2-norm of value − exact, over all entries, is at most this. */
  readonly error: JsonBound;
  /** Spent on solving the lower level again, where other data ask for that. */
  readonly lowerGradients?: number;
}

export interface Verification {
  /** Relative distance to the exact hypergradient (dense solve at a polished lower solution). */
  readonly exactRelativeError: JsonNumber;
  /** Relative distance to Richardson-extrapolated central differences along sampled directions. */
  readonly differenceRelativeError: JsonNumber;
  readonly differenceDirections: number;
  /** True error at most the bound. */
  readonly boundHolds: boolean;
}

export interface ExpectationResult {
  readonly line: number;
  readonly text: string;
  readonly holds: boolean;
  readonly reason: string;
}
