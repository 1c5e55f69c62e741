/**
 * Arithmetic of expectations: intervals that hold every value that real arithmetic gives on the values in their
 * arguments. Each end is the exact one where that is a number of the machine, and else its neighbour outwards, so
 * that whole numbers stay what they are. NaN stays NaN, of which nothing holds.
 */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

const everything: Ends = { low: -Infinity, high: Infinity };
const nothing: Ends = { low: NaN, high: NaN };

export function point(value: number): Ends {
  return { low: value, high: value };
}

export function negate({ low, high }: Ends): Ends {
  return { low: -high, high: -low };
}

export function add(a: Ends, b: Ends): Ends {
  return { low: sum(a.low, b.low).low, high: sum(a.high, b.high).high };
}

export function subtract(a: Ends, b: Ends): Ends {
  return add(a, negate(b));
}

export function multiply(a: Ends, b: Ends): Ends {
  return hull([
    product(a.low, b.low),
    product(a.low, b.high),
    product(a.high, b.low),
    product(a.high, b.high),
  ]);
}

/** Of a divisor that may be 0 nothing is known. */
export function divide(a: Ends, b: Ends): Ends {
  if (isUndefined(a) || isUndefined(b)) return nothing;
  if (b.low <= 0 && b.high >= 0) return everything;
  return hull([
    quotient(a.low, b.low),
    quotient(a.low, b.high),
    quotient(a.high, b.low),
    quotient(a.high, b.high),
  ]);
}

/** By a whole exponent. */
export function power(a: Ends, exponent: number): Ends {
  if (exponent < 0) return divide(point(1), power(a, -exponent));
  if (exponent === 0) return isUndefined(a) ? nothing : point(1);
  if (exponent % 2 === 1) return { low: raised(a.low, exponent).low, high: raised(a.high, exponent).high };
  const size = absolute(a);
  return { low: raised(size.low, exponent).low, high: raised(size.high, exponent).high };
}

export function absolute(a: Ends): Ends {
  if (isUndefined(a)) return nothing;
  if (a.low >= 0) return a;
  return a.high <= 0 ? negate(a) : { low: 0, high: Math.max(-a.low, a.high) };
}

/** Nothing is known where the argument may be negative. */
export function squareRoot(a: Ends): Ends {
  if (isUndefined(a)) return nothing;
  return a.low < 0 ? everything : { low: root(a.low).low, high: root(a.high).high };
}

function isUndefined({ low, high }: Ends): boolean {
  return Number.isNaN(low) || Number.isNaN(high);
}

function hull(parts: readonly Ends[]): Ends {
  return { low: Math.min(...parts.map(({ low }) => low)), high: Math.max(...parts.map(({ high }) => high)) };
}

/** `error` has the sign of exact − rounded. */
function around(rounded: number, error: number): Ends {
  if (error === 0 || Number.isNaN(rounded)) return point(rounded);
  return error > 0 ? { low: rounded, high: above(rounded) } : { low: below(rounded), high: rounded };
}

/** Both neighbours, where the sign of the error is not known; an overflow lies anywhere beyond the largest number. */
function widened(rounded: number): Ends {
  return { low: below(rounded), high: above(rounded) };
}

function sum(a: number, b: number): Ends {
  const total = a + b;
  if (!Number.isFinite(total))
    return Number.isFinite(a) && Number.isFinite(b) ? widened(total) : point(total);
  const part = total - a;
  return around(total, a - (total - part) + (b - part));
}

function product(a: number, b: number): Ends {
  const total = a * b;
  if (a === 0 || b === 0) return Number.isNaN(a + b) ? nothing : point(0);
  if (!Number.isFinite(a) || !Number.isFinite(b) || Number.isNaN(total)) return point(total);
  return splits(a) && splits(b) && isMiddling(total)
    ? around(total, errorOfProduct(a, b, total))
    : widened(total);
}

function quotient(a: number, b: number): Ends {
  const total = a / b;
  if (a === 0 || !Number.isFinite(a) || !Number.isFinite(b)) return point(Number.isNaN(total) ? NaN : total);
  if (!splits(total) || !splits(b) || !isMiddling(a) || !isMiddling(total)) return widened(total);
  const back = total * b;
  return around(total, Math.sign(b) * (a - back - errorOfProduct(total, b, back)));
}

function raised(a: number, exponent: number): Ends {
  let result = point(a);
  for (let count = 1; count < exponent; count++) result = multiply(result, point(a));
  return result;
}

function root(a: number): Ends {
  const rounded = Math.sqrt(a);
  if (!Number.isFinite(a) || a === 0) return point(rounded);
  if (!splits(rounded) || !isMiddling(a)) return widened(rounded);
  const back = rounded * rounded;
  return around(rounded, a - back - errorOfProduct(rounded, rounded, back));
}

/** Neither over- nor underflows while it is split. */
function splits(value: number): boolean {
  return Math.abs(value) < 2 ** 990 && Math.abs(value) > 2 ** -990;
}

/** The error of a product of this size is no underflow. */
function isMiddling(value: number): boolean {
  return Math.abs(value) < 2 ** 990 && Math.abs(value) > 2 ** -900;
}

/** a b − product, exactly (Dekker 1971). */
function errorOfProduct(a: number, b: number, total: number): number {
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return aLow * bLow - (total - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function halves(value: number): readonly [number, number] {
  const scaled = 134_217_729 * value;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

const buffer = new Float64Array(1);
const bits = new BigInt64Array(buffer.buffer);

/** The next larger number of the machine. */
function above(value: number): number {
  if (Number.isNaN(value) || value === Infinity) return value;
  if (value === 0) return Number.MIN_VALUE;
  buffer[0] = value;
  bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : -1n);
  return buffer[0];
}

function below(value: number): number {
  return -above(-value);
}
