/**
 * Double-double arithmetic: an unevaluated sum hi + lo of two doubles, about 32 digits, as the route with
 * more digits against which rounding bounds and certificates are tested. Sums and products are Knuth's
 * and Dekker's error-free transformations (no fused multiply-add in the language); quotients and roots
 * are one Newton step from the double result; exp, log, sin, cos and erf use Taylor series, the first
 * four after a reduction of the argument, and log, log1p and atan Newton's iteration.
 * Valid while intermediate values stay within about 1e-140 to 1e140.
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

export const zero: DoubleDouble = { hi: 0, lo: 0 };
export const one: DoubleDouble = { hi: 1, lo: 0 };
/** log 2 to 32 digits. */
const log2: DoubleDouble = { hi: 0.6931471805599453, lo: 2.3190468138462996e-17 };

export function dd(value: number): DoubleDouble {
  return { hi: value, lo: 0 };
}

export function toNumber(a: DoubleDouble): number {
  return a.hi + a.lo;
}

function quickSum(hi: number, lo: number): DoubleDouble {
  const sum = hi + lo;
  return Number.isFinite(sum) ? { hi: sum, lo: lo - (sum - hi) } : dd(sum);
}

function twoSum(a: number, b: number): DoubleDouble {
  const sum = a + b;
  if (!Number.isFinite(sum)) return dd(sum);
  const part = sum - a;
  return { hi: sum, lo: a - (sum - part) + (b - part) };
}

const splitter = 2 ** 27 + 1;

function twoProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  if (!Number.isFinite(product)) return dd(product);
  const [ca, cb] = [splitter * a, splitter * b];
  const [ah, bh] = [ca - (ca - a), cb - (cb - b)];
  const [al, bl] = [a - ah, b - bh];
  return { hi: product, lo: ah * bh - product + ah * bl + al * bh + al * bl };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.hi, b.hi);
  const low = twoSum(a.lo, b.lo);
  const first = quickSum(high.hi, high.lo + low.hi);
  return quickSum(first.hi, first.lo + low.lo);
}

export function negate(a: DoubleDouble): DoubleDouble {
  return { hi: -a.hi, lo: -a.lo };
}

export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return add(a, negate(b));
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.hi, b.hi);
  return quickSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  if (!Number.isFinite(first) || b.hi === 0) return dd(first);
  const rest = subtract(a, multiply(b, dd(first)));
  const second = rest.hi / b.hi;
  const last = subtract(rest, multiply(b, dd(second)));
  return add(quickSum(first, second), dd(last.hi / b.hi));
}

export function sqrt(a: DoubleDouble): DoubleDouble {
  if (a.hi <= 0) return dd(Math.sqrt(a.hi));
  const root = Math.sqrt(a.hi);
  const rest = subtract(a, twoProduct(root, root));
  return add(dd(root), dd(rest.hi / (2 * root)));
}

/** a = k log 2 + r, |r| <= 0.35, and e^r - 1 by Taylor's series of r / 2^9, doubled nine times. */
function reducedExponential(a: DoubleDouble): { power: number; rest: DoubleDouble } {
  const k = Math.round(a.hi / log2.hi);
  const reduced = subtract(a, multiply(log2, dd(k)));
  const small: DoubleDouble = { hi: reduced.hi / 512, lo: reduced.lo / 512 };
  let term = small;
  let total = small;
  for (let n = 2; n <= 12; n++) {
    term = divide(multiply(term, small), dd(n));
    total = add(total, term);
  }
  // e^(2r) - 1 = (e^r - 1)(e^r - 1 + 2).
  for (let n = 0; n < 9; n++) total = multiply(total, add(total, dd(2)));
  return { power: 2 ** k, rest: total };
}

function scaled(a: DoubleDouble, powerOfTwo: number): DoubleDouble {
  return { hi: a.hi * powerOfTwo, lo: a.lo * powerOfTwo };
}

export function exp(a: DoubleDouble): DoubleDouble {
  if (a.hi > 700) return dd(Infinity);
  if (a.hi < -700) return zero;
  const { power: factor, rest } = reducedExponential(a);
  return scaled(add(one, rest), factor);
}

/** e^a - 1 without cancellation near 0. */
export function expm1(a: DoubleDouble): DoubleDouble {
  if (a.hi < -700) return dd(-1);
  if (a.hi > 700) return dd(Infinity);
  const { power: factor, rest } = reducedExponential(a);
  return add(scaled(rest, factor), subtract(dd(factor), one));
}

/** log a by two Newton steps on e^y = a from the double result. */
export function log(a: DoubleDouble): DoubleDouble {
  if (!(a.hi > 0) || a.hi === Infinity) return dd(Math.log(a.hi));
  let y = dd(Math.log(a.hi));
  for (let k = 0; k < 2; k++) y = add(y, subtract(multiply(a, exp(negate(y))), one));
  return y;
}

/** log(1 + a) without cancellation near 0. */
export function log1p(a: DoubleDouble): DoubleDouble {
  let y = dd(Math.log1p(a.hi));
  // y <- y + (a - (e^y - 1)) / e^y
  for (let k = 0; k < 2; k++) {
    const e = expm1(y);
    y = add(y, divide(subtract(a, e), add(e, one)));
  }
  return y;
}

export function tanh(a: DoubleDouble): DoubleDouble {
  const e = expm1(multiply(dd(-2 * Math.sign(a.hi || 1)), a));
  const size = divide(negate(e), add(e, dd(2)));
  return a.hi < 0 ? negate(size) : size;
}

/** π/2 to 32 digits, and 2/√π. */
const halfPi: DoubleDouble = { hi: 1.5707963267948966, lo: 6.123233995736766e-17 };
export const twoOverRootPi: DoubleDouble = { hi: 1.1283791670955126, lo: 1.533545961316588e-17 };

/** sin and cos of a = k π/2 + r, |r| <= 0.8, by their series; good to about 1e-31 |a|. */
function sine(a: DoubleDouble, quarterTurns: number): DoubleDouble {
  const k = Math.round(a.hi / halfPi.hi);
  const rest = subtract(a, multiply(halfPi, dd(k)));
  const turns = (((k + quarterTurns) % 4) + 4) % 4;
  const square = negate(multiply(rest, rest));
  let term = turns % 2 === 0 ? rest : one;
  let total = term;
  for (let n = turns % 2 === 0 ? 2 : 1; n <= 32; n += 2) {
    term = divide(multiply(term, square), dd(n * (n + 1)));
    total = add(total, term);
  }
  return turns < 2 ? total : negate(total);
}

export function sin(a: DoubleDouble): DoubleDouble {
  return Number.isFinite(a.hi) ? sine(a, 0) : dd(NaN);
}

export function cos(a: DoubleDouble): DoubleDouble {
  return Number.isFinite(a.hi) ? sine(a, 1) : dd(NaN);
}

/** arctan a by two Newton steps on tan y = a: y <- y + (a cos y − sin y) cos y. */
export function atan(a: DoubleDouble): DoubleDouble {
  if (Math.abs(a.hi) > 1e8) {
    const rest = atan(divide(one, absolute(a)));
    const size = subtract(halfPi, rest);
    return a.hi < 0 ? negate(size) : size;
  }
  let y = dd(Math.atan(a.hi));
  for (let k = 0; k < 2; k++) {
    const [s, c] = [sin(y), cos(y)];
    // tan(y + h) = a for tan h = (a c − s)/(c + a s), and h is tiny.
    y = add(y, divide(subtract(multiply(a, c), s), add(c, multiply(a, s))));
  }
  return y;
}

/** 2/√π e^(−a²) Σ 2ⁿ a^(2n+1)/(2n+1)!!, all terms of one sign. */
export function erf(a: DoubleDouble): DoubleDouble {
  if (Math.abs(a.hi) > 9) return dd(Math.sign(a.hi));
  const square = multiply(a, a);
  let term = a;
  let total = a;
  for (let n = 1; n < 500; n++) {
    term = multiply(term, divide(multiply(dd(2), square), dd(2 * n + 1)));
    total = add(total, term);
    if (Math.abs(term.hi) < 1e-34 * Math.abs(total.hi)) break;
  }
  return multiply(multiply(twoOverRootPi, exp(negate(square))), total);
}

/** a^b = e^(b log a) for a > 0. */
export function power(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return exp(multiply(b, log(a)));
}

export function absolute(a: DoubleDouble): DoubleDouble {
  return a.hi < 0 || (a.hi === 0 && a.lo < 0) ? negate(a) : a;
}

/** -1, 0 or 1 as a is below, equal to or above b. */
export function compare(a: DoubleDouble, b: DoubleDouble): number {
  const difference = subtract(a, b);
  return Math.sign(difference.hi === 0 ? difference.lo : difference.hi);
}
