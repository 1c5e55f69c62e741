// What a csv file looks like before its values are read: separator, header, column names and where the data
// starts. It is inferred from the first records of the first mebibyte, by the same function for the language
// server's shapes and for loading, so the two cannot disagree. What is ambiguous is an error, never a guess.

import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { byteText, sampleBytes } from '../limits.ts';
import { looksNumeric, parseNumber } from './csv-number.ts';
import { CsvRecord, locate, quote, skipLines, textStart } from './csv-scan.ts';
import type { ScanFault } from './csv-scan.ts';

export interface CsvOptions {
  /** Physical lines at the start that are not part of the table. */
  readonly skip?: number;
  /** Found by itself where it is not given. */
  readonly separator?: ',' | ';' | '\t';
  /** Whether the first line after the skipped ones holds names; found by itself where it is not given. */
  readonly header?: boolean;
}

export interface CsvLayout {
  readonly separator: ',' | ';' | '\t';
  /** Fields of the first record; every record must have as many. */
  readonly columnCount: number;
  readonly columnNames?: readonly string[];
  /** The 1-based line of the first record. */
  readonly firstLine: number;
  /** Byte offset of the first record of data. */
  readonly dataStart: number;
}

/** In the order preferred where a file fits several: the comma last, since it may be a decimal comma. */
const separators = ['\t', ';', ','] as const;

const sampleRecords = 10;

/**
 * Infers the layout from the content of a file, of which at most the first mebibyte is looked at; `whole`
 * says whether `content` is all of it.
 */
export function inferLayout(
  path: string,
  content: Buffer,
  whole: boolean,
  options: CsvOptions,
): DataResult<CsvLayout> {
  const sample = content.subarray(0, sampleBytes);
  const complete = whole && content.length <= sampleBytes;
  const refused = refuseEncoding(path, sample);
  if (refused !== undefined) return refused;
  const skip = options.skip ?? 0;
  if (!Number.isSafeInteger(skip) || skip < 0) {
    return failure(path, `\`skip\` is ${skip}, not a number of lines`, 'Give a whole number of 0 or more');
  }
  const start = skipLines(sample, textStart(sample), skip);
  if (start === -1 || start >= sample.length) return nothingThere(path, sample, complete, skip);
  if (sample[start] === 0x0a || sample[start] === 0x0d) {
    const place = locate(sample, start);
    return failure(
      path,
      `line ${place.line} is blank where the table should start`,
      `Set \`skip\` to ${place.line}`,
      place,
    );
  }
  const separator = options.separator ?? findSeparator(sample, start, complete);
  return describeRecords(path, sample, start, separator, complete, options.header);
}

function refuseEncoding(path: string, sample: Buffer): DataFailure | undefined {
  const [first, second] = sample;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return failure(path, 'the file is encoded in UTF-16', 'Save it as UTF-8', { line: 1, column: 1 });
  }
  return undefined;
}

function nothingThere(path: string, sample: Buffer, complete: boolean, skip: number): DataFailure {
  if (sample.length === textStart(sample)) return failure(path, 'the file is empty', 'Name a file with data');
  const { line } = locate(sample, sample.length);
  return complete
    ? failure(path, `nothing follows the ${skip} skipped lines`, 'Skip fewer lines', { line })
    : failure(path, `the ${skip} skipped lines exceed ${byteText(sampleBytes)}`, 'Skip fewer lines', {
        line,
      });
}

/** Field counts of the first complete records, or undefined where the first is not well formed. */
function fieldCounts(
  sample: Buffer,
  start: number,
  separator: number,
  complete: boolean,
): number[] | undefined {
  const record = new CsvRecord();
  const counts: number[] = [];
  for (let at = start; at < sample.length && counts.length < sampleRecords; at = record.next) {
    if (record.scan(sample, at, separator) !== undefined) return counts.length === 0 ? undefined : counts;
    if (!complete && record.end >= sample.length - 1) break;
    counts.push(record.count);
  }
  return counts;
}

/** The separator that cuts the first records into equally many fields, else the most frequent in the first. */
function findSeparator(sample: Buffer, start: number, complete: boolean): ',' | ';' | '\t' {
  let best: ',' | ';' | '\t' = ',';
  let bestScore = 0;
  for (const separator of separators) {
    const counts = fieldCounts(sample, start, separator.charCodeAt(0), complete);
    const first = counts?.[0] ?? 1;
    if (counts === undefined || first === 1) continue;
    // Consistent separators beat the others; among them the order above decides, among the others the fields.
    const consistent = counts.every((count) => count === first);
    const score = consistent ? 2 : first / (first + 1);
    if (score > bestScore) {
      best = separator;
      bestScore = score;
    }
  }
  return best;
}

function describeRecords(
  path: string,
  sample: Buffer,
  start: number,
  separator: ',' | ';' | '\t',
  complete: boolean,
  header: boolean | undefined,
): DataResult<CsvLayout> {
  const code = separator.charCodeAt(0);
  const first = new CsvRecord();
  const fault = first.scan(sample, start, code);
  const { line } = locate(sample, start);
  if (
    !complete &&
    (fault?.kind === 'unclosed quote' || (fault === undefined && first.end >= sample.length - 1))
  ) {
    return failure(
      path,
      `line ${line} is longer than ${byteText(sampleBytes)}`,
      'Check that this is a csv file',
      { line },
    );
  }
  if (fault !== undefined) return scanFailure(path, sample, fault);
  if (first.count === 1 && header === undefined && isSpaced(sample, first)) {
    return failure(
      path,
      `the numbers of line ${line} are separated by spaces`,
      'Separate them by commas, in NumPy by savetxt(name, array, delimiter=",")',
      { line },
    );
  }
  const isHeader = header ?? detectHeader(path, sample, first, code, complete);
  if (typeof isHeader === 'object') return isHeader;
  const layout = { separator, columnCount: first.count, firstLine: line };
  if (!isHeader) return success({ ...layout, dataStart: start });
  const names = readNames(path, sample, first);
  return names.ok ? success({ ...layout, columnNames: names.value, dataStart: first.next }) : names;
}

/**
 * A first record is a header where some column holds text in it and a number in the second record, or where
 * it holds only text. Where another column holds numbers in both, the text may be a spoilt cell: an error.
 */
function detectHeader(
  path: string,
  sample: Buffer,
  first: CsvRecord,
  separator: number,
  complete: boolean,
): boolean | DataFailure {
  const second = new CsvRecord();
  const hasSecond =
    first.next < sample.length &&
    second.scan(sample, first.next, separator) === undefined &&
    (complete || second.end < sample.length - 1);
  let text = -1;
  let changing = -1;
  let numeric = -1;
  for (let k = 0; k < first.count; k++) {
    const start = first.starts[k] as number;
    const end = first.ends[k] as number;
    if (looksNumeric(sample, start, end)) {
      numeric = k;
      continue;
    }
    if (isBlankCell(sample, start, end)) continue;
    text = k;
    if (hasSecond && k < second.count && isNumber(sample, second, k)) changing = k;
  }
  if (numeric === -1) return text !== -1;
  if (changing === -1) return false;
  const place = locate(sample, first.starts[changing] as number);
  return failure(
    path,
    `line ${place.line} may be a header or data: its column ${changing + 1} is text, its column ${numeric + 1} a number`,
    'Leave the line out with "skip = 1" if it holds names; otherwise correct the text to a number',
    place,
  );
}

/** Several numbers with spaces between, as NumPy's savetxt writes by default; taken for one name otherwise. */
function isSpaced(sample: Buffer, record: CsvRecord): boolean {
  const start = record.starts[0] as number;
  const end = Math.min(record.ends[0] as number, start + longestSpacedStart);
  if (sample[start - 1] === quote) return false;
  const [first, second] = sample.toString('latin1', start, end).trim().split(/ +/);
  const numeric = (word = ''): boolean => word !== '' && Number.isFinite(Number(word));
  return numeric(first) && numeric(second);
}

/** Room for two numbers with all their digits. */
const longestSpacedStart = 128;

function isNumber(sample: Buffer, record: CsvRecord, k: number): boolean {
  return Number.isFinite(parseNumber(sample, record.starts[k] as number, record.ends[k] as number));
}

function isBlankCell(sample: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (sample[i] !== 0x20 && sample[i] !== 0x09) return false;
  return true;
}

function readNames(path: string, sample: Buffer, record: CsvRecord): DataResult<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const names: string[] = [];
  for (let k = 0; k < record.count; k++) {
    const start = record.starts[k] as number;
    try {
      const text = decoder.decode(sample.subarray(start, record.ends[k]));
      names.push((sample[start - 1] === quote ? text.replaceAll('""', '"') : text).trim());
    } catch {
      const place = locate(sample, start);
      return failure(path, `the name of column ${k + 1} is not UTF-8 text`, 'Save the file as UTF-8', place);
    }
  }
  return success(names);
}

/** Explains a fault in the syntax of a record. */
export function scanFailure(path: string, bytes: Buffer, fault: ScanFault): DataFailure {
  const place = locate(bytes, fault.offset);
  const where = `line ${place.line}, column ${place.column}`;
  switch (fault.kind) {
    case 'unclosed quote':
      return failure(path, `the quote at ${where} is never closed`, 'Close it, or remove it', place);
    case 'text after a closing quote':
      return failure(
        path,
        `text follows the closing quote at ${where}`,
        'Write a quote inside a quoted field twice',
        place,
      );
    case 'quote inside an unquoted field':
      return failure(
        path,
        `a quote stands inside an unquoted field at ${where}`,
        'Quote the whole field, and write the inner quote twice',
        place,
      );
  }
}
