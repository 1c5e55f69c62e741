// Unpacks gzip, zlib and raw deflate within a bound that is given beforehand: all of a stream, or only as much
// as its beginning needs. What the decoder throws is handed back, since each format explains it in its own words.

import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** How a stream is wrapped: with the header of gzip, with that of zlib, or not at all (in zip archives). */
export type Packing = 'gzip' | 'zlib' | 'raw';

export type Inflated =
  | {
      readonly bytes: Buffer;
      /** Whether `bytes` is all of the content. */
      readonly whole: boolean;
    }
  | { readonly thrown: unknown };

const decoders = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync };

/** All of the content; more than `most` bytes of it are an error with the code ERR_BUFFER_TOO_LARGE. */
export function inflateWhole(packing: Packing, packed: Uint8Array, most: number): Inflated {
  try {
    const chunkSize = Math.max(64, Math.min(2 ** 18, most));
    const bytes = decoders[packing](packed, { maxOutputLength: Math.max(1, most), chunkSize });
    return { bytes, whole: true };
  } catch (thrown) {
    return { thrown };
  }
}

export interface StartOptions {
  /** Whether `packed` is all of the stream and not only its beginning. */
  readonly all: boolean;
  /** The content wanted, in bytes. */
  readonly wanted: number;
  /** The most that may be unpacked on the way, in bytes. */
  readonly most: number;
  /** The packed bytes of the first step; deflate expands at most 1032 to 1. */
  readonly firstStep: number;
}

/**
 * The first `wanted` bytes of the content, or all of it where it is shorter: unpacks growing parts of the
 * packed bytes until enough is there; doubling keeps the work within twice the last step.
 */
export function inflateStart(
  packing: Packing,
  packed: Uint8Array,
  { all, wanted, most, firstStep }: StartOptions,
): Inflated {
  let found: Buffer | undefined;
  for (let step = firstStep; ; step *= 2) {
    const last = step >= packed.length;
    try {
      const bytes = decoders[packing](packed.subarray(0, step), {
        maxOutputLength: most,
        finishFlush: last && all ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      });
      if (last || bytes.length > wanted) {
        return { bytes: bytes.subarray(0, wanted), whole: last && all && bytes.length <= wanted };
      }
      found = bytes;
    } catch (thrown) {
      // A stretch of zeros after what was found may overshoot the bound; what was found is a beginning too.
      return found === undefined ? { thrown } : { bytes: found, whole: false };
    }
  }
}
