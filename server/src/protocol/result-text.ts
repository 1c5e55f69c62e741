/**
 * Numbers of a result as people read them, the same in the terminal and in the editor. A bound rounds
 * up, so that what is shown is still a bound; a value has only the digits that its bound leaves.
 */
import type { JsonBound, JsonNumber, RunResult } from './result.ts';

/** What the lower level was evaluated for, and what its products were with; counts stand before. */
export function evaluationWords(kind: RunResult['lower']['kind']): string {
  return kind === 'fixed_point' ? 'evaluations of the map' : 'lower gradients';
}

export function productWords(kind: RunResult['lower']['kind']): string {
  return kind === 'fixed_point' ? 'products with its derivative' : 'Hessian products';
}

/** Three significant digits. */
export function short(value: JsonNumber): string {
  return typeof value === 'number' ? compact(Number(value.toPrecision(3))) : value;
}

/** Below this only the smallest numbers that were allowed for are left; it stands for all of them. */
const nearlyNothing = 1e-300;

/** Two significant digits, rounded away from zero: what is printed is still a bound. */
export function upwards(value: JsonNumber): string {
  if (typeof value !== 'number') return value;
  if (value > 0 && value < nearlyNothing) return String(nearlyNothing);
  const text = Number(value.toPrecision(2));
  if (Math.abs(text) >= Math.abs(value)) return compact(text);
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const unit = 10 ** (exponent - 1);
  return compact(Number((text + Math.sign(value) * unit).toPrecision(2)));
}

/** Two significant digits, rounded towards zero: for what bounds from below, such as mu. */
export function downwards(value: JsonNumber): string {
  if (typeof value !== 'number') return value;
  const text = Number(value.toPrecision(2));
  if (Math.abs(text) <= Math.abs(value)) return compact(text);
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return compact(Number((text - Math.sign(value) * unit).toPrecision(2)));
}

/** `26 % nonzero`; small shares keep their digits, and only what has no zero is all nonzero. */
export function densityWords(density: number): string {
  const percent = 100 * density;
  const shown = percent < 10 ? Number(percent.toPrecision(2)) : Math.round(percent);
  return `${shown === 100 && density < 1 ? '> 99' : shown} % nonzero`;
}

/** All digits of a double. */
const mostDigits = 17;

/**
 * The digits of a value that its bound leaves, four at least and six where the bound says nothing, and the bound
 * of what is shown: what the digits left out is added, so that the interval on the screen is a true one.
 */
export function knownDigits(
  value: JsonNumber,
  error: JsonBound,
): { readonly text: string; readonly error: JsonBound } {
  if (typeof value !== 'number') return { text: value, error };
  const { bound } = error;
  if (typeof bound !== 'number') return { text: compact(Number(value.toPrecision(6))), error };
  if (value === 0) return { text: '0', error };
  const digits = Math.ceil(Math.log10(Math.abs(value) / Math.max(bound, Number.MIN_VALUE))) + 2;
  const shown = Number(value.toPrecision(Math.min(mostDigits, Math.max(4, digits))));
  const left = Math.abs(shown - value);
  return { text: compact(shown), error: left === 0 ? error : { ...error, bound: bound + left } };
}

function compact(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential() : String(value);
}

/** No digit of it is known, and none can be: the bound is what rounding makes of it. */
export function isZeroBesideRounding({ norm, error, roundingFloor }: RunResult['hypergradient']): boolean {
  return Number(norm) <= Number(error.bound) && Number(error.bound) <= 4 * Number(roundingFloor);
}
