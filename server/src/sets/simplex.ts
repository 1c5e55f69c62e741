/**
 * `simplex`: entries at least 0 that sum to 1, or to a total. With a box it is projected onto exactly too:
 * the projection of y onto {l <= x <= u, Σ x = s} is clip(y − tau, l, u), whose sum decreases in tau, so
 * one root is searched (Held, Wolfe & Crowder 1974). Entries move one way with tau; between two values of
 * tau whose sums certainly lie on both sides of s, each entry of the exact projection is enclosed.
 */
import { ontoBox } from './box.ts';
import { distanceAbove, normBounds, sumBounds, unitRoundoff } from './directed.ts';
import type { Bounds } from './directed.ts';
import type { Box, Empty, Projected, Projector, SetKind } from './set.ts';
import { sizeOf } from './set.ts';

const u = unitRoundoff;

export const simplex: SetKind = {
  name: 'simplex',
  documentation: {
    signature: 'simplex  or  simplex(total)',
    summary: 'weights: all entries at least 0, with the sum 1 (or the given total)',
    formula: 'xᵢ ≥ 0, Σᵢ xᵢ = 1',
  },
  arguments: [{ name: 'total', kind: 'number', default: 1 }],
  range: ([total]) => ({ lower: 0, upper: Math.max(0, total?.upper ?? Infinity) }),
  demands: ([total], shape) => {
    const sum = (total as Float64Array)[0] as number;
    const size = sizeOf(shape);
    if (!(sum >= 0)) return { empty: `entries of at least 0 have no sum of ${sum}` };
    return {
      total: sum,
      box: { lower: new Float64Array(size), upper: new Float64Array(size).fill(sum) },
    };
  },
};

/** Onto the arrays of a box with the sum `total`, or why there is none. */
export function ontoBoxWithTotal(box: Box, total: number): Projector | Empty {
  const [least, most] = [sumBounds(box.lower), sumBounds(box.upper)];
  if (least.below > total || most.above < total) {
    return {
      empty: `entries within their ends sum to ${least.below > total ? `${least.below} at least` : `${most.above} at most`}, never to ${total}`,
    };
  }
  return (y) => (y.every((value) => Number.isFinite(value)) ? search(y, box, total) : ontoBox(box)(y));
}

/** clip(z − tau) with its sum between bounds, and bounds of what rounding does to each entry. */
interface Trial {
  readonly tau: number;
  readonly point: Float64Array;
  readonly sum: Bounds;
  readonly rounding: number;
  /** The root if the same entries stay free. */
  readonly guess: number;
}

function search(y: Float64Array, box: Box, total: number): Projected {
  const kept = unchanged(y, box, total);
  if (kept !== undefined) return kept;
  // A common shift of y changes nothing. After one by the largest entry, then by the root where that leaves
  // much rounding, the entries that count are of the size of the total.
  let shift = y.reduce((most, value) => Math.max(most, value), -Infinity);
  let found = enclose(y, shift, box, total);
  if (found.rounding > 8 * u * normBounds(found.point).above) {
    shift += found.tau;
    const again = enclose(y, shift, box, total);
    if (again.error < found.error) found = again;
  }
  return { point: found.point, error: found.error, kind: 'certified' };
}

interface Enclosed {
  readonly point: Float64Array;
  readonly tau: number;
  readonly rounding: number;
  readonly error: number;
}

function enclose(y: Float64Array, shift: number, box: Box, total: number): Enclosed {
  const z = y.map((value) => value - shift);
  const at = (tau: number): Trial => evaluate(z, tau, box, total);

  let high: Trial | undefined;
  let low: Trial | undefined;
  let trial = at((z.reduce((sum, value) => sum + value, 0) - total) / z.length);
  let reach = Math.max(Math.abs(trial.tau), Math.abs(total), Number.MIN_VALUE);
  // Newton's method on a piecewise linear function ends after few steps; a bisection is 64 at most, and
  // doubling the reach passes every exponent in 2200.
  for (let step = 0; step < 2400; step++) {
    if (trial.sum.below >= total) low = trial;
    else if (trial.sum.above <= total) high = trial;
    else break;
    if (low?.sum.below === total && low.sum.above === total) break;
    let next = trial.guess;
    const inside = (low === undefined || next > low.tau) && (high === undefined || next < high.tau);
    if (!inside || !Number.isFinite(next)) {
      if (low !== undefined && high !== undefined) next = low.tau + (high.tau - low.tau) / 2;
      else {
        next = low === undefined ? trial.tau - reach : trial.tau + reach;
        reach *= 2;
      }
    }
    if (!Number.isFinite(next) || next === trial.tau || next === low?.tau || next === high?.tau) break;
    trial = at(next);
  }
  const ends = [tighten(at, trial, low, -1, total), tighten(at, trial, high, 1, total)] as const;
  // Where no tau is certainly on one side, all entries at their ends are.
  const upper = ends[0]?.point ?? box.upper;
  const lower = ends[1]?.point ?? box.lower;
  const rounding = Math.max(trial.rounding, ends[0]?.rounding ?? 0, ends[1]?.rounding ?? 0);
  const error = (distanceAbove(upper, lower) + 2 * rounding) * (1 + 8 * u);
  return { point: trial.point, tau: trial.tau, rounding, error };
}

/** An array of the box whose sum is the total but for rounding is its own projection, off by that at most. */
function unchanged(y: Float64Array, { lower, upper }: Box, total: number): Projected | undefined {
  if (!y.every((value, i) => value >= (lower[i] as number) && value <= (upper[i] as number)))
    return undefined;
  const { below, above } = sumBounds(y);
  // Projections for two totals differ in 1-norm by the difference of the totals.
  const error = Math.max(Math.abs(total - below), Math.abs(above - total)) * (1 + 2 * u);
  const size = y.reduce((sum, value) => sum + Math.abs(value), 0);
  return error <= 8 * u * size ? { point: y.slice(), error, kind: 'certified' } : undefined;
}

function evaluate(z: Float64Array, tau: number, { lower, upper }: Box, total: number): Trial {
  const point = new Float64Array(z.length);
  const rounding = new Float64Array(z.length);
  let free = 0;
  let freeSum = 0;
  let fixedSum = 0;
  for (let i = 0; i < z.length; i++) {
    const [value, least, most] = [z[i] as number, lower[i] as number, upper[i] as number];
    const moved = value - tau;
    // The shift by the largest entry and this difference; an entry clipped by more than that is exact.
    const error = 2 * u * (Math.abs(value) + Math.abs(moved));
    if (moved > least && moved < most) {
      free++;
      freeSum += value;
    } else fixedSum += moved >= most ? most : least;
    point[i] = Math.min(Math.max(moved, least), most);
    rounding[i] = moved + error < least || moved - error > most ? 0 : error;
  }
  const sum = sumBounds(point);
  const slack = sumBounds(rounding).above;
  return {
    tau,
    point,
    sum: { below: sum.below - slack, above: sum.above + slack },
    rounding: normBounds(rounding).above,
    guess: (freeSum + fixedSum - total) / free,
  };
}

/**
 * The closest tau on one side (−1: a larger sum) for which that is certain. Sums may rest while tau moves
 * on (all entries at their ends), so the way back to the edge of that is searched too.
 */
function tighten(
  at: (tau: number) => Trial,
  trial: Trial,
  known: Trial | undefined,
  side: -1 | 1,
  total: number,
): Trial | undefined {
  const certain = ({ sum }: Trial): boolean => (side < 0 ? sum.below >= total : sum.above <= total);
  if (certain(trial)) return trial;
  let open = trial;
  let found = known;
  let step = 4 * u * Math.max(Math.abs(trial.tau), Math.abs(total)) + Number.MIN_VALUE;
  for (let doubling = 0; doubling < 60; doubling++, step *= 2) {
    const tau = trial.tau + side * step;
    if (known !== undefined && side * (tau - known.tau) >= 0) break;
    const next = at(tau);
    if (certain(next)) {
      found = next;
      break;
    }
    open = next;
  }
  for (let halving = 0; halving < 60 && found !== undefined; halving++) {
    if (distanceAbove(found.point, open.point) <= 4 * found.rounding) break;
    const middle = open.tau + (found.tau - open.tau) / 2;
    if (middle === open.tau || middle === found.tau) break;
    const next = at(middle);
    if (certain(next)) found = next;
    else open = next;
  }
  return found;
}
