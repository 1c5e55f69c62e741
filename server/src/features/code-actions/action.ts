/**
 * What a code action is before the editor sees it: edits of the text with a title, and what they claim (to mend a
 * diagnostic, to leave the problem's meaning as it is). Each source of actions proposes for the place of the
 * cursor; index.ts offers what the checker confirms.
 */
import type { CodeActionKind } from 'vscode-languageserver';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { RunResult } from '../../protocol/result.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { TextChange } from '../workspace-edit.ts';

export interface ProposedAction {
  readonly title: string;
  readonly kind: CodeActionKind;
  /** Disjoint. */
  readonly changes: readonly TextChange[];
  /** The diagnostic that is gone afterwards. */
  readonly mends?: Diagnostic;
  /** Both objectives mean the same afterwards. */
  readonly keepsMeaning?: boolean;
  readonly isPreferred?: boolean;
  /** A name that the action made up, at its offset in the new text: the author may want another one. */
  readonly renames?: number;
}

export interface ActionPlace {
  readonly snapshot: Snapshot;
  /** What is selected; empty at a cursor. */
  readonly selection: Span;
  /** Diagnostics that touch the selection. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of the last run, when it was of exactly this text. */
  readonly result: RunResult | undefined;
}

export type ActionSource = (place: ActionPlace) => readonly ProposedAction[];

export function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

export function changed(text: string, changes: readonly TextChange[]): string {
  return changes
    .toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)
    .reduce((all, { span, text: put }) => all.slice(0, span.start) + put + all.slice(span.end), text);
}

/** The line ends of the text, for lines that are put in. */
export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The white space at the beginning of the line with the offset. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/u.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The whole lines of a statement, when nothing else is on them; else the statement alone. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const from = lineStart(text, start);
  const after = /^[ \t]*(?:\r\n|\r|\n|$)/u.exec(text.slice(end));
  return text.slice(from, start).trim() === '' && after !== null
    ? { start: from, end: end + after[0].length }
    : { start, end };
}
