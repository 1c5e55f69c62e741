// Lines of a text in bytes and the words in each, without making strings of them: what a file of millions of
// numbers needs. \n, \r\n and \r all end a line; blanks and tabs separate words.

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Words of a line beyond this many are counted only up to here. */
const mostWords = 8;

/** A place in a text that moves from line to line. */
export class TextLines {
  readonly #bytes: Uint8Array;
  /** Byte offsets of the present line: its first byte, its line end, the first byte of the next line. */
  start = 0;
  end = 0;
  after: number;
  /** 1-based number of the present line; 0 before the first. */
  line: number;
  /** Where the words found by `split` begin and end. */
  readonly starts = new Float64Array(mostWords);
  readonly ends = new Float64Array(mostWords);

  /** Stands before the line at `offset`, of which `line` come before. */
  constructor(bytes: Uint8Array, offset = 0, line = 0) {
    this.#bytes = bytes;
    this.after = offset;
    this.line = line;
  }

  /** Moves to the next line; false where the text ends. */
  next(): boolean {
    const bytes = this.#bytes;
    if (this.after >= bytes.length) return false;
    let at = this.after;
    this.start = at;
    while (at < bytes.length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++;
    this.end = at;
    this.after = at + (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 1);
    this.line++;
    return true;
  }

  get isBlank(): boolean {
    for (let at = this.start; at < this.end; at++) if (!isBlank(this.#bytes[at])) return false;
    return true;
  }

  /** Finds the words of the present line and returns their number, at most 8. */
  split(): number {
    const bytes = this.#bytes;
    let count = 0;
    for (let at = this.start; count < mostWords; count++) {
      while (at < this.end && isBlank(bytes[at])) at++;
      if (at >= this.end) break;
      this.starts[count] = at;
      while (at < this.end && !isBlank(bytes[at])) at++;
      this.ends[count] = at;
    }
    return count;
  }

  /** The first `most` words of the present line, cut where they are long. */
  words(most: number): string[] {
    const count = Math.min(most, this.split());
    return Array.from({ length: count }, (_, k) => {
      const start = this.starts[k] as number;
      const end = Math.min(this.ends[k] as number, start + 40);
      return Buffer.from(this.#bytes.subarray(start, end)).toString('latin1');
    });
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
