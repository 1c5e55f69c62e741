/**
 * Places in a text. Offsets count UTF-16 code units from 0, as editors do; `end` is exclusive.
 * Every syntax node, symbol and diagnostic carries a span of the text it came from.
 */
import { firstIndex } from './first-index.ts';

/** A half-open range `[start, end)` of offsets into one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in a text for people: both 1-based; columns count UTF-16 code units. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** The smallest span that covers both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** Converts offsets of one text to lines and columns; LF, CRLF and CR each end a line. */
export class LineIndex {
  private readonly starts: number[] = [0];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  /** The line and column of an offset; offsets outside the text are clamped. */
  at(offset: number): LineColumn {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    const line = firstIndex(this.starts, (start) => start > clamped);
    return { line, column: clamped - (this.starts[line - 1] ?? 0) + 1 };
  }
}
