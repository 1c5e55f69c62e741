/**
 * Kernels that move entries: repeats, transposes, slices, pads, joins, windows and the choice of one
 * column per row. All are one strided copy between an array and a box within another, or, where windows
 * are added up, one strided addition; ascending in the source, so that the order of sums is fixed.
 */
import { sizeOf, stridesOf } from '../graph/shapes.ts';
import type { Kernel, Repeats } from './kernel.ts';

/** target[q + k t] = source[p + k s] for k < n, or += . */
type Row = (
  source: Float64Array,
  p: number,
  s: number,
  target: Float64Array,
  q: number,
  t: number,
  n: number,
) => void;

const copyRow: Row = (source, p, s, target, q, t, n) => {
  for (let k = 0; k < n; k++) target[q + k * t] = source[p + k * s] as number;
};

const addRow: Row = (source, p, s, target, q, t, n) => {
  for (let k = 0; k < n; k++) {
    const at = q + k * t;
    target[at] = (target[at] as number) + (source[p + k * s] as number);
  }
};

/**
 * The kernel that copies a box of lengths `shape` from `source` to `target`, each with its own start
 * and strides. The innermost axis is a plain loop.
 */
export function copyBox(
  shape: readonly number[],
  source: Float64Array,
  sourceStart: number,
  sourceStrides: readonly number[],
  target: Float64Array,
  targetStart: number,
  targetStrides: readonly number[],
): Kernel {
  return eachRow(copyRow, shape, source, sourceStart, sourceStrides, target, targetStart, targetStrides);
}

function eachRow(
  row: Row,
  shape: readonly number[],
  source: Float64Array,
  sourceStart: number,
  sourceStrides: readonly number[],
  target: Float64Array,
  targetStart: number,
  targetStrides: readonly number[],
): Kernel {
  const size = sizeOf(shape);
  const inner = shape.at(-1) ?? 1;
  const [stepSource, stepTarget] = [sourceStrides.at(-1) ?? 0, targetStrides.at(-1) ?? 0];
  const outer = shape.slice(0, -1);
  const position = new Array<number>(outer.length).fill(0);
  return () => {
    if (size === 0) return;
    position.fill(0);
    let p = sourceStart;
    let q = targetStart;
    for (;;) {
      row(source, p, stepSource, target, q, stepTarget, inner);
      let axis = outer.length - 1;
      for (; axis >= 0; axis--) {
        p += sourceStrides[axis] as number;
        q += targetStrides[axis] as number;
        const next = (position[axis] as number) + 1;
        if (next < (outer[axis] as number)) {
          position[axis] = next;
          break;
        }
        p -= next * (sourceStrides[axis] as number);
        q -= next * (targetStrides[axis] as number);
        position[axis] = 0;
      }
      if (axis < 0) return;
    }
  };
}

export function broadcastKernel(
  source: Float64Array,
  sourceShape: readonly number[],
  shape: readonly number[],
  out: Float64Array,
): Kernel {
  const own = stridesOf(sourceShape);
  const offset = shape.length - sourceShape.length;
  const strides = shape.map((_, axis) => {
    const inside = axis - offset;
    return inside < 0 || sourceShape[inside] === 1 ? 0 : (own[inside] as number);
  });
  return copyBox(shape, source, 0, strides, out, 0, stridesOf(shape));
}

/** Repeats of `source` in `shape` as [outer, middle, inner], or undefined when they need more axes. */
export function repeatsOf(source: readonly number[], shape: readonly number[]): Repeats | undefined {
  const offset = shape.length - source.length;
  const own = shape.map((length, axis) => (axis >= offset && source[axis - offset] === length ? length : 1));
  const first = own.findIndex((length) => length > 1);
  if (first < 0) return { outer: 1, middle: 1, inner: sizeOf(shape) };
  const last = own.findLastIndex((length) => length > 1);
  for (let axis = first; axis <= last; axis++) if (own[axis] !== shape[axis]) return undefined;
  return {
    outer: sizeOf(shape.slice(0, first)),
    middle: sizeOf(shape.slice(first, last + 1)),
    inner: sizeOf(shape.slice(last + 1)),
  };
}

export function transposeKernel(
  source: Float64Array,
  sourceShape: readonly number[],
  permutation: readonly number[],
  out: Float64Array,
): Kernel {
  const own = stridesOf(sourceShape);
  const shape = permutation.map((axis) => sourceShape[axis] as number);
  const strides = permutation.map((axis) => own[axis] as number);
  return copyBox(shape, source, 0, strides, out, 0, stridesOf(shape));
}

export function sliceKernel(
  source: Float64Array,
  sourceShape: readonly number[],
  start: readonly number[],
  shape: readonly number[],
  out: Float64Array,
): Kernel {
  const strides = stridesOf(sourceShape);
  return copyBox(shape, source, offsetOf(start, strides), strides, out, 0, stridesOf(shape));
}

/** Writes zeros once at binding; the box inside is copied at every call. */
export function padKernel(
  source: Float64Array,
  sourceShape: readonly number[],
  before: readonly number[],
  shape: readonly number[],
  out: Float64Array,
): Kernel {
  const strides = stridesOf(shape);
  out.fill(0);
  return copyBox(sourceShape, source, 0, stridesOf(sourceShape), out, offsetOf(before, strides), strides);
}

export function concatenateKernel(
  parts: readonly { readonly values: Float64Array; readonly shape: readonly number[] }[],
  axis: number,
  shape: readonly number[],
  out: Float64Array,
): Kernel {
  const strides = stridesOf(shape);
  let begin = 0;
  const copies = parts.map((part) => {
    const copy = copyBox(
      part.shape,
      part.values,
      0,
      stridesOf(part.shape),
      out,
      begin * (strides[axis] as number),
      strides,
    );
    begin += part.shape[axis] as number;
    return copy;
  });
  return () => {
    for (const copy of copies) copy();
  };
}

/** The place in a window and the place of the window move along the same axes of the source. */
export function windowsKernel(
  source: Float64Array,
  sourceShape: readonly number[],
  lengths: readonly number[],
  shape: readonly number[],
  out: Float64Array,
): Kernel {
  return copyBox(shape, source, 0, windowStrides(sourceShape, lengths), out, 0, stridesOf(shape));
}

export function overlapAddKernel(
  source: Float64Array,
  sourceShape: readonly number[],
  lengths: readonly number[],
  shape: readonly number[],
  out: Float64Array,
): Kernel {
  const strides = windowStrides(shape, lengths);
  const add = eachRow(addRow, sourceShape, source, 0, stridesOf(sourceShape), out, 0, strides);
  return () => {
    out.fill(0);
    add();
  };
}

function windowStrides(shape: readonly number[], lengths: readonly number[]): number[] {
  const strides = stridesOf(shape);
  const lead = shape.length - lengths.length;
  return [...strides, ...strides.slice(lead)];
}

/** out[i] = z[i, labels[i]]. */
export function pickKernel(
  z: Float64Array,
  classes: number,
  labels: Float64Array,
  out: Float64Array,
): Kernel {
  return () => {
    for (let i = 0; i < out.length; i++) out[i] = z[i * classes + (labels[i] as number)] as number;
  };
}

/** out[i, labels[i]] = v[i], zeros elsewhere. */
export function placeKernel(
  v: Float64Array,
  labels: Float64Array,
  classes: number,
  out: Float64Array,
): Kernel {
  return () => {
    out.fill(0);
    for (let i = 0; i < v.length; i++) out[i * classes + (labels[i] as number)] = v[i] as number;
  };
}

function offsetOf(start: readonly number[], strides: readonly number[]): number {
  return start.reduce((sum, position, axis) => sum + position * (strides[axis] as number), 0);
}
