/** The float64 matrices of the quadratic sample, read without the data room. */
import { readFileSync } from 'node:fs';
import type { Matrix } from './numeric.ts';

export function readNpy(path: string): Matrix {
  const bytes = readFileSync(new URL(path, import.meta.url));
  const header = bytes.subarray(10, 10 + bytes.readUInt16LE(8)).toString('latin1');
  const shape = /'shape': \((\d+), (\d+)\)/u.exec(header);
  if (shape === null || !header.includes("'<f8'") || !header.includes("'fortran_order': False"))
    throw new Error(header);
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  const at = new Float64Array(rows * columns);
  for (let k = 0; k < at.length; k++) at[k] = bytes.readDoubleLE(10 + bytes.readUInt16LE(8) + 8 * k);
  return { rows, columns, at };
}
