// The byte level of csv: one record split into fields, records counted, and a byte offset turned into a line
// and a column. A quote has meaning only at the start of a field; inside a quoted field two quotes are one
// quote, and separators and line ends are text. \n, \r\n and \r all end a line.

export const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What breaks the syntax of a record, and where. */
export interface ScanFault {
  readonly kind: 'unclosed quote' | 'text after a closing quote' | 'quote inside an unquoted field';
  readonly offset: number;
}

/** The fields of one record as byte ranges, without surrounding quotes; reused from record to record. */
export class CsvRecord {
  /** Number of fields. */
  count = 0;
  /** Offset of the first byte after the record's line end. */
  next = 0;
  /** Offset of the record's line end. */
  end = 0;
  starts = new Float64Array(64);
  ends = new Float64Array(64);

  /** Reads the record at `offset`, which must lie before the end of `bytes`. */
  scan(bytes: Uint8Array, offset: number, separator: number): ScanFault | undefined {
    const length = bytes.length;
    this.count = 0;
    let at = offset;
    for (;;) {
      let start = at;
      let end: number;
      if (bytes[at] === quote) {
        start = at + 1;
        end = closingQuote(bytes, start);
        if (end === -1) return { kind: 'unclosed quote', offset: at };
        at = end + 1;
        if (at < length && bytes[at] !== separator && !isLineEnd(bytes[at])) {
          return { kind: 'text after a closing quote', offset: at };
        }
      } else {
        while (at < length) {
          const byte = bytes[at] as number;
          if (byte === separator || byte === lineFeed || byte === carriageReturn) break;
          if (byte === quote) return { kind: 'quote inside an unquoted field', offset: at };
          at++;
        }
        end = at;
      }
      this.#push(start, end);
      if (at < length && bytes[at] === separator) {
        at++;
        continue;
      }
      this.end = at;
      this.next = Math.min(length, at + (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 1));
      return undefined;
    }
  }

  #push(start: number, end: number): void {
    if (this.count === this.starts.length) {
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }
}

/** Offset of the quote that closes a field whose text starts at `start`, or -1. */
function closingQuote(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(quote, start); at !== -1; at = bytes.indexOf(quote, at + 2)) {
    if (bytes[at + 1] !== quote) return at;
  }
  return -1;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

/**
 * Counts records of a csv file given in pieces; blank lines at the end do not count, others do. Any two
 * quotes that belong together change nothing in between, so the separator need not be known.
 */
export class RecordCounter {
  #quoted = false;
  #content = false;
  #afterReturn = false;
  #blank = 0;
  #records = 0;

  add(bytes: Uint8Array): void {
    let quoted = this.#quoted;
    let content = this.#content;
    let afterReturn = this.#afterReturn;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte > quote) {
        content = true;
        continue;
      }
      if (byte === quote) {
        quoted = !quoted;
        content = true;
      } else if (byte === lineFeed && !quoted) {
        const ended = i === 0 ? afterReturn : bytes[i - 1] === carriageReturn;
        if (!ended) {
          this.#endRecord(content);
          content = false;
        }
      } else if (byte === carriageReturn && !quoted) {
        this.#endRecord(content);
        content = false;
      } else {
        content = true;
      }
    }
    if (bytes.length > 0) afterReturn = !quoted && bytes[bytes.length - 1] === carriageReturn;
    this.#quoted = quoted;
    this.#content = content;
    this.#afterReturn = afterReturn;
  }

  /** The number of records so far, an unfinished last line included. */
  get count(): number {
    return this.#records + (this.#content ? this.#blank + 1 : 0);
  }

  #endRecord(content: boolean): void {
    if (!content) {
      this.#blank++;
      return;
    }
    this.#records += this.#blank + 1;
    this.#blank = 0;
  }
}

/** The 1-based line and character column (in UTF-16 units) of a byte offset in UTF-8 text. */
export function locate(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < offset; i++) {
    const byte = bytes[i];
    if (byte === lineFeed || (byte === carriageReturn && bytes[i + 1] !== lineFeed)) {
      line++;
      lineStart = i + 1;
    }
  }
  // A byte order mark is no character of the first line.
  if (lineStart === 0) lineStart = Math.min(offset, textStart(bytes));
  // The column is exact for 64 KiB of a line; no editor shows more.
  const shown = bytes.subarray(lineStart, offset);
  const column = shown.length > 2 ** 16 ? shown.length : new TextDecoder().decode(shown).length;
  return { line, column: column + 1 };
}

/** The offset of the first character: 3 after a UTF-8 byte order mark, else 0. */
export function textStart(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** The offset after `lines` line ends from `offset`, or -1 where the text ends before. */
export function skipLines(bytes: Uint8Array, offset: number, lines: number): number {
  let at = offset;
  for (let skipped = 0; skipped < lines; skipped++) {
    while (at < bytes.length && !isLineEnd(bytes[at])) at++;
    if (at >= bytes.length) return -1;
    at += bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 1;
  }
  return at;
}
