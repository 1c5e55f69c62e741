// Decimal numbers from bytes. Short numbers take the exact fast path of Clinger (1990): a mantissa below
// 2^53 times or over a power of ten up to 10^22 rounds once; all others go through Number(), which rounds
// correctly too. Nothing but decimal notation is a number: no hexadecimal, no digit groups, no decimal comma.

const exactPowers = Array.from({ length: 23 }, (_, k) => 10 ** k);

/** A cell longer than this is text; the longest exact decimal form of a double has fewer characters. */
const longestNumber = 1100;

/** What a cell holds that is no finite number. */
export type CellKind = 'empty' | 'nan' | 'infinite' | 'too large' | 'too long' | 'decimal comma' | 'text';

/**
 * The number in bytes[start … end), spaces and tabs around it ignored, correctly rounded. NaN where the cell
 * holds no number or NaN, an infinity where it says so or the number exceeds 1.8e308: `cellKind` tells which.
 */
export function parseNumber(bytes: Buffer, start: number, end: number): number {
  let at = start;
  let stop = end;
  while (at < stop && isBlank(bytes[at])) at++;
  while (stop > at && isBlank(bytes[stop - 1])) stop--;
  const first = at;

  let negative = false;
  if (bytes[at] === 0x2d) {
    negative = true;
    at++;
  } else if (bytes[at] === 0x2b) at++;

  let mantissa = 0;
  let significant = 0;
  let digits = 0;
  let scale = 0;
  for (let inFraction = false; at < stop; at++) {
    const byte = bytes[at] as number;
    const digit = byte - 0x30;
    if (digit >= 0 && digit <= 9) {
      digits++;
      mantissa = mantissa * 10 + digit;
      if (mantissa > 0) significant++;
      if (inFraction) scale--;
    } else if (byte === 0x2e && !inFraction) inFraction = true;
    else break;
  }
  if (digits === 0) return infinityWord(bytes, first, stop);
  if (at < stop && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    let exponentSign = 1;
    if (bytes[at] === 0x2d) {
      exponentSign = -1;
      at++;
    } else if (bytes[at] === 0x2b) at++;
    let exponent = 0;
    const exponentStart = at;
    for (; at < stop; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      exponent = Math.min(exponent * 10 + digit, 100_000);
    }
    if (at === exponentStart) return NaN;
    scale += exponentSign * exponent;
  }
  if (at < stop) return NaN;

  if (significant <= 15 && scale >= -22 && scale <= 22) {
    const value =
      scale < 0 ? mantissa / (exactPowers[-scale] as number) : mantissa * (exactPowers[scale] as number);
    return negative ? -value : value;
  }
  return stop - first > longestNumber ? NaN : Number(asciiText(bytes, first, stop));
}

/** What a cell holds for which `parseNumber` gave NaN or an infinity. */
export function cellKind(bytes: Buffer, start: number, end: number): CellKind {
  if (end - start > longestNumber) return 'too long';
  const text = asciiText(bytes, start, end).trim();
  if (text === '') return 'empty';
  if (/^[+-]?nan$/i.test(text)) return 'nan';
  if (/^[+-]?inf(inity)?$/i.test(text)) return 'infinite';
  if (/^[+-]?\d+,\d+$/.test(text)) return 'decimal comma';
  return /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text) && !Number.isNaN(Number(text)) ? 'too large' : 'text';
}

/** Whether a cell is meant as a number: NaN, infinities and decimal commas included. */
export function looksNumeric(bytes: Buffer, start: number, end: number): boolean {
  if (Number.isFinite(parseNumber(bytes, start, end))) return true;
  const kind = cellKind(bytes, start, end);
  return kind === 'nan' || kind === 'infinite' || kind === 'too large' || kind === 'decimal comma';
}

/** An infinity where the cell names one, else NaN. */
function infinityWord(bytes: Buffer, start: number, end: number): number {
  if (end - start > 9) return NaN;
  const match = /^([+-]?)inf(inity)?$/i.exec(asciiText(bytes, start, end));
  if (match === null) return NaN;
  return match[1] === '-' ? -Infinity : Infinity;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function asciiText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end);
}
