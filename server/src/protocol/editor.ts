/**
 * What the language server says to an editor beyond the standard protocol, and the commands it
 * takes. Any client may ignore all of it: runs are then started by `workspace/executeCommand` and
 * their results arrive as diagnostics of source `bilevel run`.
 */
import type { RunResult } from './result.ts';

/** `workspace/executeCommand` commands of the server; the one argument is the document's uri. */
export const serverCommands = {
  run: 'bilevel.server.run',
  checkGradient: 'bilevel.server.checkGradient',
  cancel: 'bilevel.server.cancel',
} as const;

/** Trust of the number shown, or how the run failed there. */
export type AnnotationKind =
  | 'certified'
  | 'probabilistic'
  | 'estimated'
  | 'given'
  | 'diverged'
  | 'failed'
  | 'plain';

/** One end-of-line text at the statement that a number belongs to. */
export interface Annotation {
  /** 0-based line, in the text of version `textVersion`. */
  readonly line: number;
  readonly level: 'problem' | 'lower' | 'hypergradient' | 'upper' | 'expectation' | 'report';
  readonly text: string;
  readonly kind: AnnotationKind;
  readonly severity: 'information' | 'warning' | 'error';
  readonly hoverMarkdown: string;
}

/** Notification: the last run's results, sent again with `stale` at the first edit after it. */
export const resultsNotification = 'bilevel/results';
export interface ResultsParameters {
  readonly uri: string;
  /** The version of the text that ran. */
  readonly version: number;
  /** The version in which the lines are counted: a client whose text is newer moves them by its own edits since. */
  readonly textVersion: number;
  readonly stale: boolean;
  readonly annotations: readonly Annotation[];
}

/** Notification: what the solver does for a document. */
export const statusNotification = 'bilevel/status';
export interface StatusParameters {
  readonly uri: string;
  readonly state: 'idle' | 'running' | 'finished' | 'failed' | 'cancelled';
  readonly text: string;
  /** Of a run that finished: something in its result wants to be looked at. */
  readonly attention?: true;
  /** Process id of the solver while it works. */
  readonly solverProcess?: number;
}

/** Request: the JSON result of the document's last run, exactly what `bilevel run --json` prints. */
export const lastResultRequest = 'bilevel/lastResult';
export interface LastResultParameters {
  readonly uri: string;
}
export type LastResult = { readonly version: number; readonly result: RunResult } | null;

/** `initializationOptions`, all optional. */
export interface InitializationOptions {
  /** False: no file but the open ones is read and nothing is run. Default true. */
  readonly trusted?: boolean;
  /** True: the client has `clientCommands` itself, and code lenses name those. Default false. */
  readonly clientCommands?: boolean;
  /** True: the client draws `bilevel/results`; then good news are no diagnostics. Default false. */
  readonly drawsResults?: boolean;
  /** True: the client replaces `bilevel-formula:` addresses (mathematics.ts) by pictures. Default false. */
  readonly drawsFormulas?: boolean;
  /** True: the client opens `bilevel-reference:` addresses, the headings of the language reference. Default false. */
  readonly opensReference?: boolean;
}

/** Before the name of a heading of the language reference, in the links of hovers. */
export const referenceScheme = 'bilevel-reference:';

/** Commands of the client's own; the first argument is the document's uri. */
export const clientCommands = {
  run: 'bilevel.run',
  checkGradient: 'bilevel.checkGradient',
  cancel: 'bilevel.cancel',
  /** Takes a position besides: lets the author rename what stands there. */
  renameAt: 'bilevel.renameAt',
} as const;
