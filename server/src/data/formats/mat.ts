// MATLAB's level 5 files, as save(…, "-v6") and save(…, "-v7") write them: a head of 128 bytes, then one element
// for each variable, packed by zlib or not. For a list of the variables only their heads are looked at. Numeric,
// logical and sparse arrays are read, row-major; text, cells, structs and objects are refused in words.

import { contentOf, cutOffFailure, withContent } from '../content.ts';
import type { Content } from '../content.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { isGzip, readFileBytes, readFileStart } from '../file-bytes.ts';
import { errorCode } from '../file-state.ts';
import { inflateStart, inflateWhole } from '../inflate.ts';
import { byteText, unpackedAllowance } from '../limits.ts';
import type { Limits } from '../limits.ts';
import {
  compressedType,
  longestHead,
  matrixType,
  numberTypes,
  readArrayHead,
  readElement,
  readInteger,
  sparseKind,
} from './mat-element.ts';
import type { ArrayHead, ElementFault } from './mat-element.ts';
import { openMatSparse } from './mat-sparse.ts';
import { chooseArray, tableOf } from './named-arrays.ts';
import { elementBytes, openNumeric } from './numeric-body.ts';
import type { FileHeader, ListedArray, Table } from '../table.ts';

const headBytes = 128;
const tagBytes = 8;

interface Variable extends ListedArray {
  readonly head: ArrayHead;
  readonly shape: readonly number[];
  readonly littleEndian: boolean;
  /** Where its data begins in the file and how many bytes they are, as they lie there. */
  readonly start: number;
  readonly bytes: number;
  readonly packed: boolean;
}

interface Variables {
  readonly found: readonly Variable[];
  /** Whether the file has no more; only a part of a gzip file is looked at while one types. */
  readonly complete: boolean;
}

/** Opens the variable `wanted`, or the only one that can be read. */
export function openMat(path: string, wanted: string | undefined, limits: Limits): DataResult<Table> {
  return withMat(path, undefined, limits, (content) => {
    const variables = listVariables(content, limits);
    if (!variables.ok) return variables;
    const chosen = chooseArray(path, wanted, variables.value.found);
    if (!chosen.ok) return chosen;
    return tableOf(chosen.value.name, openVariable(content, chosen.value, limits));
  });
}

/** The shape of the variable that `openMat` opens. */
export function readMatHeader(
  path: string,
  wanted: string | undefined,
  limits: Limits,
): DataResult<FileHeader> {
  return withMat(path, limits.maxCountedBytes, limits, (content) => {
    const variables = listVariables(content, limits);
    if (!variables.ok) return variables;
    const { found, complete } = variables.value;
    if (!complete && (wanted === undefined || found.every(({ name }) => name !== wanted))) return success({});
    const chosen = chooseArray(path, wanted, found);
    return chosen.ok ? success({ shape: chosen.value.shape }) : chosen;
  });
}

/** Every variable of a file, with its shape or why it cannot be read. */
export function listMat(path: string, limits: Limits): DataResult<readonly ListedArray[]> {
  return withMat(path, limits.maxCountedBytes, limits, (content) => {
    const variables = listVariables(content, limits);
    if (!variables.ok) return variables;
    return success(
      variables.value.found.map(({ name, shape, refusal }) =>
        refusal === undefined ? { name, shape } : { name, refusal },
      ),
    );
  });
}

/** The file in parts; where it is gzip, unpacked into memory, only the first `wanted` bytes if that is given. */
function withMat<T>(
  path: string,
  wanted: number | undefined,
  limits: Limits,
  use: (content: Content) => DataResult<T>,
): DataResult<T> {
  return withContent(path, limits, (content) => {
    const mark = content.read(0, 2);
    if (!mark.ok) return mark;
    if (!isGzip(mark.value)) return use(content);
    const unpacked = wanted === undefined ? readFileBytes(path, limits) : readFileStart(path, wanted, limits);
    return unpacked.ok ? use(contentOf(path, unpacked.value.bytes, unpacked.value.whole)) : unpacked;
  });
}

function listVariables(content: Content, limits: Limits): DataResult<Variables> {
  const littleEndian = readHead(content);
  if (!littleEndian.ok) return littleEndian;
  const { path, size, whole } = content;
  const found: Variable[] = [];
  const names = new Set<string>();
  for (let at = headBytes; at < size;) {
    const tag = content.read(at, tagBytes);
    if (!tag.ok) return tag;
    if (tag.value.length < tagBytes) {
      return whole ? cutOffFailure(path, size, 'a variable') : success({ found, complete: false });
    }
    const type = readInteger(tag.value, 0, littleEndian.value);
    const bytes = readInteger(tag.value, 4, littleEndian.value);
    const start = at + tagBytes;
    if (type !== matrixType && type !== compressedType) {
      return damagedAt(path, at, `an element of the type ${type} is no variable`);
    }
    const ends = start + bytes <= size;
    if (whole && !ends) {
      return failure(
        path,
        `the file ends at byte ${size}, within a variable that should end at byte ${start + bytes}`,
        'The file is cut off: write or download it again',
        { byte: size },
      );
    }
    const packed = type === compressedType;
    const head = readHeadOf(content, { start, bytes, packed }, littleEndian.value);
    // A head that lies beyond the part that is looked at is not known, and neither is what follows.
    if (!head.ok) return ends ? head : success({ found, complete: false });
    const { name, shape } = head.value;
    const refusal = refusalOf(head.value);
    // The variable without a name is what MATLAB keeps for objects.
    if (name !== '') {
      if (names.has(name)) return damagedAt(path, at, `the variable "${name}" stands twice`);
      names.add(name);
      const variable = {
        name,
        shape,
        head: head.value,
        littleEndian: littleEndian.value,
        start,
        bytes,
        packed,
      };
      found.push(refusal === undefined ? variable : { ...variable, refusal });
    }
    if (found.length > limits.maxMembers) {
      return failure(
        path,
        `the file has more than ${limits.maxMembers} variables`,
        'Save fewer in one file, or raise the limit maxMembers',
        { byte: at },
      );
    }
    at = start + bytes;
  }
  return success({ found, complete: whole });
}

/** Whether the file is little-endian, from its first 128 bytes. */
function readHead(content: Content): DataResult<boolean> {
  const { path, size } = content;
  const head = content.read(0, headBytes);
  if (!head.ok) return head;
  const refuse = (is: string, byte: number) =>
    failure(path, `the file is ${is}`, 'Save it with save(name, …, "-v7")', { byte });
  const version73 = 'of MATLAB version 7.3 (HDF5); versions 5 to 7 are read';
  if (head.value.toString('latin1', 0, 4) === '\x89HDF') return refuse(version73, 0);
  // The head of later versions begins with a text.
  if (size > 4 && head.value.subarray(0, 4).includes(0)) {
    return refuse('of MATLAB version 4, or no MATLAB file; versions 5 to 7 are read', 0);
  }
  if (head.value.length < headBytes) return cutOffFailure(path, size, 'its head of 128 bytes');
  const order = head.value.toString('latin1', 126, 128);
  if (order !== 'IM' && order !== 'MI') return refuse('no MATLAB file of the versions 5 to 7', 126);
  const littleEndian = order === 'IM';
  const version = littleEndian ? head.value.readUInt16LE(124) : head.value.readUInt16BE(124);
  if (version === 0x200) return refuse(version73, 124);
  return version === 0x100
    ? success(littleEndian)
    : refuse(`of the unknown version 0x${version.toString(16)}`, 124);
}

function damagedAt(path: string, byte: number, problem: string): DataFailure {
  return failure(
    path,
    `the file is damaged at byte ${byte}: ${problem}`,
    'Write or download the file again',
    { byte },
  );
}

type Stored = Pick<Variable, 'start' | 'bytes' | 'packed'>;

function readHeadOf(content: Content, stored: Stored, littleEndian: boolean): DataResult<ArrayHead> {
  const { path } = content;
  const part = content.read(stored.start, Math.min(stored.bytes, longestHead));
  if (!part.ok) return part;
  if (!stored.packed) {
    const head = readArrayHead(part.value, stored.bytes, littleEndian);
    return 'fault' in head ? damagedAt(path, stored.start + head.at, head.fault) : success(head);
  }
  let head = readPackedHead(part.value, stored, usualHead, littleEndian);
  if ('fault' in head) head = readPackedHead(part.value, stored, longestHead, littleEndian);
  if ('thrown' in head) return packedFailure(path, stored, head.thrown, mostForHead);
  return 'fault' in head ? damagedAt(path, stored.start, head.fault) : success(head);
}

/** Nearly every head is shorter. */
const usualHead = 128;
/** Bytes that unpacking a head may take. */
const mostForHead = 2 ** 22;

/** The head of a packed variable, as far as it lies in the first `wanted` bytes. */
function readPackedHead(
  part: Buffer,
  { bytes: packedBytes }: Stored,
  wanted: number,
  littleEndian: boolean,
): ArrayHead | ElementFault | { readonly thrown: unknown } {
  const start = inflateStart('zlib', part, {
    all: part.length === packedBytes,
    wanted: tagBytes + wanted,
    most: mostForHead,
    firstStep: 256,
  });
  if ('thrown' in start) return start;
  const { bytes } = start;
  if (bytes.length < tagBytes || readInteger(bytes, 0, littleEndian) !== matrixType) {
    return { fault: 'the packed variable is no array', at: 0 };
  }
  return readArrayHead(bytes.subarray(tagBytes), readInteger(bytes, 4, littleEndian), littleEndian);
}

function packedFailure(path: string, { start, bytes }: Stored, thrown: unknown, most: number): DataFailure {
  if (errorCode(thrown) === 'ERR_BUFFER_TOO_LARGE') {
    return failure(
      path,
      `the variable at byte ${start}, ${byteText(bytes)} packed, unpacks to more than ${byteText(most)}`,
      'Save it with save(name, …, "-v6") if you trust it, or raise the limits maxUnpackedBytes and maxExpansion',
      { byte: start },
    );
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return damagedAt(path, start, `a packed variable does not unpack (${reason})`);
}

const kindWords: ReadonlyMap<number, string> = new Map([
  [1, 'a cell array'],
  [2, 'a struct'],
  [3, 'an object'],
  [4, 'text'],
  [16, 'a function handle'],
  [17, 'an object, such as a table, a string or a date'],
]);

/** Why an array cannot be read; undefined: it can. */
function refusalOf({ kind, complex }: ArrayHead): string | undefined {
  const words = kindWords.get(kind);
  if (words !== undefined) return words;
  if (kind < sparseKind || kind > 15) return `of the unknown kind ${kind}`;
  return complex ? 'an array of complex numbers' : undefined;
}

function openVariable(content: Content, variable: Variable, limits: Limits): DataResult<Table> {
  const { path } = content;
  const { head, littleEndian, start, packed } = variable;
  const data = readData(content, variable, limits);
  if (!data.ok) return data;
  // In a packed variable every place is that of the variable; else that of the byte itself.
  const end = data.value.length;
  const fail = ({ fault, at }: ElementFault): DataFailure =>
    damagedAt(path, packed ? start : start + at, fault);
  if (head.kind === sparseKind) {
    return openMatSparse(path, { bytes: data.value, head, littleEndian, fail });
  }
  const element = readElement(data.value, head.valuesAt, end, littleEndian);
  if ('fault' in element) return fail(element);
  const type = numberTypes.get(element.type);
  if (type === undefined) {
    return fail({ fault: `values of the type ${element.type} are no numbers`, at: head.valuesAt });
  }
  const count = head.shape.reduce((product, size) => product * size, 1);
  if (element.bytes !== count * elementBytes(type)) {
    return fail({
      fault: `${element.bytes} bytes of values do not fill the shape [${head.shape.join(', ')}]`,
      at: head.valuesAt,
    });
  }
  const values = data.value.subarray(element.start, element.start + element.bytes);
  const table = openNumeric(path, values, {
    shape: head.shape,
    type,
    littleEndian,
    columnMajor: true,
    dataStart: 0,
  });
  return table.ok ? success(placedAt(table.value, packed ? undefined : start + element.start)) : table;
}

/** A table whose failures count bytes from the beginning of the file; in a packed variable none have a place. */
function placedAt({ shape, read }: Table, valuesStart: number | undefined): Table {
  return {
    shape,
    read: (selection) => {
      const values = read(selection);
      if (values.ok) return values;
      const { byte, ...error } = values.error;
      const placed = valuesStart === undefined || byte === undefined ? {} : { byte: valuesStart + byte };
      return { ok: false, error: { ...error, ...placed } };
    },
  };
}

/** The data of a variable after its tag, unpacked. */
function readData(content: Content, variable: Variable, limits: Limits): DataResult<Buffer> {
  const { path } = content;
  const { start, bytes, packed, littleEndian } = variable;
  const stored = content.read(start, bytes);
  if (!stored.ok || !packed) return stored;
  const most = unpackedAllowance(bytes, limits);
  const unpacked = inflateWhole('zlib', stored.value, most);
  if ('thrown' in unpacked) return packedFailure(path, variable, unpacked.thrown, most);
  const announced = readInteger(unpacked.bytes, 4, littleEndian);
  return tagBytes + announced <= unpacked.bytes.length
    ? success(unpacked.bytes.subarray(tagBytes, tagBytes + announced))
    : damagedAt(path, start, 'the packed variable is shorter than it says');
}
