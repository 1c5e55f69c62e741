/**
 * Derivative bounds of functions made of straight pieces: the slope is that of the steepest piece in
 * the interval; second and third derivatives are 0 where no kink lies inside it, and do not exist else.
 */
import { knownLeast, knownMost } from './derivative-profile.ts';
import type { Formula } from './formula.ts';
import { infinity, number, zero } from './formula.ts';

/** `slopes[k]` holds between `kinks[k - 1]` and `kinks[k]`, which ascend. */
export function piecewiseLinearBound(
  kinks: readonly number[],
  slopes: readonly number[],
  order: 1 | 2 | 3,
  lower: Formula,
  upper: Formula,
): Formula {
  const [least, most] = [knownLeast(lower), knownMost(upper)];
  const isInside = kinks.some((kink) => least < kink && kink < most);
  if (order > 1) return isInside ? infinity : zero;
  const steepest = slopes.filter((_, piece) => {
    const [from, to] = [kinks[piece - 1] ?? -Infinity, kinks[piece] ?? Infinity];
    return from <= most && least <= to;
  });
  return number(Math.max(...steepest.map(Math.abs)));
}

/** Monotone and curved as its slopes say, on the part of the line that the interval holds. */
export function slopesWithin(
  kinks: readonly number[],
  slopes: readonly number[],
  { lower, upper }: { readonly lower: number; readonly upper: number },
): readonly number[] {
  return slopes.filter((_, piece) => {
    const [from, to] = [kinks[piece - 1] ?? -Infinity, kinks[piece] ?? Infinity];
    return from < upper && lower < to;
  });
}
