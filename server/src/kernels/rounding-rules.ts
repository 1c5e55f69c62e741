/**
 * Rounding of the elementwise primitives: with v computed and |v - exact| <= e for each argument, a bound
 * of |z - phi(exact)| for z = fl(phi(v)), as |z - phi(v)| + |phi(v) - phi(exact)|. The first part is the
 * error of the function: u|z| for one correctly rounded operation, 2 ulp (4 u |z|) for exp, log, tanh, …
 * of V8, which stay below 1.85 ulp. The second bounds the derivative over [v - e, v + e], not only at v.
 * The bounds are themselves computed in floating point with at most a dozen roundings of numbers that are
 * not negative; `cover` adds that, and `underflow` the error of results below the normal range.
 */
import type { BinaryFunction, UnaryFunction } from '../graph/primitive.ts';
import { largestProductExponent, sigmoid } from '../graph/scalar-functions.ts';
import { gamma, unitRoundoff } from './rounding-unit.ts';

const u = unitRoundoff;
/** 2 ulp: an ulp is at most 2u relative. */
const elementary = 4 * u;
/**
 * erf (graph/error-function.ts) relative, on [0, 2]: the sum from the inside, R = 1 + q R', has the error
 * u + (1 − 1/R)(that of R' + 3u), with q off by 2u, in all below 18u, as the mean index of a term is below 4;
 * t² off by u moves exp by 4u, exp 4u, constant and products 4u. On [2, 6] 1 − erfc: far below.
 */
const errorFunction = 32 * u;
/** 2/√π, rounded up. */
const slopeOfErf = 1.1283791670955128;
/** Covers up to 32 roundings in computing a bound. */
const cover = 1 + 32 * u;
const smallestNormal = 2 ** -1022;
/** A few smallest numbers: each of at most four operations may lose one half of it. */
const underflow = 4 * Number.MIN_VALUE;

/** `bound` with its own rounding covered; `z` is the computed result. */
function covered(bound: number, z: number): number {
  const widened = bound * cover;
  return Math.abs(z) < smallestNormal ? widened + underflow : widened;
}

/** Error of z = fl(fn(v)) when v has error e. NaN where the error cannot be bounded by a number. */
export function unaryError(fn: UnaryFunction, v: number, e: number, z: number): number {
  switch (fn) {
    case 'negate':
    case 'absolute':
      return e;
    case 'sign':
      return e > 0 && Math.abs(v) <= e ? 2 : 0;
    case 'step':
      return e > 0 && Math.abs(v) <= e ? 1 : 0;
    case 'exp':
      return covered(z * elementary + z * (1 + elementary) * Math.expm1(e), z);
    case 'expm1':
      return covered(Math.abs(z) * elementary + (1 + Math.abs(z)) * (1 + elementary) * Math.expm1(e), z);
    case 'log':
      return covered(Math.abs(z) * elementary + quotient(e, v - e), z);
    case 'log1p':
      // 1 + v is rounded; v - (-1) is what counts.
      return covered(Math.abs(z) * elementary + quotient(e, (1 + v) * (1 - 4 * u) - e), z);
    case 'sqrt':
      // |sqrt v - sqrt x| = |v - x| / (sqrt v + sqrt x) and never more than sqrt |v - x|.
      return covered(u * z + (e === 0 ? 0 : Math.min(e / z, Math.sqrt(e))), z);
    case 'reciprocal':
      return covered(u * Math.abs(z) + Math.abs(z) * quotient(e, Math.abs(v) - e), z);
    case 'sin':
    case 'cos': {
      // The derivative is the other of the two, which moves by at most e, and neither exceeds 1.
      const slope = Math.abs(fn === 'sin' ? Math.cos(v) : Math.sin(v)) * (1 + elementary) + e;
      return covered(Math.abs(z) * elementary + e * Math.min(1, slope), z);
    }
    case 'atan': {
      const nearest = Math.max(0, Math.abs(v) - e);
      return covered(Math.abs(z) * elementary + e / (1 + nearest * nearest), z);
    }
    case 'tanh': {
      const t = Math.tanh(Math.max(0, Math.abs(v) - e));
      return covered(Math.abs(z) * elementary + e * Math.min(1, (1 - t) * (1 + t) + 16 * u), z);
    }
    case 'sigmoid': {
      // exp, a sum and a quotient: below 10 u. The derivative s(t) s(-t) falls with |t|.
      const nearest = Math.max(0, Math.abs(v) - e);
      return covered(10 * u * z + e * (sigmoid(nearest) * sigmoid(-nearest) * (1 + 32 * u)), z);
    }
    case 'softplus':
      // exp, log1p (which does not magnify relative errors) and a sum of positive terms: below 10 u.
      return covered(10 * u * z + e * Math.min(1, sigmoid(v + e) * (1 + 16 * u)), z);
    case 'erf': {
      const nearest = Math.max(0, Math.abs(v) - e);
      return covered(
        Math.abs(z) * errorFunction + e * slopeOfErf * Math.exp(-nearest * nearest * (1 - 4 * u)),
        z,
      );
    }
    case 'xlogx':
      // log and one product.
      return covered(Math.abs(z) * (elementary + 2 * u) + movedXlogx(v, e), z);
  }
}

/** |x log x − v log v| for |x − v| <= e and x >= 0; the function is convex with slope 1 + log x. */
function movedXlogx(v: number, e: number): number {
  if (e === 0) return 0;
  const [least, most] = [v - e, v + e];
  const size = (t: number): number => Math.abs(Math.log(t)) * (1 + elementary);
  if (least > 0) return e * (1 + Math.max(size(least), size(most * (1 + 4 * u)))) * (1 + 16 * u);
  // From 0 on it falls to −1/e at 1/e and rises after that: the whole oscillation on [0, v + e].
  if (most <= 0.36) return most * size(most) * (1 + 16 * u);
  return 0.37 + Math.max(0, most * size(most)) * (1 + 16 * u);
}

/** Error of z = fl(v^exponent). */
export function powerError(v: number, e: number, exponent: number, z: number): number {
  const factors = Math.abs(exponent);
  const own =
    Number.isInteger(exponent) && factors <= largestProductExponent
      ? gamma(factors - 1 + (exponent < 0 ? 1 : 0))
      : elementary;
  const rounding = own * Math.abs(z);
  if (e === 0) return covered(rounding, z);
  // |v^c - x^c| <= |c| e max |t|^(c - 1) over the interval; for c < 1 the maximum is at its near end.
  const end = exponent >= 1 ? Math.abs(v) + e : Math.abs(v) - e;
  if (end <= 0) return exponent > 0 ? covered(rounding + (2 * e) ** exponent, z) : Infinity;
  return covered(rounding + factors * e * end ** (exponent - 1), z);
}

/** Error of z = fl(fn(a, b)). */
export function binaryError(
  fn: BinaryFunction,
  a: number,
  errorA: number,
  b: number,
  errorB: number,
  z: number,
): number {
  switch (fn) {
    case 'add':
    case 'subtract':
      // Exact below the normal range.
      return (u * Math.abs(z) + errorA + errorB) * cover;
    case 'multiply':
      if ((a === 0 && errorA === 0) || (b === 0 && errorB === 0)) return 0;
      return covered(u * Math.abs(z) + Math.abs(a) * errorB + errorA * (Math.abs(b) + errorB), z);
    case 'divide': {
      if (a === 0 && errorA === 0 && b !== 0 && errorB < Math.abs(b)) return 0;
      const size = Math.abs(z) * (1 + 2 * u);
      return covered(u * size + quotient(errorA + size * errorB, Math.abs(b) - errorB), z);
    }
    case 'power': {
      const own = elementary * Math.abs(z);
      if (errorA === 0 && errorB === 0) return covered(own, z);
      // a^b = exp(b log a): the exponent moves by at most d.
      const relative = quotient(errorA, a - errorA);
      const d =
        (Math.abs(b) + errorB) * relative + (Math.abs(Math.log(a)) * (1 + elementary) + 2 * u) * errorB;
      return covered(own + Math.abs(z) * (1 + elementary) * Math.expm1(d * cover), z);
    }
    case 'maximum':
    case 'minimum':
      return Math.max(errorA, errorB);
  }
}

/** n / d for n, d >= 0 up to rounding: 0 for 0 / d, infinite when the denominator may vanish. */
function quotient(n: number, d: number): number {
  if (n === 0 && d >= 0) return 0;
  return d > 0 ? n / (d * (1 - 4 * u)) : Infinity;
}
