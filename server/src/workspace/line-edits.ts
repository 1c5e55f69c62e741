/**
 * How edits move lines, so that a result stays at the statement it belongs to while the text around it
 * changes. A line keeps to the text that it is about.
 */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';

const lineEnd = /\r\n|\r|\n/;

/** Lines `first..last` (0-based, both touched) were replaced by text with `breaks` line ends. */
export interface LineEdit {
  readonly first: number;
  /** Whether nothing but space stands before the edit on its first line. */
  readonly fromLineStart: boolean;
  readonly last: number;
  readonly breaks: number;
}

export function lineEdit(change: TextDocumentContentChangeEvent, before: string): LineEdit {
  if ('range' in change) {
    const { start, end } = change.range;
    const breaks = countBreaks(change.text);
    // Within a line no line moves: what stands before matters to others only.
    const matters = breaks > 0 || end.line > start.line;
    return {
      first: start.line,
      fromLineStart: matters && isBlankBefore(before, start.line, start.character),
      last: end.line,
      breaks,
    };
  }
  return wholeTextEdit(before, change.text);
}

/** The text of the line before a column; a line that is not there is blank. */
function isBlankBefore(text: string, line: number, character: number): boolean {
  const ends = new RegExp(lineEnd, 'g');
  for (let passed = 0; passed < line; passed++) if (ends.exec(text) === null) return true;
  const start = line === 0 ? 0 : ends.lastIndex;
  return text.slice(start, start + character).trim() === '';
}

/** The smallest run of whole lines that differs between two texts. */
function wholeTextEdit(before: string, after: string): LineEdit {
  const [old, now] = [before.split(lineEnd), after.split(lineEnd)];
  const shorter = Math.min(old.length, now.length);
  let first = 0;
  while (first < shorter && old[first] === now[first]) first++;
  let same = 0;
  while (same < shorter - first && old[old.length - 1 - same] === now[now.length - 1 - same]) same++;
  return { first, fromLineStart: true, last: old.length - same, breaks: now.length - same - first };
}

/** A line inside what is replaced keeps its place in the replacement, as far as that has lines. */
export function moveLine(line: number, { first, fromLineStart, last, breaks }: LineEdit): number {
  const shift = breaks - (last - first);
  if (line > last) return line + shift;
  // Text put in before a line, as by Enter at its beginning, pushes the line down.
  if (line === last && (last > first || fromLineStart)) return Math.max(first, line + shift);
  return Math.min(line, first + breaks);
}

function countBreaks(text: string): number {
  return text.match(new RegExp(lineEnd, 'g'))?.length ?? 0;
}
