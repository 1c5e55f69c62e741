/**
 * Sharp bounds of a derivative over an interval: the largest value at the ends and at the extremes in
 * between, as a number where the ends are known as numbers, as from declared sets. Where they are
 * formulas, what is known of them whatever the data counts (the numbers in their maxima and minima);
 * formulas of one scalar are kept, so that the bound moves with theta. Invariant: never below the true
 * maximum, rounding included.
 */
import type { Bend } from './atom.ts';
import type { Formula } from './formula.ts';

export interface Extreme {
  /** Where; ±Infinity for a limit. */
  readonly at: number;
  /** An upper bound of the size there. */
  readonly size: number;
}

/** The size |phi^(k)| of one derivative on the extended line. */
export interface DerivativeProfile {
  /** Off by at most 2^-46 of itself plus 2^-49 of the largest extreme. */
  readonly size: (t: number) => number;
  /** All points of the extended line where the size is locally largest. */
  readonly extremes: readonly Extreme[];
  /** The bound over [lower, upper] as a formula of the ends. */
  readonly formula?: (lower: Formula, upper: Formula) => Formula;
}

/** Relative distance at which an extreme counts as inside: where it is, is known to a few roundings. */
const nearby = 1e-12;

/** The two sides of a second derivative, whose profile it is, by where it is positive. */
export function bendOf(
  { size, extremes }: DerivativeProfile,
  bendsUp: (t: number) => boolean,
): (way: Bend, lower: Formula, upper: Formula) => Formula {
  const side = (isUp: boolean): DerivativeProfile => ({
    size: (t) => (bendsUp(t) === isUp ? size(t) : 0),
    extremes: extremes.filter(({ at }) => bendsUp(at) === isUp),
  });
  const [up, down] = [side(true), side(false)];
  return (way, lower, upper) => profileBound(way === 'up' ? up : down, lower, upper);
}

/** The largest size over [lower, upper]. */
export function profileBound(profile: DerivativeProfile, lower: Formula, upper: Formula): Formula {
  if (profile.formula !== undefined && isOfScalars(lower) && isOfScalars(upper)) {
    return profile.formula(lower, upper);
  }
  return { kind: 'number', value: largestSize(profile, knownLeast(lower), knownMost(upper)) };
}

function largestSize({ size, extremes }: DerivativeProfile, least: number, most: number): number {
  const top = Math.max(...extremes.map((extreme) => extreme.size));
  const atEnd = (t: number): number => size(t) * (1 + 2 ** -46) + top * 2 ** -49;
  const inside = extremes.filter(({ at }) => {
    const margin = Number.isFinite(at) ? nearby * (1 + Math.abs(at)) : 0;
    return least <= at + margin && at - margin <= most;
  });
  return Math.min(top, Math.max(atEnd(least), atEnd(most), ...inside.map((extreme) => extreme.size)));
}

/** Formulas of scalars that are no numbers: a bound that follows them is readable and worth it. */
function isOfScalars(formula: Formula): boolean {
  switch (formula.kind) {
    case 'number':
      return false;
    case 'radius':
      return true;
    case 'functional':
      return formula.args.every(({ shape }) => shape.length === 0);
    case 'operation':
      return formula.args.every((argument) => argument.kind === 'number' || isOfScalars(argument));
    default:
      return false;
  }
}

/** A number that the formula is never below, whatever the data. */
export function knownLeast(formula: Formula): number {
  if (formula.kind === 'number') return formula.value;
  if (formula.kind === 'radius') return 0;
  if (formula.kind !== 'operation') return -Infinity;
  const { operation, args } = formula;
  if (operation === 'maximum') return Math.max(...args.map(knownLeast));
  if (operation === 'minimum') return Math.min(...args.map(knownLeast));
  if (operation === 'negate') return -knownMost(args[0] as Formula);
  return operation === 'exp' || operation === 'sqrt' ? 0 : -Infinity;
}

/** A number that the formula is never above, whatever the data. */
export function knownMost(formula: Formula): number {
  if (formula.kind === 'number') return formula.value;
  if (formula.kind !== 'operation') return Infinity;
  const { operation, args } = formula;
  if (operation === 'maximum') return Math.max(...args.map(knownMost));
  if (operation === 'minimum') return Math.min(...args.map(knownMost));
  return operation === 'negate' ? -knownLeast(args[0] as Formula) : Infinity;
}

/** The extremes of an even size from those on one side. */
export function mirrored(...extremes: readonly Extreme[]): readonly Extreme[] {
  return extremes.flatMap(({ at, size }) =>
    at === 0
      ? [{ at, size }]
      : [
          { at, size },
          { at: -at, size },
        ],
  );
}
