/**
 * The diagnostics of a text of both kinds, syntax and meaning, so that one mistake is told once: a statement with a
 * syntax error is not judged besides, and what seems missing elsewhere because a declaration could not be read is
 * not told until it can.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { ParseResult } from '../syntax/parse.ts';
import { statementAt } from '../syntax/parse.ts';

/** After these a whole block or declaration may be unread. */
const losing: ReadonlySet<string> = new Set([
  'syntax-unknown-block',
  'syntax-unknown-statement',
  'syntax-misplaced-statement',
  'syntax-missing-brace',
  'syntax-missing-type',
]);
/** What follows from an unread declaration. */
const following: ReadonlySet<string> = new Set([
  'unknown-name',
  'unknown-function',
  'unbound-dimension',
  'missing-block',
  'missing-unknown',
  'missing-objective',
  'not-determined',
  'no-influence',
  'levels-apart',
]);

/** In the order of the text. */
export function allDiagnostics(
  text: string,
  parsed: ParseResult,
  semantic: readonly Diagnostic[],
): readonly Diagnostic[] {
  const syntax = parsed.diagnostics;
  const told = syntax.length === 0 ? semantic : withoutConsequences(text, parsed, semantic);
  return [...syntax, ...told].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function withoutConsequences(
  text: string,
  parsed: ParseResult,
  semantic: readonly Diagnostic[],
): readonly Diagnostic[] {
  const { diagnostics: syntax, starts } = parsed;
  const broken = new Set(syntax.map(({ span }) => statementAt(starts, span.start)));
  const isLost = syntax.some(
    ({ code, span }) => losing.has(code) || starts[statementAt(starts, span.start)] === span.start,
  );
  const unread = parsed.namesIn(new Set([...broken].map((statement) => starts[statement] ?? -1)));
  return semantic.filter(({ code, span }) => {
    // A setting from outside has no place in the text.
    if (code === 'adjustment') return true;
    if (broken.has(statementAt(starts, span.start))) return false;
    if (!following.has(code)) return true;
    return !isLost && !unread.has(text.slice(span.start, span.end));
  });
}
