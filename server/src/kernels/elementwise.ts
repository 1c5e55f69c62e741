/**
 * Elementwise kernels: one plain loop per function, so that each stays simple enough to be compiled
 * well. Binary kernels read repeated operands in place: the output is cut into runs within which each
 * operand either advances by one or stands still, and nothing is copied.
 */
import { erf } from '../graph/error-function.ts';
import type { BinaryFunction, UnaryFunction } from '../graph/primitive.ts';
import { constantPower, sigmoid, sign, softplus, step, xlogx } from '../graph/scalar-functions.ts';
import type { Kernel, Operand, Repeats } from './kernel.ts';

/** The kernel of a function of one argument. */
export function unaryKernel(fn: UnaryFunction, a: Float64Array, out: Float64Array): Kernel {
  const n = out.length;
  switch (fn) {
    case 'negate':
      return () => {
        for (let i = 0; i < n; i++) out[i] = -(a[i] as number);
      };
    case 'exp':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.exp(a[i] as number);
      };
    case 'expm1':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.expm1(a[i] as number);
      };
    case 'log':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.log(a[i] as number);
      };
    case 'log1p':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.log1p(a[i] as number);
      };
    case 'sqrt':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.sqrt(a[i] as number);
      };
    case 'reciprocal':
      return () => {
        for (let i = 0; i < n; i++) out[i] = 1 / (a[i] as number);
      };
    case 'absolute':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.abs(a[i] as number);
      };
    case 'sign':
      return () => {
        for (let i = 0; i < n; i++) out[i] = sign(a[i] as number);
      };
    case 'step':
      return () => {
        for (let i = 0; i < n; i++) out[i] = step(a[i] as number);
      };
    case 'sin':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.sin(a[i] as number);
      };
    case 'cos':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.cos(a[i] as number);
      };
    case 'atan':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.atan(a[i] as number);
      };
    case 'tanh':
      return () => {
        for (let i = 0; i < n; i++) out[i] = Math.tanh(a[i] as number);
      };
    case 'sigmoid':
      return () => {
        for (let i = 0; i < n; i++) out[i] = sigmoid(a[i] as number);
      };
    case 'softplus':
      return () => {
        for (let i = 0; i < n; i++) out[i] = softplus(a[i] as number);
      };
    case 'erf':
      return () => {
        for (let i = 0; i < n; i++) out[i] = erf(a[i] as number);
      };
    case 'xlogx':
      return () => {
        for (let i = 0; i < n; i++) out[i] = xlogx(a[i] as number);
      };
  }
}

/** The kernel of t^exponent. */
export function powerKernel(exponent: number, a: Float64Array, out: Float64Array): Kernel {
  const n = out.length;
  if (exponent === 2) {
    return () => {
      for (let i = 0; i < n; i++) {
        const t = a[i] as number;
        out[i] = t * t;
      }
    };
  }
  return () => {
    for (let i = 0; i < n; i++) out[i] = constantPower(a[i] as number, exponent);
  };
}

/** out[o + i] = fn(a[p + s i], b[q + t i]) for i < n; the steps s and t are 0 or 1. */
type Run = (
  out: Float64Array,
  o: number,
  a: Float64Array,
  p: number,
  s: number,
  b: Float64Array,
  q: number,
  t: number,
  n: number,
) => void;

const runs: Readonly<Record<BinaryFunction, Run>> = {
  add: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = (a[p] as number) + (b[q] as number);
  },
  subtract: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = (a[p] as number) - (b[q] as number);
  },
  multiply: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = (a[p] as number) * (b[q] as number);
  },
  divide: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = (a[p] as number) / (b[q] as number);
  },
  power: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = Math.pow(a[p] as number, b[q] as number);
  },
  maximum: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = Math.max(a[p] as number, b[q] as number);
  },
  minimum: (out, o, a, p, s, b, q, t, n) => {
    for (let i = 0; i < n; i++, p += s, q += t) out[o + i] = Math.min(a[p] as number, b[q] as number);
  },
};

/** How an operand is read along a run that starts at `offset` of the output. */
interface Reading {
  readonly values: Float64Array;
  readonly length: number;
  readonly step: 0 | 1;
  readonly origin: (offset: number) => number;
}

/** The kernel of a function of two arguments of the same shape in meaning; repeats are read in place. */
export function binaryKernel(fn: BinaryFunction, a: Operand, b: Operand, out: Float64Array): Kernel {
  const run = runs[fn];
  const left = reading(a, out.length);
  const right = reading(b, out.length);
  // Lengths are equal, or one divides the other (repeats of one shape), so the shorter fits both.
  const length = Math.min(left.length, right.length);
  if (length === out.length) {
    const [p, q] = [left.origin(0), right.origin(0)];
    return () => {
      run(out, 0, left.values, p, left.step, right.values, q, right.step, length);
    };
  }
  return () => {
    for (let o = 0; o < out.length; o += length) {
      run(out, o, left.values, left.origin(o), left.step, right.values, right.origin(o), right.step, length);
    }
  };
}

/** True when two operands can be read run by run: the shorter run divides the longer. */
export function readableTogether(a: Repeats | undefined, b: Repeats | undefined, size: number): boolean {
  const [long, short] = [runLength(a, size), runLength(b, size)].sort((x, y) => y - x) as [number, number];
  return short > 0 && long % short === 0;
}

function runLength(repeats: Repeats | undefined, size: number): number {
  if (repeats === undefined || repeats.middle === 1) return size;
  return repeats.inner === 1 ? repeats.middle : repeats.inner;
}

function reading(operand: Operand, size: number): Reading {
  const { values, repeats } = operand;
  const length = runLength(repeats, size);
  if (repeats === undefined) return { values, length, step: 1, origin: (offset) => offset };
  const { middle, inner } = repeats;
  if (middle === 1) return { values, length, step: 0, origin: () => 0 };
  if (inner === 1) return { values, length, step: 1, origin: (offset) => offset % middle };
  return { values, length, step: 0, origin: (offset) => Math.floor(offset / inner) % middle };
}
