/**
 * Reduction kernels: sums, largest entries, logsumexp and softmax over rows. Every sum runs in one
 * fixed order: four partial sums over ascending entries where a whole array or row is summed (they
 * break the chain of dependent additions), plain ascending order where leading axes are summed.
 */
import { sizeOf, stridesOf, withoutAxes } from '../graph/shapes.ts';
import type { Kernel } from './kernel.ts';

/** A reduction over adjacent axes as [outer, length, inner]; undefined when the axes are not adjacent. */
function adjacent(
  shape: readonly number[],
  axes: readonly number[],
): { outer: number; length: number; inner: number } | undefined {
  const first = axes[0] as number;
  const last = axes.at(-1) as number;
  if (last - first + 1 !== axes.length) return undefined;
  return {
    outer: sizeOf(shape.slice(0, first)),
    length: sizeOf(shape.slice(first, last + 1)),
    inner: sizeOf(shape.slice(last + 1)),
  };
}

/** For every entry the offset of its group, for reductions over axes that are not adjacent. */
function groups(shape: readonly number[], axes: readonly number[]): Int32Array {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const strides = stridesOf(withoutAxes(shape, axes));
  const own = stridesOf(shape);
  const target = new Int32Array(sizeOf(shape));
  for (let offset = 0; offset < target.length; offset++) {
    let group = 0;
    kept.forEach((axis, k) => {
      const position = Math.floor(offset / (own[axis] as number)) % (shape[axis] as number);
      group += position * (strides[k] as number);
    });
    target[offset] = group;
  }
  return target;
}

export function sumKernel(
  a: Float64Array,
  shape: readonly number[],
  axes: readonly number[],
  out: Float64Array,
): Kernel {
  const form = adjacent(shape, axes);
  if (form === undefined) {
    const group = groups(shape, axes);
    return () => {
      out.fill(0);
      for (let k = 0; k < a.length; k++) {
        const target = group[k] as number;
        out[target] = (out[target] as number) + (a[k] as number);
      }
    };
  }
  const { outer, length, inner } = form;
  if (inner === 1) {
    return () => {
      for (let o = 0; o < outer; o++) out[o] = sumRange(a, o * length, length);
    };
  }
  return () => {
    out.fill(0);
    for (let o = 0, k = 0; o < outer; o++) {
      for (let j = 0; j < length; j++) {
        const target = o * inner;
        for (let i = 0; i < inner; i++, k++) out[target + i] = (out[target + i] as number) + (a[k] as number);
      }
    }
  };
}

/** Four partial sums over a[start .. start + length), then their sum. */
function sumRange(a: Float64Array, start: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const end = start + length;
  let k = start;
  for (; k + 4 <= end; k += 4) {
    s0 += a[k] as number;
    s1 += a[k + 1] as number;
    s2 += a[k + 2] as number;
    s3 += a[k + 3] as number;
  }
  for (; k < end; k++) s0 += a[k] as number;
  return s0 + s1 + (s2 + s3);
}

export function largestKernel(
  a: Float64Array,
  shape: readonly number[],
  axes: readonly number[],
  out: Float64Array,
): Kernel {
  const group = axes.length === shape.length ? undefined : groups(shape, axes);
  return () => {
    out.fill(-Infinity);
    for (let k = 0; k < a.length; k++) {
      const target = group === undefined ? 0 : (group[k] as number);
      out[target] = Math.max(out[target] as number, a[k] as number);
    }
  };
}

/** Per row of `width` entries: top + log of the sum of exp(entry - top). */
export function logsumexpKernel(a: Float64Array, width: number, out: Float64Array): Kernel {
  return () => {
    for (let i = 0, begin = 0; i < out.length; i++, begin += width) {
      const top = largestInRange(a, begin, width);
      if (!Number.isFinite(top)) {
        out[i] = top;
        continue;
      }
      let total = 0;
      for (let k = begin; k < begin + width; k++) total += Math.exp((a[k] as number) - top);
      out[i] = top + Math.log(total);
    }
  };
}

/** Per row: exp(entry - top) divided by the sum of these. */
export function softmaxKernel(a: Float64Array, width: number, out: Float64Array): Kernel {
  return () => {
    for (let begin = 0; begin < a.length; begin += width) {
      const top = largestInRange(a, begin, width);
      let total = 0;
      for (let k = begin; k < begin + width; k++) {
        const e = Math.exp((a[k] as number) - top);
        out[k] = e;
        total += e;
      }
      for (let k = begin; k < begin + width; k++) out[k] = (out[k] as number) / total;
    }
  };
}

function largestInRange(a: Float64Array, begin: number, length: number): number {
  let top = -Infinity;
  for (let k = begin; k < begin + length; k++) top = Math.max(top, a[k] as number);
  return top;
}
