// The rows of a PNG image: each begins with the number of its filter, which predicts a byte from those to the
// left and above; samples of less than 8 bits are packed, rows are padded to whole bytes. Interlaced images are
// seven such images of every eighth, fourth and second pixel (Adam7).

import type { PngHeader } from './png.ts';

interface Pass {
  readonly width: number;
  readonly height: number;
  /** First column and row of the pass in the image, and the steps between its pixels. */
  readonly column: number;
  readonly row: number;
  readonly columnStep: number;
  readonly rowStep: number;
}

/** First column, first row, step of columns, step of rows of each pass. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes that have pixels. */
function passesOf({ width, height, interlaced }: PngHeader): readonly Pass[] {
  if (!interlaced) return [{ width, height, column: 0, row: 0, columnStep: 1, rowStep: 1 }];
  return adam7
    .map(([column, row, columnStep, rowStep]) => ({
      width: Math.max(0, Math.ceil((width - column) / columnStep)),
      height: Math.max(0, Math.ceil((height - row) / rowStep)),
      column,
      row,
      columnStep,
      rowStep,
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

function rowBytes(width: number, depth: number, channels: number): number {
  return Math.ceil((width * depth * channels) / 8);
}

/** The bytes of all rows with their filters. */
export function packedBytes(header: PngHeader, channels: number): number {
  return passesOf(header).reduce(
    (sum, { width, height }) => sum + height * (1 + rowBytes(width, header.depth, channels)),
    0,
  );
}

/** The samples of all pixels, or the 1-based row of a pass whose filter does not exist. */
export function unfilter(
  bytes: Buffer,
  header: PngHeader,
  channels: number,
): Uint8Array | Uint16Array | { readonly row: number; readonly filter: number } {
  const { width, height, depth } = header;
  const count = width * height * channels;
  const samples = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  // The filters look one pixel to the left, and at least one byte.
  const distance = Math.max(1, (depth * channels) / 8);
  let at = 0;
  for (const pass of passesOf(header)) {
    const length = rowBytes(pass.width, depth, channels);
    let above: Uint8Array = new Uint8Array(length);
    for (let i = 0; i < pass.height; i++) {
      const filter = bytes[at] as number;
      const row = bytes.subarray(at + 1, at + 1 + length);
      if (filter > 4) return { row: i + 1, filter };
      reverse(filter, row, above, distance);
      const start = (pass.row + i * pass.rowStep) * width + pass.column;
      unpackRow(row, samples, pass, start, depth, channels);
      above = row;
      at += 1 + length;
    }
  }
  return samples;
}

/** Undoes a filter in place; `above` is the row before, zeros for the first. */
function reverse(filter: number, row: Uint8Array, above: Uint8Array, distance: number): void {
  if (filter === 0) return;
  for (let k = 0; k < row.length; k++) {
    const left = k < distance ? 0 : (row[k - distance] as number);
    const up = above[k] as number;
    const corner = k < distance ? 0 : (above[k - distance] as number);
    const predicted =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    row[k] = (row[k] as number) + predicted;
  }
}

/** Of the three neighbours the one nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Writes the samples of a row to their pixels, of which the first is number `start`. */
function unpackRow(
  row: Uint8Array,
  samples: Uint8Array | Uint16Array,
  pass: Pass,
  start: number,
  depth: number,
  channels: number,
): void {
  const mask = 2 ** depth - 1;
  for (let j = 0, k = 0; j < pass.width; j++) {
    const pixel = (start + j * pass.columnStep) * channels;
    for (let channel = 0; channel < channels; channel++, k++) {
      const bit = k * depth;
      samples[pixel + channel] =
        depth === 16
          ? ((row[2 * k] as number) << 8) | (row[2 * k + 1] as number)
          : ((row[bit >> 3] as number) >> (8 - depth - (bit & 7))) & mask;
    }
  }
}
