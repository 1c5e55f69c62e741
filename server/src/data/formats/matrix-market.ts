// Matrix Market files (Boisvert, Pozo, Remington 1996): a line that says what follows, comments, a line of
// sizes, then one entry a line: `row column value` where the matrix is sparse, a value where it is dense, column
// by column. Symmetric and skew-symmetric matrices have one triangle in the file and both in the result.
// As many entries as announced, none twice, each within the matrix: anything else fails at its line.

import { cellKind, parseNumber } from './csv-number.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { byteText, sampleBytes } from '../limits.ts';
import { SelectedMatrix } from '../selected-matrix.ts';
import type { FileHeader, ReadValues, Selection, Table } from '../table.ts';
import { TextLines } from './text-lines.ts';
import { nearNamesText } from '../../base/near-names.ts';

type Symmetry = 'general' | 'symmetric' | 'skew-symmetric';

interface Layout {
  readonly sparse: boolean;
  readonly field: 'real' | 'integer' | 'pattern';
  readonly symmetry: Symmetry;
  readonly rows: number;
  readonly columns: number;
  /** Entries in the file. */
  readonly entries: number;
  /** Byte offset and line number after the line of sizes. */
  readonly dataStart: number;
  readonly dataLine: number;
}

const writeAgain = 'Write the file again, for example with scipy.io.mmwrite';

/** Opens the whole content of a Matrix Market file. */
export function openMatrixMarket(path: string, bytes: Buffer): DataResult<Table> {
  const layout = readLayout(path, bytes, true);
  if (!layout.ok) return layout;
  const { rows, columns } = layout.value;
  return success({
    shape: [rows, columns],
    read: (selection) => readEntries(path, bytes, layout.value, selection),
  });
}

/** The shape that the beginning of a file announces; `whole` says whether `bytes` is all of it. */
export function readMatrixMarketHeader(path: string, bytes: Buffer, whole: boolean): DataResult<FileHeader> {
  const layout = readLayout(path, bytes, whole);
  if (!layout.ok) return layout;
  const { rows, columns, field } = layout.value;
  return success({
    shape: [rows, columns],
    ...(field === 'pattern' ? { range: { lower: 0, upper: 1 } } : {}),
  });
}

function readLayout(path: string, content: Buffer, whole: boolean): DataResult<Layout> {
  const bytes = content.subarray(0, sampleBytes);
  const lines = new TextLines(bytes);
  const kind = lines.next()
    ? readKind(path, lines)
    : failure(path, 'the file is empty', 'Name a file with data');
  if (!kind.ok) return kind;
  while (lines.next()) {
    if (lines.isBlank || bytes[lines.start] === 0x25) continue;
    // A line that the sample cuts through may go on beyond it.
    if (lines.end === bytes.length && !(whole && bytes.length === content.length)) break;
    return readSizes(path, lines, kind.value);
  }
  const { line } = lines;
  return whole && bytes.length === content.length
    ? failure(path, `the file ends in line ${line}, before its sizes`, writeAgain, { line })
    : failure(path, `no sizes stand in the first ${byteText(sampleBytes)}`, writeAgain, { line });
}

function readKind(path: string, lines: TextLines): DataResult<Pick<Layout, 'sparse' | 'field' | 'symmetry'>> {
  const words = lines.words(6).map((word) => word.toLowerCase());
  const [banner, object = '', format = '', field = '', symmetry, extra] = words;
  const wrong = (message: string, remedy: string) => failure(path, message, remedy, { line: 1 });
  if (banner !== '%%matrixmarket') {
    return wrong('the file does not begin with "%%MatrixMarket"', 'Check that this is a Matrix Market file');
  }
  if (symmetry === undefined || extra !== undefined) {
    return wrong(
      `line 1 has ${words.length} words`,
      'Write `%%MatrixMarket matrix`, then format, field and symmetry',
    );
  }
  if (object !== 'matrix') return wrong(`the file holds a "${object}"`, 'Only matrices are read');
  const sparse = format === 'coordinate';
  if (!sparse && format !== 'array') {
    return wrong(
      `the format "${format}" is not known`,
      nearNamesText(format, ['coordinate', 'array'], 'formats'),
    );
  }
  const fields = { real: 'real', double: 'real', integer: 'integer', 'unsigned-integer': 'integer' } as const;
  const known = field === 'pattern' ? field : fields[field as keyof typeof fields];
  if (field === 'complex') {
    return wrong('the entries are complex numbers', 'Save the real and the imaginary part as two files');
  }
  if (known === undefined) {
    return wrong(
      `the field "${field}" is not known`,
      nearNamesText(field, ['real', 'integer', 'pattern'], 'fields'),
    );
  }
  if (known === 'pattern' && !sparse) {
    return wrong('a pattern has no values, and an array has nothing but values', writeAgain);
  }
  const symmetries = ['general', 'symmetric', 'skew-symmetric'] as const;
  const form = symmetries.find((each) => each === symmetry);
  if (form === undefined) {
    return symmetry === 'hermitian'
      ? wrong(`a Hermitian matrix of the field "${field}" is symmetric`, 'Write `symmetric` in line 1')
      : wrong(`the symmetry "${symmetry}" is not known`, nearNamesText(symmetry, symmetries, 'symmetries'));
  }
  if (known === 'pattern' && form === 'skew-symmetric') {
    return wrong('a pattern of ones cannot be skew-symmetric', writeAgain);
  }
  return success({ sparse, field: known, symmetry: form });
}

function readSizes(
  path: string,
  lines: TextLines,
  kind: Pick<Layout, 'sparse' | 'field' | 'symmetry'>,
): DataResult<Layout> {
  const { line } = lines;
  const wanted = kind.sparse ? 3 : 2;
  const words = lines.words(wanted + 1);
  const sizes = words.map((word) => (/^\+?\d{1,15}$/.test(word) ? Number(word) : NaN));
  const [rows = 0, columns = 0, entries = storedEntries(kind.symmetry, rows, columns)] = sizes;
  if (sizes.length !== wanted || sizes.some(Number.isNaN)) {
    return failure(
      path,
      `line ${line} should hold ${kind.sparse ? 'rows, columns and entries' : 'rows and columns'}, as whole numbers`,
      writeAgain,
      { line },
    );
  }
  if (!Number.isSafeInteger(rows * columns * 8)) {
    return failure(path, 'the announced sizes are larger than any memory', writeAgain, { line });
  }
  if (kind.symmetry !== 'general' && rows !== columns) {
    return failure(
      path,
      `a ${kind.symmetry} matrix is square, this one has ${rows} rows and ${columns} columns`,
      'Write `general` in line 1, or correct the sizes',
      { line },
    );
  }
  return success({ ...kind, rows, columns, entries, dataStart: lines.after, dataLine: line });
}

/** The entries that a dense file has for its symmetry. */
function storedEntries(symmetry: Symmetry, rows: number, columns: number): number {
  if (symmetry === 'general') return rows * columns;
  return symmetry === 'symmetric' ? (rows * (rows + 1)) / 2 : (rows * (rows - 1)) / 2;
}

function readEntries(
  path: string,
  bytes: Buffer,
  layout: Layout,
  selection: Selection,
): DataResult<ReadValues> {
  const matrix = SelectedMatrix.of(path, [layout.rows, layout.columns], selection);
  if (!matrix.ok) return matrix;
  const reader = new EntryReader(path, bytes, layout, matrix.value, selection.allowNonFinite);
  const wrong = reader.readAll();
  return wrong ?? success(matrix.value);
}

class EntryReader {
  readonly #path: string;
  readonly #bytes: Buffer;
  readonly #layout: Layout;
  readonly #matrix: SelectedMatrix;
  readonly #allowNonFinite: boolean;
  readonly #lines: TextLines;
  /** The next place of a dense file. */
  #row: number;
  #column = 0;

  constructor(path: string, bytes: Buffer, layout: Layout, matrix: SelectedMatrix, allowNonFinite: boolean) {
    this.#path = path;
    this.#bytes = bytes;
    this.#layout = layout;
    this.#matrix = matrix;
    this.#allowNonFinite = allowNonFinite;
    this.#lines = new TextLines(bytes, layout.dataStart, layout.dataLine);
    this.#row = layout.symmetry === 'skew-symmetric' ? 1 : 0;
  }

  readAll(): DataFailure | undefined {
    const { entries, sparse, field } = this.#layout;
    const wanted = sparse ? (field === 'pattern' ? 2 : 3) : 1;
    const lines = this.#lines;
    let read = 0;
    while (lines.next()) {
      if (lines.isBlank || this.#bytes[lines.start] === 0x25) continue;
      const found = lines.split();
      if (read === entries) return this.#fail(`line ${lines.line} follows the ${entries} announced entries`);
      if (found !== wanted) {
        return this.#fail(`line ${lines.line} has ${found} numbers; ${wanted} are expected`);
      }
      const wrong = sparse ? this.#readSparse() : this.#readDense();
      if (wrong !== undefined) return wrong;
      read++;
    }
    if (read === entries) return undefined;
    return this.#fail(
      `the file ends in line ${lines.line}, after ${read} of ${entries} entries`,
      'The file is cut off: write or download it again',
    );
  }

  #readSparse(): DataFailure | undefined {
    const { rows, columns, field } = this.#layout;
    const row = this.#index(0, rows, 'row');
    if (typeof row !== 'number') return row;
    const column = this.#index(1, columns, 'column');
    if (typeof column !== 'number') return column;
    const value = field === 'pattern' ? 1 : this.#value(2);
    return typeof value === 'number' ? this.#put(row, column, value) : value;
  }

  #readDense(): DataFailure | undefined {
    const value = this.#value(0);
    if (typeof value !== 'number') return value;
    const { symmetry, rows } = this.#layout;
    const wrong = this.#put(this.#row, this.#column, value);
    this.#row++;
    if (this.#row === rows) {
      this.#column++;
      this.#row = symmetry === 'general' ? 0 : this.#column + (symmetry === 'symmetric' ? 0 : 1);
    }
    return wrong;
  }

  #index(word: number, size: number, what: string): number | DataFailure {
    const { starts, ends } = this.#lines;
    const value = parseNumber(this.#bytes, starts[word] as number, ends[word] as number);
    if (Number.isInteger(value) && value >= 1 && value <= size) return value - 1;
    return this.#fail(
      `"${this.#word(word)}" is no ${what}: the ${what}s are 1 to ${size}`,
      'Rows and columns count from 1',
      word,
    );
  }

  #value(word: number): number | DataFailure {
    const start = this.#lines.starts[word] as number;
    const end = this.#lines.ends[word] as number;
    const value = parseNumber(this.#bytes, start, end);
    const { field } = this.#layout;
    if (Number.isFinite(value) && (field === 'real' || Number.isInteger(value))) {
      if (field === 'real' || Number.isSafeInteger(value)) return value;
      return this.#fail(
        `the integer ${this.#word(word)} is not below 2^53, up to where doubles are exact`,
        'Rescale the values, or write the field "real"',
        word,
      );
    }
    const kind = cellKind(this.#bytes, start, end);
    if (kind === 'nan' || kind === 'infinite') {
      if (this.#allowNonFinite) return value;
      return this.#fail(`the value is ${this.#word(word)}`, 'Replace it by a finite number', word);
    }
    return kind === 'too large' && !Number.isFinite(value)
      ? this.#fail(
          `${this.#word(word)} exceeds the largest double, about 1.8e308`,
          'Rescale the values',
          word,
        )
      : this.#fail(
          `"${this.#word(word)}" is no ${field === 'real' ? 'number' : 'whole number'}`,
          undefined,
          word,
        );
  }

  #put(row: number, column: number, value: number): DataFailure | undefined {
    const { symmetry } = this.#layout;
    const matrix = this.#matrix;
    if (!matrix.put(row, column, value)) return this.#twice(row, column);
    if (symmetry === 'general') return undefined;
    if (row === column) {
      return symmetry === 'skew-symmetric' && value !== 0
        ? this.#fail(`the entry on the diagonal is ${value}; a skew-symmetric matrix has zeros there`)
        : undefined;
    }
    const mirrored = symmetry === 'symmetric' ? value : 0 - value;
    return matrix.put(column, row, mirrored) ? undefined : this.#twice(column, row);
  }

  #twice(row: number, column: number): DataFailure {
    const both = this.#layout.symmetry === 'general' ? '' : ', itself or mirrored';
    return this.#fail(
      `the entry in row ${row + 1}, column ${column + 1} stands twice${both}`,
      'Add up the entries of equal place: scipy.io.mmwrite(name, scipy.io.mmread(name).tocsr())',
    );
  }

  #word(word: number): string {
    const { starts, ends } = this.#lines;
    const start = starts[word] as number;
    return this.#bytes.toString('latin1', start, Math.min(ends[word] as number, start + 40));
  }

  /** A failure in the present line, at a word of it where one is given. */
  #fail(message: string, remedy: string = writeAgain, word?: number): DataFailure {
    const { line, start, starts } = this.#lines;
    const column = word === undefined ? {} : { column: (starts[word] as number) - start + 1 };
    return failure(this.#path, message, remedy, { line, ...column });
  }
}
