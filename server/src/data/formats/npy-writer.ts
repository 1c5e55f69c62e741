// Writes arrays of doubles in NumPy's npy format, version 1: what this writes, numpy.load and the reader of
// this room give back bit for bit. The header is padded so that the values start at a multiple of 64 bytes.

/** The bytes of an npy file (dtype '<f8', C order) with `values`, row-major, of `shape`. */
export function encodeNpy(shape: readonly number[], values: Float64Array): Uint8Array {
  // Python writes a tuple of one with a comma.
  const sizes = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`;
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${sizes}), }`;
  const prefix = 10;
  const dataStart = Math.ceil((prefix + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(dataStart - prefix - 1)}\n`;
  const bytes = new Uint8Array(dataStart + 8 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), prefix);
  for (let i = 0; i < values.length; i++) view.setFloat64(dataStart + 8 * i, values[i] as number, true);
  return bytes;
}
