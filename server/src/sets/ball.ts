/**
 * `ball(r)`: the 2-norm of all entries at most r. Alone it is projected onto by scaling. With other demands
 * C, the projection of y onto C ∩ ball is P_C(t y) for one t in [0, 1]: the multiplier of the norm only
 * scales y. ‖P_C(t y)‖ grows with t, so one root is searched; as P_C does not enlarge distances, the
 * point at t is off by at most ‖y‖ times the width of what encloses the root, and less where it hardly moves.
 */
import { distanceAbove, normBounds, unitRoundoff } from './directed.ts';
import type { Empty, Projected, Projector, SetKind } from './set.ts';

const u = unitRoundoff;

export const ball: SetKind = {
  name: 'ball',
  documentation: {
    signature: 'ball(r)',
    summary: 'the 2-norm of all entries at most r',
    formula: '√Σᵢ xᵢ² ≤ r',
  },
  arguments: [{ name: 'r', kind: 'number' }],
  range: ([r]) => symmetric(r?.upper),
  norm: ([r]) => r?.upper ?? Infinity,
  demands: ([r]) => radiusDemand(r as Float64Array, 'radius'),
};

/** The entries of what has a norm of at most r. */
export function symmetric(r: number | undefined): { readonly lower: number; readonly upper: number } {
  const most = Math.max(0, r ?? Infinity);
  return { lower: -most, upper: most };
}

export function radiusDemand<Name extends 'radius' | 'spectral'>(
  [r]: Float64Array,
  name: Name,
): { readonly [N in Name]: number } | Empty {
  return r !== undefined && r >= 0
    ? ({ [name]: r } as { readonly [N in Name]: number })
    : { empty: `no array has a norm of at most ${r ?? ''}` };
}

export function ontoBall(radius: number): Projector {
  return (y) => {
    const size = normBounds(y);
    if (size.above <= radius || !y.every((value) => Number.isFinite(value))) {
      return { point: y.slice(), error: 0, kind: 'certified' };
    }
    let factor = Math.min(1, radius / size.above);
    // The result lies in the ball, rounding included: one or two steps down are enough.
    let point = y.map((value) => factor * value);
    while (normBounds(point).above > radius) {
      factor *= 1 - 2 * u;
      point = y.map((value) => factor * value);
    }
    // The exact length is min(‖y‖, r), this one factor · ‖y‖; each product is off by u.
    const slack = Math.max(0, radius - factor * Math.max(size.below, radius));
    const error = (slack + 4 * u * radius) * (1 + 4 * u) + Number.MIN_VALUE;
    return { point, error, kind: 'certified' };
  };
}

/**
 * Onto what fulfils the demands of `inner` and lies in the ball, or why nothing does. `isShiftFree`: a common
 * shift of y changes nothing for `inner`, so the error need not be relative to it.
 */
export function withinBall(
  inner: Projector,
  size: number,
  radius: number,
  isShiftFree: boolean,
): Projector | Empty {
  const least = inner(new Float64Array(size));
  const smallest = normBounds(least.point).below - least.error;
  if (least.kind === 'certified' && smallest > radius) {
    return { empty: `every such array has a norm of at least ${smallest}, which is more than ${radius}` };
  }
  return (y) => {
    if (!isShiftFree) return search(inner, y, radius);
    const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
    return search(
      inner,
      y.map((value) => value - mean),
      radius,
    );
  };
}

interface Trial {
  readonly t: number;
  readonly projected: Projected;
  readonly below: number;
  readonly above: number;
}

function search(inner: Projector, y: Float64Array, radius: number): Projected {
  const size = normBounds(y).above;
  const at = (t: number): Trial => {
    const { point, error: own, kind } = inner(y.map((value) => t * value));
    // Each entry of y and its multiple are off by u.
    const error = (own + 2 * u * t * size) * (1 + 2 * u) + (t > 0 ? Number.MIN_VALUE : 0);
    const { below, above } = normBounds(point);
    return { t, projected: { point, error, kind }, below: below - error, above: above + error };
  };
  const whole = at(1);
  const isFinite = y.every((value) => Number.isFinite(value));
  if (whole.above <= radius || !isFinite) return whole.projected;
  let high = whole;
  let low = at(0);
  // The secant of the norm, or the middle where it hardly moves: 200 steps pass every exponent in doubt.
  for (let step = 0; step < 200 && low.t < high.t; step++) {
    const secant = low.t + ((radius - low.below) / (high.above - low.below)) * (high.t - low.t);
    const middle = low.t + (high.t - low.t) / 2;
    const isUseful = step % 3 < 2 && secant > low.t && secant < high.t;
    const t = isUseful ? secant : middle;
    if (!(t > low.t && t < high.t)) break;
    const next = at(t);
    if (next.above <= radius) low = next;
    else if (next.below >= radius) high = next;
    else {
      [low, high] = closeIn(at, next, low, high, radius);
      break;
    }
  }
  const { point, error, kind } = low.projected;
  const width = (high.t - low.t) * (1 + 2 * u) * size;
  // For two points on the way (t − s) <y, p(t) − p(s)> is at least ‖p(t) − p(s)‖², and <y, p(t)> grows.
  const between = distanceAbove(high.projected.point, point) + error + high.projected.error;
  const apart = Math.min(width, Math.sqrt(width * between));
  return {
    point,
    error: (apart + error) * (1 + 8 * u) + Number.MIN_VALUE,
    // Where the set below only touches the sphere nothing is certainly inside.
    kind: low.above <= radius ? kind : 'estimated',
  };
}

/** From a t whose norm cannot be told from the radius, the nearest on both sides that can. */
function closeIn(
  at: (t: number) => Trial,
  middle: Trial,
  low: Trial,
  high: Trial,
  radius: number,
): readonly [Trial, Trial] {
  let [below, above] = [low, high];
  let step = 4 * u * middle.t + Number.MIN_VALUE;
  for (let doubling = 0; doubling < 60 && middle.t - step > low.t; doubling++, step *= 2) {
    const next = at(middle.t - step);
    if (next.above <= radius) {
      below = next;
      break;
    }
  }
  step = 4 * u * middle.t + Number.MIN_VALUE;
  for (let doubling = 0; doubling < 60 && middle.t + step < high.t; doubling++, step *= 2) {
    const next = at(middle.t + step);
    if (next.below >= radius) {
      above = next;
      break;
    }
  }
  return [below, above];
}
