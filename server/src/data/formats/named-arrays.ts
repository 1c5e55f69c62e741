// The choice of one array in a file that holds several (npz, mat): by name, or the only one there is. A name
// that is not there fails with the near ones and with what the file has.

import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import type { ListedArray, Table } from '../table.ts';
import { nearNames } from '../../base/near-names.ts';

/** Names shown in an error. */
const mostShown = 12;

/** The array with the name `wanted`; without a name the only one that can be read. */
export function chooseArray<Entry extends ListedArray>(
  path: string,
  wanted: string | undefined,
  arrays: readonly Entry[],
): DataResult<Entry> {
  if (wanted !== undefined) {
    const found = arrays.find(({ name }) => name === wanted);
    if (found === undefined) return noSuchArray(path, wanted, arrays);
    return found.refusal === undefined ? success(found) : refused(path, found, found.refusal);
  }
  const readable = arrays.filter(({ refusal }) => refusal === undefined);
  const [only, second] = readable;
  if (only === undefined) {
    const [first] = arrays;
    return first?.refusal === undefined
      ? failure(path, 'the file holds no array', 'Name a file with data')
      : refused(path, first, first.refusal);
  }
  if (second === undefined) return success(only);
  return failure(
    path,
    `the file holds ${readable.length} arrays: ${namesText(readable)}`,
    `Choose one of them, as in \`array = "${only.name}"\``,
  );
}

function noSuchArray(path: string, wanted: string, arrays: readonly ListedArray[]): DataFailure {
  const near = nearNames(
    wanted,
    arrays.map(({ name }) => name),
  );
  const has = arrays.length === 0 ? 'no array' : namesText(arrays);
  return failure(
    path,
    `there is no array "${wanted}"; the file has ${has}`,
    near.length > 0
      ? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
      : 'Choose one that is there',
  );
}

function refused(path: string, { name }: ListedArray, refusal: string): DataFailure {
  const remedy = remedies.find(([kind]) => refusal.includes(kind))?.[1] ?? 'Save plain arrays of numbers';
  return failure(path, `the array "${name}" is ${refusal}`, remedy);
}

/** What to do about a kind of content that is not read. */
const remedies: readonly (readonly [kind: string, remedy: string])[] = [
  ['complex', 'Save its real and its imaginary part as two arrays'],
  ['struct', 'Save its fields as arrays of their own, in MATLAB by save(name, "-struct", variable)'],
  ['cell', 'Save its cells as arrays of their own'],
  ['text', 'Save numbers; for class names, their numbers from 0'],
];

function namesText(arrays: readonly ListedArray[]): string {
  const shown = arrays.slice(0, mostShown).map(({ name }) => `"${name}"`);
  const rest = arrays.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The table of one array of a file, whose failures name the array. */
export function tableOf(name: string, table: DataResult<Table>): DataResult<Table> {
  if (!table.ok) return inArray(name, table);
  const { shape, read } = table.value;
  return success({
    shape,
    read: (selection) => {
      const values = read(selection);
      return values.ok ? values : inArray(name, values);
    },
  });
}

/** A failure within one array of a file: it names the array. */
export function inArray(name: string, { error }: DataFailure): DataFailure {
  return { ok: false, error: { ...error, message: `in the array "${name}": ${error.message}` } };
}
