/**
 * Formats a document, a part of it, or the block whose brace was just typed. The formatter moves nothing but the
 * space between tokens, so only spaces that differ are edited: cursors, folds and marks elsewhere stay. A text with
 * syntax errors is left alone.
 */
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import { parse } from '../syntax/parse.ts';
import { format } from '../syntax/print.ts';
import type { Snapshot } from '../workspace/document.ts';

export function formattingEdits(snapshot: Snapshot): TextEdit[] {
  return editsWithin(snapshot, { start: 0, end: snapshot.text.length });
}

/** Of the lines that the range touches. */
export function rangeFormattingEdits(snapshot: Snapshot, { start, end }: Range): TextEdit[] {
  const from = snapshot.offset({ line: start.line, character: 0 });
  // A range that ends before the first character of a line leaves that line out.
  const lastLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return editsWithin(snapshot, { start: from, end: snapshot.offset({ line: lastLine, character: 0 }) });
}

/** After `}`: the block that it closes. */
export function typedFormattingEdits(snapshot: Snapshot, position: Position): TextEdit[] {
  const offset = snapshot.offset(position);
  const block = snapshot.parsed.tree.items.find(({ span }) => span.end === offset);
  // What follows the brace stays: an edit there would take the cursor along.
  return block === undefined
    ? []
    : editsWithin(snapshot, { start: block.span.start, end: block.span.end - 1 });
}

function editsWithin(snapshot: Snapshot, wanted: Span): TextEdit[] {
  const before = snapshot.text;
  const after = format(before);
  if (after === before) return [];
  const [old, now] = [gapsOf(before, snapshot.parsed.tokens), gapsOf(after, parse(after).tokens)];
  // Tokens are the same by the formatter's contract.
  if (old.length !== now.length) return [];
  return old.flatMap((span, at) => {
    const put = now[at];
    if (put === undefined || span.start < wanted.start || span.end > wanted.end) return [];
    const newText = after.slice(put.start, put.end);
    return before.slice(span.start, span.end) === newText ? [] : [{ range: snapshot.range(span), newText }];
  });
}

/** The space before, between and after tokens; what a comment ends with belongs to the space. */
function gapsOf(
  text: string,
  tokens: readonly { readonly kind: string; readonly span: Span }[],
): readonly Span[] {
  const gaps: Span[] = [];
  // A byte order mark is no space.
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (const { kind, span } of tokens) {
    gaps.push({ start, end: span.start });
    start = kind === 'comment' ? span.start + text.slice(span.start, span.end).trimEnd().length : span.end;
  }
  return [...gaps, { start, end: text.length }];
}
