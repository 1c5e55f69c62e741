/**
 * The messages between a front (language server or command line) and the solver process, one file
 * for both directions. A front sends requests; the process answers each id with progress messages
 * and exactly one last message, an `Answer`. `cancel` is acknowledged at once by `cancelling`, then
 * the run ends with `finished` of status `cancelled`, or with `cancelled` where no iterate existed yet.
 * A process that dies is reported by the handle as `failed`.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { RunResult, RunWarning } from './result.ts';

/** What to work on: the text itself, so that unsaved edits run. */
export interface Source {
  readonly text: string;
  /** Absolute path of the .bilevel file; data paths are relative to its folder. */
  readonly path: string;
}

export interface Adjustments {
  /** `--set name=value`: dimensions, scalar lets and starts of upper unknowns. */
  readonly set?: Readonly<Record<string, number>>;
  /** `--option solve.path=value`, for example `lower.tolerance` → 0.1. */
  readonly options?: Readonly<Record<string, string>>;
  readonly seed?: number;
}

/** theta end to end, or by name; a name that is not given has its start in the file. */
export type UpperPoint = readonly number[] | Readonly<Record<string, readonly number[]>>;

export type SolverRequest =
  | {
      readonly id: number;
      readonly kind: 'run';
      readonly source: Source;
      readonly adjustments: Adjustments;
      /** Where the run starts; absent: the start in the file. */
      readonly at?: UpperPoint;
    }
  | {
      readonly id: number;
      readonly kind: 'gradient';
      readonly source: Source;
      readonly adjustments: Adjustments;
      readonly at?: UpperPoint;
      readonly verify: boolean;
    }
  /** Dimensions and constants with numbers, at the start. */
  | {
      readonly id: number;
      readonly kind: 'describe';
      readonly source: Source;
      readonly adjustments: Adjustments;
    }
  | { readonly id: number; readonly kind: 'cancel'; readonly target: number };

export interface Progress {
  readonly phase: 'reading' | 'compiling' | 'lower' | 'hypergradient' | 'polishing' | 'upper' | 'verifying';
  /** One line with the real quantity, for a person: `step 3: F = 0.5312, ‖h‖ = 2.1e-3 ± 4.0e-5`. */
  readonly text: string;
  readonly upperStep?: number;
  readonly objective?: number;
  readonly hypergradientNorm?: number;
  readonly hypergradientBound?: number;
  readonly lowerBound?: number;
  readonly products?: number;
  readonly budget?: number;
}

export interface Description {
  readonly dimensions: Readonly<Record<string, { readonly value: number; readonly origin: string }>>;
  readonly unknowns: readonly {
    readonly level: 'upper' | 'lower';
    readonly name: string;
    readonly shape: readonly number[];
  }[];
  readonly data: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly density: number;
  }[];
  readonly curvature: string;
  readonly constants: RunResult['constants'];
  readonly methods: Readonly<Record<string, string>>;
  /** What the file or the command says and the constants at the start refute. */
  readonly warnings?: readonly RunWarning[];
  /** `sample` entries: how many rows of which arrays a minibatch would have. */
  readonly samples: readonly {
    readonly dimension: string;
    readonly size: number;
    readonly arrays: readonly string[];
  }[];
}

export type SolverMessage =
  /** The request to cancel has been seen. */
  | { readonly id: number; readonly kind: 'cancelling' }
  | { readonly id: number; readonly kind: 'progress'; readonly progress: Progress }
  | { readonly id: number; readonly kind: 'finished'; readonly result: RunResult }
  | { readonly id: number; readonly kind: 'described'; readonly description: Description }
  /** The file or its data has errors; nothing was run. */
  | { readonly id: number; readonly kind: 'rejected'; readonly diagnostics: readonly Diagnostic[] }
  /** Cancelled before there was an iterate, or ended by force; `lastProgress` is what was last heard. */
  | { readonly id: number; readonly kind: 'cancelled'; readonly lastProgress?: Progress }
  /** The process died, or a defect of the program itself: the message names the stage. */
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly message: string;
      readonly lastProgress?: Progress;
    };

/** The messages that end a request; each id gets exactly one. */
export type Answer = Exclude<SolverMessage, { kind: 'progress' | 'cancelling' }>;
