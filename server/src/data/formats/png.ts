// PNG files (W3C Portable Network Graphics, third edition): chunks with checksums, a header, a palette, packed
// rows. Sizes are checked before memory is taken, the packed rows must unpack to exactly the bytes that the header
// implies, and every chunk that matters must have its checksum. Colours are as stored: no gamma, no profile.

import { crc32 } from 'node:zlib';
import { cutOffFailure } from '../content.ts';
import { failure, success } from '../data-error.ts';
import type { DataFailure, DataResult } from '../data-error.ts';
import { errorCode } from '../file-state.ts';
import { inflateWhole } from '../inflate.ts';
import { byteText, unpackedAllowance } from '../limits.ts';
import type { Limits } from '../limits.ts';
import { packedBytes, unfilter } from './png-rows.ts';

/** What the header of a PNG file says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';
  readonly interlaced: boolean;
}

/** An image as stored: samples row by row, the channels of a pixel together. */
export interface PngImage extends PngHeader {
  readonly channels: number;
  readonly samples: Uint8Array | Uint16Array;
  /** Red, green and blue of each entry of a palette, from 0 to 255. */
  readonly palette?: Uint8Array;
  /** The alpha of each entry of a palette, from 0 to 255; entries beyond are opaque. */
  readonly paletteAlpha?: Uint8Array;
  /** The sample or samples of the one colour that is transparent. */
  readonly transparent?: readonly number[];
}

/** Signature and header chunk. */
export const pngHeaderBytes = 8 + 8 + 13 + 4;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Files that are often taken for PNG, by their first bytes. */
const others: readonly (readonly [start: string, name: string])[] = [
  ['\xff\xd8\xff', 'a JPEG image, whose pixels are only near the original ones'],
  ['GIF8', 'a GIF image'],
  ['BM', 'a BMP image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
  ['RIFF', 'a WebP image'],
  ['\x1f\x8b', 'packed by gzip'],
];

const colours: ReadonlyMap<
  number,
  readonly [PngHeader['colour'], channels: number, depths: readonly number[]]
> = new Map([
  [0, ['grey', 1, [1, 2, 4, 8, 16]]],
  [2, ['rgb', 3, [8, 16]]],
  [3, ['palette', 1, [1, 2, 4, 8]]],
  [4, ['grey-alpha', 2, [8, 16]]],
  [6, ['rgba', 4, [8, 16]]],
]);

/** Samples of a pixel, as stored. */
export function channelsOf({ colour }: PngHeader): number {
  return [...colours.values()].find(([name]) => name === colour)?.[1] ?? 1;
}

/** The header of a PNG file, from its first 33 bytes at least. */
export function readPngHeader(path: string, bytes: Buffer): DataResult<PngHeader> {
  const wrong = signature.findIndex((byte, k) => bytes[k] !== byte);
  if (wrong !== -1) {
    const start = bytes.toString('latin1', 0, 12);
    const other = others.find(([mark]) => start.startsWith(mark))?.[1];
    return other === undefined
      ? failure(path, 'the file does not begin with the mark of PNG images', 'Save the image as PNG', {
          byte: wrong,
        })
      : failure(path, `the file is ${other}; PNG images are read`, 'Save the image as PNG', { byte: 0 });
  }
  const header = chunkAt(path, bytes, 8, bytes.length);
  if (!header.ok) return header;
  const { type, data } = header.value;
  if (type !== 'IHDR' || data.length !== 13) return damaged(path, 8, 'its first chunk is no header');
  const width = data.readUInt32BE(0);
  const height = data.readUInt32BE(4);
  const depth = data[8] as number;
  const colour = colours.get(data[9] as number);
  if (width === 0 || height === 0) return damaged(path, 16, `the image has ${width} x ${height} pixels`);
  if (colour === undefined) return damaged(path, 25, `the colour type ${data[9] as number} is not known`);
  if (!colour[2].includes(depth)) return damaged(path, 24, `samples of ${depth} bits do not fit its colours`);
  if (data[10] !== 0) return damaged(path, 26, 'the packing is not known');
  if (data[11] !== 0) return damaged(path, 27, 'the filters are not known');
  if ((data[12] as number) > 1) return damaged(path, 28, 'the interlacing is not known');
  return success({ width, height, depth, colour: colour[0], interlaced: data[12] === 1 });
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  readonly next: number;
}

function chunkAt(path: string, bytes: Buffer, at: number, size: number): DataResult<Chunk> {
  if (at + 12 > bytes.length) return cutOffFailure(path, size, 'its chunks');
  const length = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (!/^[A-Za-z]{4}$/.test(type)) return damaged(path, at + 4, 'a chunk has no name');
  const next = at + 12 + length;
  if (next > bytes.length) return cutOffFailure(path, size, `its chunk ${type}`);
  const data = bytes.subarray(at + 8, next - 4);
  // Chunks that say nothing about the pixels may be as they like.
  if (isNeeded(type) && crc32(bytes.subarray(at + 4, next - 4)) !== bytes.readUInt32BE(next - 4)) {
    return damaged(path, at, `the checksum of its chunk ${type} is wrong`);
  }
  return success({ type, data, next });
}

/** Whether the pixels depend on a chunk: capital initials mean that, and transparency is one besides. */
function isNeeded(type: string): boolean {
  return /^[A-Z]/.test(type) || type === 'tRNS';
}

function damaged(path: string, byte: number, problem: string): DataFailure {
  return failure(path, `the image is damaged at byte ${byte}: ${problem}`, 'Write or download it again', {
    byte,
  });
}

/** Decodes the whole content of a PNG file, of which the header was read. */
export function decodePng(
  path: string,
  bytes: Buffer,
  header: PngHeader,
  limits: Limits,
): DataResult<PngImage> {
  const chunks = readChunks(path, bytes, header);
  if (!chunks.ok) return chunks;
  const { packed, packedAt, palette, transparency } = chunks.value;
  if (header.colour === 'palette' && palette === undefined) {
    return damaged(path, packedAt, 'its palette is missing');
  }
  const channels = channelsOf(header);
  const expected = packedBytes(header, channels);
  const allowance = unpackedAllowance(packed.length, limits);
  if (expected > allowance) {
    return failure(
      path,
      `its ${byteText(packed.length)} of pixels unpack to ${byteText(expected)}, more than ${byteText(allowance)}, the limit for their size`,
      'Use a smaller image, or raise the limits maxUnpackedBytes and maxExpansion',
      { byte: packedAt },
    );
  }
  const rows = inflateWhole('zlib', packed, expected);
  if ('thrown' in rows) {
    const { thrown } = rows;
    const reason =
      errorCode(thrown) === 'ERR_BUFFER_TOO_LARGE'
        ? 'there are more pixels than the header says'
        : thrown instanceof Error
          ? thrown.message
          : String(thrown);
    return damaged(path, packedAt, reason);
  }
  if (rows.bytes.length !== expected) {
    return damaged(path, packedAt, `it has ${rows.bytes.length} bytes of pixels, not ${expected}`);
  }
  const samples = unfilter(rows.bytes, header, channels);
  if ('row' in samples) {
    return damaged(
      path,
      packedAt,
      `row ${samples.row} names the filter ${samples.filter}, which there is not`,
    );
  }
  return success({
    ...header,
    channels,
    samples,
    ...(palette === undefined ? {} : { palette }),
    ...transparencyOf(header, transparency),
  });
}

interface Chunks {
  /** The packed rows, and where they begin. */
  readonly packed: Buffer;
  readonly packedAt: number;
  readonly palette?: Buffer;
  readonly transparency?: Buffer;
}

function readChunks(path: string, bytes: Buffer, { colour, depth }: PngHeader): DataResult<Chunks> {
  const parts: Buffer[] = [];
  let packedAt = 0;
  let palette: Buffer | undefined;
  let transparency: Buffer | undefined;
  for (let at = pngHeaderBytes; ;) {
    const chunk = chunkAt(path, bytes, at, bytes.length);
    if (!chunk.ok) return chunk;
    const { type, data, next } = chunk.value;
    if (type === 'IEND') break;
    if (type === 'IDAT') {
      if (parts.length === 0) packedAt = at;
      parts.push(data);
    } else if (type === 'PLTE') {
      const entries = data.length / 3;
      const most = colour === 'palette' ? 2 ** depth : 256;
      if (!Number.isInteger(entries) || entries < 1 || entries > most || palette !== undefined) {
        return damaged(path, at, `a palette of ${data.length} bytes does not fit`);
      }
      palette = data;
    } else if (type === 'tRNS') {
      const wanted = { grey: 2, rgb: 6, palette: palette?.length ?? 0, 'grey-alpha': -1, rgba: -1 }[colour];
      const fits = colour === 'palette' ? data.length * 3 <= wanted : data.length === wanted;
      if (!fits || transparency !== undefined) return damaged(path, at, 'its transparency does not fit');
      transparency = data;
    } else if (isNeeded(type)) {
      return failure(path, `the chunk ${type} at byte ${at} is not known`, 'Save the image again as PNG', {
        byte: at,
      });
    }
    at = next;
  }
  if (parts.length === 0) return damaged(path, pngHeaderBytes, 'it has no pixels');
  return success({
    packed: Buffer.concat(parts),
    packedAt,
    ...(palette === undefined ? {} : { palette }),
    ...(transparency === undefined ? {} : { transparency }),
  });
}

function transparencyOf(
  { colour, depth }: PngHeader,
  data: Buffer | undefined,
): Pick<PngImage, 'paletteAlpha' | 'transparent'> {
  if (data === undefined) return {};
  if (colour === 'palette') return { paletteAlpha: data };
  const mask = 2 ** depth - 1;
  return {
    transparent: Array.from({ length: data.length / 2 }, (_, k) => data.readUInt16BE(2 * k) & mask),
  };
}
