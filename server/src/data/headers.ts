// Shapes and column names from the beginnings of data files, for the language server while one types. No data
// value is read. One call looks at a bounded part of a file and its answer is kept until the file's size or
// time changes; the rows of a csv file beyond that part are counted by `countRows` without blocking.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { noRows } from './csv.ts';
import { inferLayout } from './csv-layout.ts';
import type { CsvLayout } from './csv-layout.ts';
import { RecordCounter } from './csv-scan.ts';
import { failure, success } from './data-error.ts';
import type { DataFailure, DataResult } from './data-error.ts';
import { errorCode, gzipFailure, readFileStart, readFileState, systemFailure } from './file-bytes.ts';
import type { FileBytes, FileState } from './file-bytes.ts';
import { readIdxHeader } from './idx.ts';
import { defaultLimits, sampleBytes, unpackedAllowance } from './limits.ts';
import type { Limits } from './limits.ts';
import { checkBodyLength, elementRange } from './numeric-body.ts';
import type { ElementType } from './numeric-body.ts';
import { npyHeaderBytes, readNpyHeader } from './npy.ts';
import { checkSpec, resolveSelection } from './source.ts';
import type { SourceSpec } from './source.ts';

/** What the beginning of a file says. */
export interface FileHeader {
  /** The shape of all of the file; the number of rows is undefined while a long csv file is not counted. */
  readonly shape: readonly (number | undefined)[];
  /** The names in the header line of a csv file, for completion. */
  readonly columnNames?: readonly string[];
  /** The element type of a binary file. */
  readonly elementType?: ElementType;
  readonly separator?: CsvLayout['separator'];
}

/** A shape whose number of rows may not be known yet. */
export type SourceShape = readonly (number | undefined)[];

interface CacheEntry extends FileState {
  readonly header: DataResult<FileHeader>;
}

/** More files than any problem names; the oldest entry goes first. */
const mostCached = 256;
const cache = new Map<string, CacheEntry>();

/** Room for the largest IDX header: 255 sizes of 4 bytes after the first 4. */
const idxHeaderBytes = 4 + 255 * 4;

/**
 * The header of a source's file, from its first bytes or from the cache. Binary files that are not packed are
 * also checked for their length, so that a truncated file shows while one types.
 */
export function readHeader(spec: SourceSpec, limits: Limits = defaultLimits): DataResult<FileHeader> {
  const wrong = checkSpec(spec);
  if (wrong !== undefined) return wrong;
  const state = readFileState(spec.path, limits);
  if (!state.ok) return state;
  const key = cacheKey(spec);
  const cached = cache.get(key);
  if (cached?.size === state.value.size && cached.modified === state.value.modified) return cached.header;
  const header = readUncached(spec, limits);
  remember(key, state.value, header);
  return header;
}

/**
 * The shape that the source will have once loaded, with its rows and columns applied; the number of rows is
 * undefined while the file's is not counted and the source does not choose rows.
 */
export function readShape(spec: SourceSpec, limits: Limits = defaultLimits): DataResult<SourceShape> {
  const header = readHeader(spec, limits);
  if (!header.ok) return header;
  const { shape, columnNames } = header.value;
  const counted = shape.length === 0 || shape[0] !== undefined;
  // As long as the file is not counted, rows that were asked for are believed.
  const known = shape.map((size) => size ?? Math.max(1, spec.rows?.to ?? 1));
  const resolved = resolveSelection(spec, known, columnNames);
  if (!resolved.ok) return resolved;
  if (counted || spec.rows !== undefined) return success(resolved.value.shape);
  return success([undefined, ...resolved.value.shape.slice(1)]);
}

/** Between which numbers all entries lie, where the element type of the file tells. */
export function readRange(spec: SourceSpec, limits: Limits = defaultLimits): ReturnType<typeof elementRange> {
  const header = readHeader(spec, limits);
  const type = header.ok ? header.value.elementType : undefined;
  return type === undefined ? undefined : elementRange(type);
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
  if (!header.ok || spec.format !== 'csv' || header.value.shape[0] !== undefined) return header;
  const state = readFileState(spec.path, limits);
  if (!state.ok) return state;
  const start = readFileStart(spec.path, sampleBytes, limits);
  if (!start.ok) return start;
  const layout = inferLayout(spec.path, start.value.bytes, start.value.whole, spec);
  if (!layout.ok) return layout;
  const rows = await streamRows(spec.path, layout.value.dataStart, start.value, limits, signal);
  if (!rows.ok) return rows;
  const counted = csvHeader(layout.value, rows.value);
  remember(cacheKey(spec), state.value, success(counted));
  return success(counted);
}

function cacheKey(spec: SourceSpec): string {
  return JSON.stringify([spec.path, spec.format, spec.skip, spec.separator, spec.header]);
}

function remember(key: string, state: FileState, header: DataResult<FileHeader>): void {
  cache.delete(key);
  cache.set(key, { size: state.size, modified: state.modified, header });
  if (cache.size > mostCached) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
}

function readUncached(spec: SourceSpec, limits: Limits): DataResult<FileHeader> {
  const wanted =
    spec.format === 'csv' ? Math.max(limits.maxCountedBytes, sampleBytes) : binaryStart(spec.format);
  const file = readFileStart(spec.path, wanted, limits);
  if (!file.ok) return file;
  return spec.format === 'csv' ? startOfCsv(spec, file.value) : startOfBinary(spec, file.value);
}

function binaryStart(format: 'npy' | 'idx'): number {
  return format === 'npy' ? npyHeaderBytes : idxHeaderBytes;
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
    separator: layout.separator,
    ...(layout.columnNames === undefined ? {} : { columnNames: layout.columnNames }),
  };
}

function startOfBinary(spec: SourceSpec, file: FileBytes): DataResult<FileHeader> {
  const read = spec.format === 'npy' ? readNpyHeader : readIdxHeader;
  const layout = read(spec.path, file.bytes);
  if (!layout.ok) return layout;
  if (!file.packed) {
    const wrong = checkBodyLength(spec.path, layout.value, file.size);
    if (wrong !== undefined) return wrong;
  }
  return success({ shape: layout.value.shape, elementType: layout.value.type });
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
