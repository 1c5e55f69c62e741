/**
 * The JSON that leaves the command line: an object per line's depth, but a list of numbers on one line, so
 * that a result can be read by a person too.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { LineIndex } from '../base/span.ts';
import type { SourceText } from '../terminal/diagnostic-text.ts';

export function formatJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== 'object' || entry === null)) return JSON.stringify(value);
    return `[\n${value.map((entry) => deeper + formatJson(entry, deeper)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  const lines = members.map(
    ([key, member]) => `${deeper}${JSON.stringify(key)}: ${formatJson(member, deeper)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** A diagnostic with its place in words that do not need the text. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly file: string;
  /** Both 1-based. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly reason?: string;
  readonly remedy?: string;
}

export function jsonDiagnostics(diagnostics: readonly Diagnostic[], source: SourceText): JsonDiagnostic[] {
  const index = new LineIndex(source.text);
  return diagnostics.map(({ code, severity, span, message, reason, remedy }) => {
    const end = index.at(span.end);
    return {
      code,
      severity,
      file: source.name,
      ...index.at(span.start),
      endLine: end.line,
      endColumn: end.column,
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(remedy === undefined ? {} : { remedy }),
    };
  });
}
