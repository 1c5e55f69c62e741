/**
 * Interval arithmetic on the host, rounded outwards, for the formulas of constants. Each result holds
 * every value that real arithmetic gives on the arguments. Conventions of atoms/formula.ts: 0 times
 * infinity is 0 (an absent term), a / 0 is infinite for a > 0, 0 / 0 is 0. One operation of the machine
 * is off by at most u relative; exp, log and pow of V8 by less than 2 ulp, so ends move by 4 u there.
 */

/** lower <= exact <= upper; ends may be infinite. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export const everything: Interval = { lower: -Infinity, upper: Infinity };

export function point(value: number): Interval {
  return { lower: value, upper: value };
}

const unit = 2 ** -53;

/** `ulps` roundings outwards; exact zeros and infinities stay. */
function outward(lower: number, upper: number, ulps = 1): Interval {
  const widen = (t: number) => 2 * ulps * unit * Math.abs(t) + Number.MIN_VALUE;
  return {
    lower: Number.isNaN(lower) ? -Infinity : Number.isFinite(lower) ? lower - widen(lower) : lower,
    upper: Number.isNaN(upper) ? Infinity : Number.isFinite(upper) ? upper + widen(upper) : upper,
  };
}

function isPoint(a: Interval, value: number): boolean {
  return a.lower === value && a.upper === value;
}

export function addIntervals(a: Interval, b: Interval): Interval {
  if (isPoint(a, 0)) return b;
  if (isPoint(b, 0)) return a;
  return outward(a.lower + b.lower, a.upper + b.upper);
}

export function negateInterval(a: Interval): Interval {
  return { lower: -a.upper, upper: -a.lower };
}

export function multiplyIntervals(a: Interval, b: Interval): Interval {
  if (isPoint(a, 0) || isPoint(b, 0)) return point(0);
  if (isPoint(a, 1)) return b;
  if (isPoint(b, 1)) return a;
  const times = (s: number, t: number) => (s === 0 || t === 0 ? 0 : s * t);
  const products = [
    times(a.lower, b.lower),
    times(a.lower, b.upper),
    times(a.upper, b.lower),
    times(a.upper, b.upper),
  ];
  const result = outward(Math.min(...products), Math.max(...products));
  // The product of factors that are not negative is not negative, whatever the rounding.
  return a.lower >= 0 && b.lower >= 0 ? { lower: Math.max(0, result.lower), upper: result.upper } : result;
}

export function divideIntervals(a: Interval, b: Interval): Interval {
  if (isPoint(a, 0)) return point(0);
  if (b.lower < 0 && b.upper > 0) return everything;
  if (b.upper <= 0 && b.lower < 0) return divideIntervals(negateInterval(a), negateInterval(b));
  // b >= 0 from here; its reciprocal is [1 / upper, 1 / lower] with 1 / 0 infinite.
  const reciprocal = outward(
    b.upper === Infinity ? 0 : 1 / b.upper,
    b.lower === 0 ? Infinity : b.lower === Infinity ? 0 : 1 / b.lower,
  );
  return multiplyIntervals(a, { lower: Math.max(0, reciprocal.lower), upper: reciprocal.upper });
}

export function maximumInterval(a: Interval, b: Interval): Interval {
  return { lower: Math.max(a.lower, b.lower), upper: Math.max(a.upper, b.upper) };
}

export function minimumInterval(a: Interval, b: Interval): Interval {
  return { lower: Math.min(a.lower, b.lower), upper: Math.min(a.upper, b.upper) };
}

/** Of the part of the interval that is not negative. */
export function squareRootInterval(a: Interval): Interval {
  const result = outward(Math.sqrt(Math.max(0, a.lower)), Math.sqrt(Math.max(0, a.upper)));
  return { lower: Math.max(0, result.lower), upper: result.upper };
}

export function exponentialInterval(a: Interval): Interval {
  const result = outward(Math.exp(a.lower), Math.exp(a.upper), 4);
  return { lower: Math.max(0, result.lower), upper: result.upper };
}

/** Of the part of the interval that is not negative. */
export function logarithmInterval(a: Interval): Interval {
  return outward(Math.log(Math.max(0, a.lower)), Math.log(Math.max(0, a.upper)), 4);
}

/** base^exponent with an integer exponent, or a base that is not negative. */
export function powerInterval(base: Interval, exponent: number): Interval {
  if (exponent === 0) return point(1);
  if (exponent < 0) return divideIntervals(point(1), powerInterval(base, -exponent));
  if (!Number.isInteger(exponent)) {
    const result = outward(Math.max(0, base.lower) ** exponent, Math.max(0, base.upper) ** exponent, 4);
    return { lower: Math.max(0, result.lower), upper: result.upper };
  }
  const ends = [base.lower ** exponent, base.upper ** exponent] as const;
  const even = exponent % 2 === 0;
  const least = even && base.lower <= 0 && base.upper >= 0 ? 0 : Math.min(...ends);
  const result = outward(least, Math.max(...ends), 4);
  return even || base.lower >= 0 ? { lower: Math.max(0, result.lower), upper: result.upper } : result;
}
