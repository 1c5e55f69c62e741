// Writes PNG files for the tests, with any filter in any row; the filters here are written forwards, from the
// standard, and share nothing with the reader.

import { crc32, deflateSync } from 'node:zlib';

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  /** Colour type: 0 grey, 2 colour, 3 palette, 4 and 6 with alpha. */
  readonly type?: number;
  readonly interlaced?: boolean;
  /** Rows as bytes, without filters. */
  readonly rows: readonly Uint8Array[];
  /** The filter of each row; 0 where none is given. */
  readonly filters?: readonly number[];
  /** Chunks before the pixels. */
  readonly extra?: readonly (readonly [type: string, data: Uint8Array])[];
}

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(body, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

export function pngBytes(parts: PngParts): Buffer {
  const { width, height, depth = 8, type = 0, interlaced = false, rows, filters = [], extra = [] } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlaced ? 1 : 0], 8);
  const channels = [1, 0, 3, 1, 2, 0, 4][type] ?? 1;
  const distance = Math.max(1, (depth * channels) / 8);
  const filtered = rows.map((row, i) => {
    const filter = filters[i] ?? 0;
    const above = rows[i - 1] ?? new Uint8Array(row.length);
    const predicted = (k: number): number => {
      const [a, b, c] = [row[k - distance] ?? 0, above[k] ?? 0, above[k - distance] ?? 0];
      const p = a + b - c;
      const nearest = [a, b, c].toSorted((x, y) => Math.abs(p - x) - Math.abs(p - y));
      return [0, a, b, Math.floor((a + b) / 2), nearest[0] ?? 0][filter] ?? 0;
    };
    return Buffer.concat([Uint8Array.of(filter), row.map((byte, k) => byte - predicted(k))]);
  });
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...extra.map(([name, data]) => chunk(name, data)),
    chunk('IDAT', deflateSync(Buffer.concat(filtered))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
