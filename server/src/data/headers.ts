// Shapes and column names from the beginnings of data files, for the language server while one types. No data
// value is read. One call looks at a bounded part of a file and its answer is kept until the file's size or
// time changes; the rows of a csv file beyond that part are counted by `countRows` without blocking.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { noRows } from './formats/csv.ts';
import { inferLayout } from './formats/csv-layout.ts';
import type { CsvLayout } from './formats/csv-layout.ts';
import { RecordCounter } from './formats/csv-scan.ts';
import { failure, success } from './data-error.ts';
import type { DataFailure, DataResult } from './data-error.ts';
import { gzipFailure, readFileStart } from './file-bytes.ts';
import type { FileBytes } from './file-bytes.ts';
import { readStamp } from './file-pattern.ts';
import { errorCode, systemFailure } from './file-state.ts';
import { readIdxHeader } from './formats/idx.ts';
import { readImageHeader } from './formats/image.ts';
import { defaultLimits, sampleBytes, unpackedAllowance } from './limits.ts';
import type { Limits } from './limits.ts';
import { checkBodyLength, layoutHeader } from './formats/numeric-body.ts';
import { listMat, readMatHeader } from './formats/mat.ts';
import { readMatrixMarketHeader } from './formats/matrix-market.ts';
import { npyHeaderBytes, readNpyHeader } from './formats/npy.ts';
import { listNpz, readNpzHeader } from './formats/npz.ts';
import { checkSpec, resolveSelection } from './source.ts';
import type { SourceFormat, SourceSpec } from './source.ts';
import type { FileHeader, ListedArray, SourceShape } from './table.ts';

interface CacheEntry<T> {
  readonly stamp: string;
  readonly answer: T;
}

/** More files than any problem names; the oldest entry goes first. */
const mostCached = 256;
const cache = new Map<string, CacheEntry<DataResult<FileHeader>>>();
const lists = new Map<string, CacheEntry<readonly ListedArray[]>>();

/** Room for the largest IDX header: 255 sizes of 4 bytes after the first 4. */
const idxHeaderBytes = 4 + 255 * 4;

/**
 * The header of a source's file, from its first bytes or from the cache. Binary files that are not packed are
 * also checked for their length, so that a truncated file shows while one types.
 */
export function readHeader(spec: SourceSpec, limits: Limits = defaultLimits): DataResult<FileHeader> {
  const wrong = checkSpec(spec);
  if (wrong !== undefined) return wrong;
  const stamp = readStamp(spec.path, limits);
  if (!stamp.ok) return stamp;
  return remembered(cache, cacheKey(spec), stamp.value, () => readUncached(spec, limits));
}

/** The arrays of a file that holds several, for completion; none where there is no such file. */
export function listArrays(
  format: SourceFormat,
  path: string,
  limits: Limits = defaultLimits,
): readonly ListedArray[] {
  const list = { npz: listNpz, mat: listMat }[format as string];
  const stamp = readStamp(path, limits);
  if (list === undefined || !stamp.ok) return [];
  return remembered(lists, JSON.stringify([path, format]), stamp.value, () => {
    const arrays = list(path, limits);
    return arrays.ok ? arrays.value : [];
  });
}

/**
 * The shape that the source will have once loaded, with its rows and columns applied; the number of rows is
 * undefined while the file's is not counted and the source does not choose rows. The whole answer is undefined
 * where the array lies in a part of a packed file that is not looked at.
 */
export function readShape(
  spec: SourceSpec,
  limits: Limits = defaultLimits,
): DataResult<SourceShape | undefined> {
  const header = readHeader(spec, limits);
  if (!header.ok) return header;
  const { shape, columnNames } = header.value;
  if (shape === undefined) return success(undefined);
  const counted = shape.length === 0 || shape[0] !== undefined;
  // As long as the file is not counted, rows that were asked for are believed.
  const known = shape.map((size) => size ?? Math.max(1, spec.rows?.to ?? 1));
  const resolved = resolveSelection(spec, known, columnNames);
  if (!resolved.ok) return resolved;
  if (counted || spec.rows !== undefined) return success(resolved.value.shape);
  return success([undefined, ...resolved.value.shape.slice(1)]);
}

/** Between which numbers all entries lie, where the file tells. */
export function readRange(spec: SourceSpec, limits: Limits = defaultLimits): FileHeader['range'] {
  const header = readHeader(spec, limits);
  return header.ok ? header.value.range : undefined;
}

/**
 * The header with its rows counted to the end of the file, which is read as a stream; the answer is kept for
 * `readHeader`. An aborted count is a failure and is not kept.
 */
export async function countRows(
  spec: SourceSpec,
  limits: Limits = defaultLimits,
  signal?: AbortSignal,
): Promise<DataResult<FileHeader>> {
  const header = readHeader(spec, limits);
  if (!header.ok || spec.format !== 'csv' || header.value.shape?.[0] !== undefined) return header;
  const stamp = readStamp(spec.path, limits);
  if (!stamp.ok) return stamp;
  const start = readFileStart(spec.path, sampleBytes, limits);
  if (!start.ok) return start;
  const layout = inferLayout(spec.path, start.value.bytes, start.value.whole, spec);
  if (!layout.ok) return layout;
  const rows = await streamRows(spec.path, layout.value.dataStart, start.value, limits, signal);
  if (!rows.ok) return rows;
  const counted = csvHeader(layout.value, rows.value);
  remember(cache, cacheKey(spec), stamp.value, success(counted));
  return success(counted);
}

function cacheKey(spec: SourceSpec): string {
  const { path, format, skip, separator, header, array, channels } = spec;
  return JSON.stringify([path, format, skip, separator, header, array, channels]);
}

function remembered<T>(entries: Map<string, CacheEntry<T>>, key: string, stamp: string, read: () => T): T {
  const known = entries.get(key);
  if (known?.stamp === stamp) return known.answer;
  const answer = read();
  remember(entries, key, stamp, answer);
  return answer;
}

function remember<T>(entries: Map<string, CacheEntry<T>>, key: string, stamp: string, answer: T): void {
  entries.delete(key);
  entries.set(key, { stamp, answer });
  if (entries.size > mostCached) {
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
  }
}

function readUncached(spec: SourceSpec, limits: Limits): DataResult<FileHeader> {
  const { format, path, array, channels } = spec;
  switch (format) {
    case 'npz':
      return readNpzHeader(path, array, limits);
    case 'mat':
      return readMatHeader(path, array, limits);
    case 'image':
      return readImageHeader(path, channels, limits);
    default: {
      const wanted = {
        csv: Math.max(limits.maxCountedBytes, sampleBytes),
        npy: npyHeaderBytes,
        idx: idxHeaderBytes,
        matrix_market: sampleBytes,
      }[format];
      const file = readFileStart(path, wanted, limits);
      if (!file.ok) return file;
      if (format === 'csv') return startOfCsv(spec, file.value);
      if (format === 'matrix_market') return readMatrixMarketHeader(path, file.value.bytes, file.value.whole);
      return startOfBinary(path, format, file.value);
    }
  }
}

function startOfCsv(spec: SourceSpec, file: FileBytes): DataResult<FileHeader> {
  const layout = inferLayout(spec.path, file.bytes, file.whole, spec);
  if (!layout.ok) return layout;
  if (!file.whole) return success(csvHeader(layout.value, undefined));
  const counter = new RecordCounter();
  counter.add(file.bytes.subarray(layout.value.dataStart));
  if (counter.count === 0) return noRows(spec.path, layout.value);
  return success(csvHeader(layout.value, counter.count));
}

function csvHeader(layout: CsvLayout, rows: number | undefined): FileHeader {
  return {
    shape: [rows, layout.columnCount],
    ...(layout.columnNames === undefined ? {} : { columnNames: layout.columnNames }),
  };
}

function startOfBinary(path: string, format: 'npy' | 'idx', file: FileBytes): DataResult<FileHeader> {
  const read = format === 'npy' ? readNpyHeader : readIdxHeader;
  const layout = read(path, file.bytes);
  if (!layout.ok) return layout;
  if (!file.packed) {
    const wrong = checkBodyLength(path, layout.value, file.size);
    if (wrong !== undefined) return wrong;
  }
  return success(layoutHeader(layout.value));
}

async function streamRows(
  path: string,
  dataStart: number,
  file: FileBytes,
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<DataResult<number>> {
  const counter = new RecordCounter();
  const allowance = file.packed ? unpackedAllowance(file.size, limits) : limits.maxFileBytes;
  let passed = 0;
  let tooLarge = false;
  const count = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      const skipped = Math.min(chunk.length, Math.max(0, dataStart - passed));
      passed += chunk.length;
      if (passed > allowance) {
        tooLarge = true;
        return;
      }
      counter.add(chunk.subarray(skipped));
    }
  };
  const options = signal === undefined ? {} : { signal };
  try {
    const source = createReadStream(path, { highWaterMark: 2 ** 18 });
    await (file.packed
      ? pipeline(source, createGunzip({ chunkSize: 2 ** 18 }), count, options)
      : pipeline(source, count, options));
  } catch (thrown) {
    return streamFailure(path, thrown, file, allowance);
  }
  return tooLarge
    ? streamFailure(path, { code: 'ERR_BUFFER_TOO_LARGE' }, file, allowance)
    : success(counter.count);
}

function streamFailure(path: string, thrown: unknown, file: FileBytes, allowance: number): DataFailure {
  const code = errorCode(thrown);
  if (code === 'ABORT_ERR') return failure(path, 'counting the rows was cancelled', 'Count again');
  return code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE'
    ? gzipFailure(path, thrown, file.size, allowance)
    : systemFailure(path, thrown);
}
