// Writes MATLAB files of version 5 for the tests: both byte orders, packed or not, dense and sparse. Files that
// SciPy wrote are in scipy-files.

import { deflateSync } from 'node:zlib';

export interface MatVariable {
  readonly name: string;
  readonly shape: readonly number[];
  /** Class of the array: 6 double, 7 single, 8 to 15 integers, 5 sparse. */
  readonly kind: number;
  /** Flags besides: 2 logical, 8 complex. */
  readonly flags?: number;
  /** Elements after the name: type and bytes. */
  readonly parts: readonly (readonly [type: number, data: Uint8Array])[];
}

export interface MatOptions {
  readonly bigEndian?: boolean;
  readonly packed?: boolean;
}

/** Doubles in the byte order of the file. */
export function doubles(values: readonly number[], bigEndian = false): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, k) =>
    bigEndian ? bytes.writeDoubleBE(value, 8 * k) : bytes.writeDoubleLE(value, 8 * k),
  );
  return bytes;
}

export function integers(values: readonly number[], bigEndian = false): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, k) =>
    bigEndian ? bytes.writeInt32BE(value, 4 * k) : bytes.writeInt32LE(value, 4 * k),
  );
  return bytes;
}

export function matBytes(
  variables: readonly MatVariable[],
  { bigEndian = false, packed = false }: MatOptions = {},
): Buffer {
  const head = Buffer.alloc(128, ' ');
  head.write('MATLAB 5.0 MAT-file, written by a test');
  head.fill(0, 116, 124);
  if (bigEndian) head.writeUInt16BE(0x100, 124);
  else head.writeUInt16LE(0x100, 124);
  head.write(bigEndian ? 'MI' : 'IM', 126);
  const element = (type: number, data: Uint8Array): Buffer => {
    const tag = Buffer.from(integers([type, data.length], bigEndian));
    const padding = type === 15 ? 0 : (8 - (data.length % 8)) % 8;
    return Buffer.concat([tag, data, Buffer.alloc(padding)]);
  };
  const whole = variables.map(({ name, shape, kind, flags = 0, parts }) =>
    element(
      14,
      Buffer.concat([
        element(6, integers([kind | (flags << 8), 0], bigEndian)),
        element(5, integers(shape, bigEndian)),
        element(1, Buffer.from(name)),
        ...parts.map(([type, data]) => element(type, data)),
      ]),
    ),
  );
  return Buffer.concat([head, ...whole.map((each) => (packed ? element(15, deflateSync(each)) : each))]);
}
