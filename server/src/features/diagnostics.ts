/**
 * Diagnostics of the text as the editor shows them: what is wrong, then why, then what to do, with the
 * places that explain it linked.
 */
import type { Diagnostic as EditorDiagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { Snapshot } from '../workspace/document.ts';

/** Of the text; those of a run have the source `bilevel run`. */
export const diagnosticSource = 'bilevel';

export const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function diagnosticsOf(snapshot: Snapshot): EditorDiagnostic[] {
  return snapshot.diagnostics.map((diagnostic) => editorDiagnostic(diagnostic, snapshot));
}

export function editorDiagnostic(diagnostic: Diagnostic, snapshot: Snapshot): EditorDiagnostic {
  const { code, severity, related = [] } = diagnostic;
  const { uri } = snapshot;
  return {
    range: snapshot.range(visible(diagnostic.span, snapshot.text)),
    severity: severities[severity],
    code,
    source: diagnosticSource,
    message: wordsOf(diagnostic),
    ...(code.startsWith('unused') ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map(({ span, message }) => ({
            location: { uri, range: snapshot.range(span) },
            message,
          })),
        }),
  };
}

/** One thing a line, in the words of the command line. */
export function wordsOf({ message, reason, remedy }: Diagnostic): string {
  return [message, reason, remedy].filter((part) => part !== undefined).join('\n');
}

/** An empty span would be shown nowhere in most editors: it takes a neighbouring character of its line. */
export function visible({ start, end }: Span, text: string): Span {
  if (end > start) return { start, end };
  const next = text[start];
  if (next !== undefined && next !== '\n' && next !== '\r') return { start, end: start + 1 };
  const before = text[start - 1];
  return before === undefined || before === '\n' || before === '\r'
    ? { start, end: start }
    : { start: start - 1, end: start };
}
