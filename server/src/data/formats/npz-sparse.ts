// Sparse matrices as scipy.sparse.save_npz writes them: an archive whose arrays are the format's name, the shape
// and, by format, compressed rows (csr), compressed columns (csc) or the row and column of each entry (coo). Every
// index is checked; an entry that stands twice, which SciPy would add up, is an error.

import type { Content } from '../content.ts';
import { failure, success } from '../data-error.ts';
import type { DataResult } from '../data-error.ts';
import type { Limits } from '../limits.ts';
import { inArray } from './named-arrays.ts';
import { npyHeaderBytes, openNpy } from './npy.ts';
import { SelectedMatrix } from '../selected-matrix.ts';
import type { Table } from '../table.ts';
import { readMember } from './zip.ts';
import type { ZipMember } from './zip.ts';

type Members = ReadonlyMap<string, ZipMember>;

const parts: Readonly<Record<string, readonly [rows: string, columns: string]>> = {
  csr: ['indptr', 'indices'],
  csc: ['indices', 'indptr'],
  coo: ['row', 'col'],
};

/** Whether the arrays are those of one sparse matrix. */
export function isSparseArchive(names: readonly string[]): boolean {
  return ['format', 'shape', 'data'].every((name) => names.includes(name));
}

/** The shape of the matrix and the name of its format. */
export function readSparseHead(
  content: Content,
  members: Members,
  limits: Limits,
): DataResult<{ readonly format: string; readonly shape: readonly [number, number] }> {
  const { path } = content;
  const oversized = ['format', 'shape'].find((name) => (members.get(name)?.bytes ?? 0) > npyHeaderBytes);
  if (oversized !== undefined) {
    return failure(path, `the array "${oversized}" of the sparse matrix is too large`, 'Save it again', {
      byte: 0,
    });
  }
  const text = readMember(content, members.get('format') as ZipMember, limits);
  if (!text.ok) return inArray('format', text);
  // Three letters, of one byte each or of four.
  const letters = text.value.subarray(-12).filter((byte) => byte !== 0);
  const format = Buffer.from(letters.subarray(-3)).toString('latin1');
  const names = parts[format];
  if (names === undefined) {
    return failure(
      path,
      'the file is a sparse matrix of SciPy in another format than csr, csc and coo',
      'Save it with scipy.sparse.save_npz(name, matrix.tocsr())',
      { byte: 0 },
    );
  }
  const missing = names.find((name) => !members.has(name));
  if (missing !== undefined) {
    return failure(path, `the sparse matrix lacks its array "${missing}"`, 'Save it again', { byte: 0 });
  }
  const shape = readNumbers(content, members, 'shape', limits);
  if (!shape.ok) return shape;
  const [rows = 0, columns = 0] = shape.value;
  const fits =
    shape.value.length === 2 && [rows, columns].every((size) => Number.isInteger(size) && size >= 0);
  if (!fits || !Number.isSafeInteger(rows * columns * 8)) {
    return failure(path, 'the array "shape" is no shape of a matrix', 'Save the matrix again', { byte: 0 });
  }
  return success({ format, shape: [rows, columns] });
}

export function openSparse(content: Content, members: Members, limits: Limits): DataResult<Table> {
  const { path } = content;
  const head = readSparseHead(content, members, limits);
  if (!head.ok) return head;
  const { format, shape } = head.value;
  const arrays: Float64Array[] = [];
  for (const name of [...(parts[format] ?? []), 'data']) {
    const numbers = readNumbers(content, members, name, limits);
    if (!numbers.ok) return numbers;
    arrays.push(numbers.value);
  }
  const [first, second, data] = arrays as [Float64Array, Float64Array, Float64Array];
  const rows = format === 'csr' ? spread(first, shape[0], data.length) : first;
  const columns = format === 'csc' ? spread(second, shape[1], data.length) : second;
  const wrong = (message: string, remedy = 'Save the matrix again with scipy.sparse.save_npz') =>
    failure(path, message, remedy, { byte: 0 });
  if (rows === undefined || columns === undefined)
    return wrong('the array "indptr" does not count the entries');
  if (rows.length !== data.length || columns.length !== data.length) {
    return wrong(`the sparse matrix has ${data.length} entries and places for another number`);
  }
  const astray = data.findIndex((_, k) => !isIndex(rows[k], shape[0]) || !isIndex(columns[k], shape[1]));
  if (astray !== -1) return wrong(`entry ${astray + 1} of the sparse matrix lies outside of it`);
  return success({
    shape,
    read: (selection) => {
      const matrix = SelectedMatrix.of(path, shape, selection);
      if (!matrix.ok) return matrix;
      for (let k = 0; k < data.length; k++) {
        const [i, j, value] = [rows[k], columns[k], data[k]] as [number, number, number];
        if (!matrix.value.put(i, j, value)) {
          return wrong(
            `the entry in row ${i + 1}, column ${j + 1} stands twice`,
            'Add up the entries of equal place: matrix.sum_duplicates() before saving',
          );
        }
        if (!Number.isFinite(value) && !selection.allowNonFinite && matrix.value.wants(i, j)) {
          return wrong(
            `the value in row ${i + 1}, column ${j + 1} is ${value}`,
            'Replace it by a finite number',
          );
        }
      }
      return matrix;
    },
  });
}

function isIndex(value: number | undefined, size: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < size;
}

/** The row (or column) of each entry from where each begins; undefined where that does not count the entries. */
function spread(begin: Float64Array, size: number, entries: number): Float64Array | undefined {
  if (begin.length !== size + 1 || begin[0] !== 0 || begin[size] !== entries) return undefined;
  const places = new Float64Array(entries);
  for (let i = 0; i < size; i++) {
    const end = begin[i + 1] as number;
    if (!Number.isInteger(end) || end < (begin[i] as number) || end > entries) return undefined;
    places.fill(i, begin[i], end);
  }
  return places;
}

function readNumbers(
  content: Content,
  members: Members,
  name: string,
  limits: Limits,
): DataResult<Float64Array> {
  const bytes = readMember(content, members.get(name) as ZipMember, limits);
  if (!bytes.ok) return inArray(name, bytes);
  const table = openNpy(content.path, bytes.value);
  if (!table.ok) return inArray(name, table);
  const read = table.value.read({ allowNonFinite: true, limits });
  return read.ok ? success(read.value.values) : inArray(name, read);
}
