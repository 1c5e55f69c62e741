// Limits that hold before anything is allocated: data files are hostile until they are read.
// The defaults admit every data set that fits a laptop and refuse what would exhaust it;
// a caller overrides single limits, never the checks.

import { failure, success } from './data-error.ts';
import type { DataResult } from './data-error.ts';

export interface Limits {
  /** Largest file on disk, in bytes. */
  readonly maxFileBytes: number;
  /** Largest content of a gzip file after unpacking, in bytes. */
  readonly maxUnpackedBytes: number;
  /** Largest ratio of unpacked to packed bytes; real data stays below 100, a bomb reaches 1032. */
  readonly maxExpansion: number;
  /** Unpacked size up to which the ratio is not looked at (a small file of zeros is no bomb), in bytes. */
  readonly freeUnpackedBytes: number;
  /** Largest number of array elements; each takes 8 bytes once loaded. */
  readonly maxElements: number;
  /** Most arrays of an archive, and most images that one pattern names. */
  readonly maxMembers: number;
  /** Most bytes the header reader looks at in one call when it counts the rows of a csv file. */
  readonly maxCountedBytes: number;
}

const mebibyte = 2 ** 20;

/** 2 GiB of file, of unpacked content and of loaded doubles. */
export const defaultLimits: Limits = {
  maxFileBytes: 2048 * mebibyte,
  maxUnpackedBytes: 2048 * mebibyte,
  maxExpansion: 200,
  freeUnpackedBytes: 64 * mebibyte,
  maxElements: 2 ** 28,
  maxMembers: 4096,
  maxCountedBytes: 4 * mebibyte,
};

/**
 * The part of a file from which its layout is inferred, in bytes. Header reader and data reader use the
 * same part, so that the shape shown while one types is the shape that loads.
 */
export const sampleBytes = mebibyte;

/** The default limits with single entries replaced. */
export function withLimits(overrides: Partial<Limits> = {}): Limits {
  return { ...defaultLimits, ...overrides };
}

/** The most bytes that `packedBytes` of gzip may unpack to. */
export function unpackedAllowance(packedBytes: number, limits: Limits): number {
  return Math.min(
    limits.maxUnpackedBytes,
    Math.max(limits.freeUnpackedBytes, packedBytes * limits.maxExpansion),
  );
}

/**
 * Checks a shape against the element limit before memory is taken for it, and returns its number of elements.
 * Every dimension must be a nonnegative integer.
 */
export function checkElements(path: string, shape: readonly number[], limits: Limits): DataResult<number> {
  let count = 1;
  // A size of 0 must not hide the others: they are still counted over.
  let counted = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      return failure(
        path,
        `the shape ${shapeText(shape)} has the size ${size}, which is not a nonnegative integer`,
        'Give every dimension a size of 0 or more',
      );
    }
    count *= size;
    counted *= Math.max(1, size);
  }
  if (counted > limits.maxElements) {
    return failure(
      path,
      `the array of shape ${shapeText(shape)} has ${counted} elements; at most ${limits.maxElements} are allowed, since each takes 8 bytes`,
      'Take fewer rows or columns, or raise the limit maxElements',
    );
  }
  return success(count);
}

/** A shape as the language writes it: `[1000, 10]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** A number of bytes for people: `3.2 MiB`. */
export function byteText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < mebibyte) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
