/**
 * What a stage says about a text. Every diagnostic has a code (listed once in check/diagnostics.ts),
 * an exact span, one sentence that says what is wrong, the reason, and a remedy.
 */
import type { Span } from './span.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Another place that explains the diagnostic, for example where a dimension was bound. */
export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** One edit that mends the diagnostic, offered as a quick fix. */
export interface Fix {
  readonly title: string;
  readonly span: Span;
  readonly replacement: string;
}

export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** What is wrong, with both sides named; one sentence. */
  readonly message: string;
  /** Why: the rule and the subexpression that broke it. */
  readonly reason?: string;
  /** What to do. */
  readonly remedy?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
}
