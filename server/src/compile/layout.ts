/**
 * The unknowns of one level laid end to end in one vector, in the order of the file, each row-major.
 */
import { sizeOf } from '../graph/shapes.ts';

export interface UnknownPlace {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of its first entry in the level's vector. */
  readonly offset: number;
  readonly length: number;
}

export interface Layout {
  readonly unknowns: readonly UnknownPlace[];
  readonly size: number;
}

export function layOut(
  unknowns: readonly { readonly name: string; readonly shape: readonly number[] }[],
): Layout {
  const places: UnknownPlace[] = [];
  let offset = 0;
  for (const { name, shape } of unknowns) {
    const length = sizeOf(shape);
    places.push({ name, shape, offset, length });
    offset += length;
  }
  return { unknowns: places, size: offset };
}

/** The part of `vector` that belongs to one unknown; a window, not a copy. */
export function part(vector: Float64Array, place: UnknownPlace): Float64Array {
  return vector.subarray(place.offset, place.offset + place.length);
}

/** Copies the unknowns' arrays, in order, into `vector` from its start. */
export function gather(parts: readonly Float64Array[], layout: Layout, vector: Float64Array): void {
  layout.unknowns.forEach((place, k) => {
    vector.set(parts[k] as Float64Array, place.offset);
  });
}
