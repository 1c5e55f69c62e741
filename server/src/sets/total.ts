/**
 * A total together with other demands C: the projection of y onto C ∩ {Σ x = s} is P_C(y − tau) for one
 * shift tau of all entries, the multiplier of the sum. Σ P_C(y − tau) decreases in tau, so one root is
 * searched; as P_C does not enlarge distances, the point at tau is off by at most √n times the width of
 * what encloses the root, and less where it hardly moves. For boxes simplex.ts does the same more sharply.
 */
import { normBounds, sumBounds, unitRoundoff } from './directed.ts';
import type { Empty, Projected, Projector } from './set.ts';

const u = unitRoundoff;

/** Beyond this, sums that do not reach the total never will: sets of a problem are nowhere near as large. */
const farthest = 1e12;

export function withTotal(inner: Projector, size: number, total: number): Projector | Empty {
  const ends = [farthest, -farthest].map((shift) =>
    sumAt(inner, new Float64Array(size), shift * Math.max(1, Math.abs(total))),
  );
  const [least, most] = ends as [Trial, Trial];
  if (least.below > total) return { empty: `entries sum to ${least.below} at least, never to ${total}` };
  if (most.above < total) return { empty: `entries sum to ${most.above} at most, never to ${total}` };
  return (y) => (y.every((value) => Number.isFinite(value)) ? search(inner, y, total) : inner(y));
}

interface Trial {
  readonly tau: number;
  readonly projected: Projected;
  /** Of the sum of the exact projection. */
  readonly below: number;
  readonly above: number;
}

function sumAt(inner: Projector, y: Float64Array, tau: number): Trial {
  const shifted = y.map((value) => value - tau);
  const { point, error: own, kind } = inner(shifted);
  // Each difference is off by u.
  const error = (own + u * normBounds(shifted).above) * (1 + 4 * u);
  const { below, above } = sumBounds(point);
  const slack = Math.sqrt(y.length) * error * (1 + 4 * u);
  return { tau, projected: { point, error, kind }, below: below - slack, above: above + slack };
}

function search(inner: Projector, y: Float64Array, total: number): Projected {
  const at = (tau: number): Trial => sumAt(inner, y, tau);
  const scale = y.reduce(
    (most, value) => Math.max(most, Math.abs(value)),
    Math.abs(total) + Number.MIN_VALUE,
  );
  let low: Trial | undefined;
  let high: Trial | undefined;
  // Outwards until the total is enclosed: sums that never reach it stay open on that side.
  for (
    let reach = scale;
    reach <= 2 * farthest * scale && (low === undefined || high === undefined);
    reach *= 4
  ) {
    if (low === undefined) {
      const trial = at(-reach);
      if (trial.below >= total) low = trial;
    }
    if (high === undefined) {
      const trial = at(reach);
      if (trial.above <= total) high = trial;
    }
  }
  if (low === undefined || high === undefined) {
    const nearest = low ?? high ?? at(0);
    return { ...nearest.projected, error: Infinity, kind: 'estimated' };
  }
  // The secant, and the middle every third time: 200 steps halve the width often enough for any of them.
  for (let step = 0; step < 200; step++) {
    const drop = low.below - high.above;
    const secant = low.tau + ((low.below - total) / drop) * (high.tau - low.tau);
    const middle = low.tau + (high.tau - low.tau) / 2;
    const isUseful = step % 3 < 2 && secant > low.tau && secant < high.tau;
    const tau = isUseful ? secant : middle;
    if (!(tau > low.tau && tau < high.tau)) break;
    const next = at(tau);
    if (next.below >= total) low = next;
    else if (next.above <= total) high = next;
    else return enclosed(at, next, low, high, total);
  }
  return between(low, low, high, y.length);
}

/** From a tau whose sum cannot be told from the total, the nearest on both sides that can. */
function enclosed(
  at: (tau: number) => Trial,
  middle: Trial,
  low: Trial,
  high: Trial,
  total: number,
): Projected {
  const outwards = (side: -1 | 1, end: Trial): Trial => {
    let step = 4 * u * Math.abs(middle.tau) + Number.MIN_VALUE;
    let open = middle.tau;
    let found = end;
    for (let tau = middle.tau + side * step; side * (end.tau - tau) > 0; tau = middle.tau + side * step) {
      const next = at(tau);
      if (side < 0 ? next.below >= total : next.above <= total) {
        found = next;
        break;
      }
      open = tau;
      step *= 2;
    }
    // Between the last that could not be told and the first that can, to a tenth of what is left.
    for (let halving = 0; halving < 4; halving++) {
      const next = at(open + (found.tau - open) / 2);
      if (side < 0 ? next.below >= total : next.above <= total) found = next;
      else open = next.tau;
    }
    return found;
  };
  return between(middle, outwards(-1, low), outwards(1, high), middle.projected.point.length);
}

function between(chosen: Trial, low: Trial, high: Trial, size: number): Projected {
  const width = Math.max(chosen.tau - low.tau, high.tau - chosen.tau) * (1 + 2 * u);
  // For two points on the way (t − s) Σ(p(s) − p(t)) is at least ‖p(s) − p(t)‖², and the sum falls.
  const apart = Math.min(Math.sqrt(size) * width, Math.sqrt(width * (low.above - high.below)));
  const { point, error, kind } = chosen.projected;
  return { point, error: (apart + error) * (1 + 8 * u) + Number.MIN_VALUE, kind };
}
