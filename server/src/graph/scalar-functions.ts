/**
 * The scalar meaning of the elementwise primitives, in double precision. Constant folding, the
 * reference interpreter and the fast kernels all use these, so that they agree in every bit.
 */
import { erf } from './error-function.ts';
import type { BinaryFunction, UnaryFunction } from './primitive.ts';

/** 1/(1 + e^-t) without overflow: exp is only taken of a number that is not positive. */
export function sigmoid(t: number): number {
  if (t >= 0) return 1 / (1 + Math.exp(-t));
  const e = Math.exp(t);
  return e / (1 + e);
}

/** log(1 + e^t) without overflow and without cancellation. */
export function softplus(t: number): number {
  return (t > 0 ? t : 0) + Math.log1p(Math.exp(-Math.abs(t)));
}

/** t log t, continued by its limit 0 at 0. */
export function xlogx(t: number): number {
  return t === 0 ? 0 : t * Math.log(t);
}

export function step(t: number): number {
  // NaN must not become 0: it is to be found where it arises.
  return t > 0 ? 1 : t <= 0 ? 0 : NaN;
}

export function sign(t: number): number {
  return t > 0 ? 1 : t < 0 ? -1 : t === 0 ? 0 : NaN;
}

export const unaryFunctions: Readonly<Record<UnaryFunction, (t: number) => number>> = {
  negate: (t) => -t,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  reciprocal: (t) => 1 / t,
  absolute: Math.abs,
  sign,
  step,
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
  tanh: Math.tanh,
  sigmoid,
  softplus,
  erf,
  xlogx,
};

export const binaryFunctions: Readonly<Record<BinaryFunction, (s: number, t: number) => number>> = {
  add: (s, t) => s + t,
  subtract: (s, t) => s - t,
  multiply: (s, t) => s * t,
  divide: (s, t) => s / t,
  power: (s, t) => Math.pow(s, t),
  maximum: Math.max,
  minimum: Math.min,
};

/**
 * t^exponent for a constant exponent. Small integers are products, so that their rounding error is
 * the one of |exponent| - 1 multiplications (plus a division) and signs are exact.
 */
export function constantPower(t: number, exponent: number): number {
  if (Number.isInteger(exponent) && Math.abs(exponent) <= largestProductExponent) {
    let product = 1;
    for (let k = Math.abs(exponent); k > 0; k--) product *= t;
    return exponent < 0 ? 1 / product : product;
  }
  return Math.pow(t, exponent);
}

/** Above this many factors Math.pow is faster than the products, and no less accurate. */
export const largestProductExponent = 4;
