/**
 * Projection onto the intersection of two sets for which there is no closed form: Dykstra's algorithm (Boyle
 * & Dykstra 1986), which is proximal gradient ascent in the dual variable q of the first set,
 * q <- v − P_A(v) with v = q + P_B(y − q), accelerated by momentum with restarts (O'Donoghue & Candès
 * 2015). It converges wherever the sets meet, but how fast is not known beforehand. By itself its error is an
 * estimate: what the last half of the iterations still moved, and how far the sets' own points lie apart. Where
 * a point of one set is known around which the other has room, duality proves a bound (`provedError`).
 */
import { distanceAbove, normBounds, unitRoundoff } from './directed.ts';
import type { Interior } from './interior.ts';
import type { Projected, Projector } from './set.ts';

const u = unitRoundoff;
const mostIterations = 3000;
/** Relative to y and the point. */
const wantedAccuracy = 1e-13;

/** The point of B, the exact one within `error` as the iteration itself judges. */
export interface DykstraResult extends Projected {
  /** How far the points of the two sets lie apart at the end; stays large where the sets do not meet. */
  readonly gap: number;
  /** The iteration came to rest. */
  readonly isFine: boolean;
  /** The dual variable of A. */
  readonly q: Float64Array;
  /** P_A(v) and P_B(w) at the end. */
  readonly inA: Projected;
  readonly inB: Projected;
  readonly v: Float64Array;
  readonly w: Float64Array;
}

/** When to stop before the accuracy is reached. */
export interface DykstraLimits {
  /** The points of the two sets are no further apart. */
  readonly gap?: number;
  readonly iterations: number;
}

/** So many iterations do where q is not far from 0. */
const directIterations = 1000;
/** The first point on the way to a far one, as a share of it, is 2 to minus this. */
const stages = 30;
/** A stage on the way stops at this, relative to the point. */
const stageAccuracy = 1e-6;
const stageIterations = 200;

export function dykstra(
  ontoA: Projector,
  ontoB: Projector,
  y: Float64Array,
  limits?: DykstraLimits,
): DykstraResult {
  if (!y.every((value) => Number.isFinite(value))) {
    const none: Projected = { point: y.slice(), error: 0, kind: 'estimated' };
    return { ...none, gap: 0, isFine: true, inA: none, inB: none, q: y, v: y, w: y };
  }
  const nothing = new Float64Array(y.length);
  const direct = ascend(ontoA, ontoB, y, nothing, limits ?? { iterations: directIterations });
  if (direct.isFine || limits !== undefined) return direct;
  // An iteration moves q by no more than the sets are apart, so that the q of a point far outside is long in
  // coming. On the way there, doubling the distance, q soon moves on a straight line.
  let q: Float64Array = nothing;
  let before = q;
  for (let stage = stages; stage > 0; stage--) {
    const there = y.map((value) => 2 ** -stage * value);
    const found = ascend(ontoA, ontoB, there, q, { accuracy: stageAccuracy, iterations: stageIterations }).q;
    // q(2s) about q(s) + 2 (q(s) − q(s/2)).
    const last = before;
    q = found.map((value, i) => value + 2 * (value - (last[i] as number)));
    before = found;
  }
  const staged = ascend(ontoA, ontoB, y, q, { iterations: mostIterations });
  return staged.gap <= direct.gap ? staged : direct;
}

function ascend(
  ontoA: Projector,
  ontoB: Projector,
  y: Float64Array,
  start: Float64Array,
  { gap: wantedGap = -1, accuracy, iterations }: DykstraLimits & { readonly accuracy?: number },
): DykstraResult {
  const minus = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => value - (b[i] as number));
  let q = start;
  let ahead = q;
  let momentum = 1;
  let checked: { readonly iteration: number; readonly point: Float64Array; readonly gap: number } | undefined;
  for (let iteration = 1; ; iteration++) {
    const w = minus(y, ahead);
    const inB = ontoB(w);
    const v = ahead.map((value, i) => value + (inB.point[i] as number));
    const inA = ontoA(v);
    const next = minus(v, inA.point);
    // Where the step turns against the momentum, the momentum starts anew.
    const turn = next.reduce(
      (sum, value, i) => sum + ((ahead[i] as number) - value) * (value - (q[i] as number)),
      0,
    );
    const grown = turn > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const factor = turn > 0 ? 0 : (momentum - 1) / grown;
    ahead = next.map((value, i) => value + factor * (value - (q[i] as number)));
    [q, momentum] = [next, grown];
    if (iteration === 1 || iteration >= iterations || iteration >= 1.5 * (checked?.iteration ?? 0)) {
      const size = Math.max(normBounds(inB.point).above, Number.MIN_VALUE);
      const scale = Math.max(normBounds(y).above, size);
      const gap = distanceAbove(inA.point, inB.point);
      const moved = checked === undefined ? Infinity : distanceAbove(inB.point, checked.point);
      const own = inA.error + inB.error + 8 * u * scale;
      const isFine = moved + gap <= (accuracy === undefined ? wantedAccuracy * scale : accuracy * size);
      // What is proved goes with the root of the gap, so that it is made as small as rounding lets it be.
      const isFinest =
        accuracy !== undefined ||
        gap <= inA.error + inB.error + 2 * u * normBounds(v).above ||
        gap > (checked?.gap ?? Infinity) / 2;
      if (gap <= wantedGap || (isFine && isFinest) || iteration >= iterations) {
        return {
          point: inB.point,
          error: moved + gap + own,
          kind: 'estimated',
          gap,
          isFine,
          inA,
          inB,
          q,
          v,
          w,
        };
      }
      checked = { iteration, point: inB.point, gap };
    }
  }
}

/**
 * A bound of ‖P_B(w) − p‖ for the projection p of y onto both sets, from a point c of one of them, O, around which
 * the other one, F, has a ball of radius r. Let g >= ‖x_A − x_B‖ for the exact x_A = P_A(v), x_B = P_B(w). With
 * t = g/(g + r) the point z = (1 − t) x_O + t c lies in O, as O is convex, and in F: it is (1 − t) x_F + t c' with
 * c' at most r from c. The normals a = v − x_A of A and b = w − x_B of B make the dual value at
 * x = y − a − b a lower bound of ‖p − y‖²/2, so that by strong convexity ‖z − p‖² is at most
 * ‖z − x‖² + 2 <a, x_A − z> + 2 <b, x_B − z>, and x_O − z = t (x_O − c), x_F − z = x_F − x_O + x_O − z. No inequality
 * asks how good the iteration was; all is rounded up, errors of the two projections counted in.
 */
export function provedError(
  y: Float64Array,
  { inA, inB, v, w }: DykstraResult,
  interior: Interior,
  whichHasRoom: 'A' | 'B',
): number {
  const up = (value: number): number => value * (1 + 16 * u);
  const [ofO, ofF] = whichHasRoom === 'B' ? [inA, inB] : [inB, inA];
  const errors = inA.error + inB.error;
  const gap = up(distanceAbove(inA.point, inB.point) + errors);
  const share = gap === 0 ? 0 : Math.min(1, up(gap / (gap + interior.radius)));
  const toCentre = up(distanceAbove(ofO.point, interior.point) + ofO.error + interior.error);
  const shift = up(share * toCentre);
  // x − x_O = y − v − w + x_F, of which each sum is rounded.
  const rest = y.map((value, i) => value - (w[i] as number) - (v[i] as number) + (ofF.point[i] as number));
  const sizes = [y, v, w, ofF.point].reduce((sum, each) => sum + normBounds(each).above, 0);
  const offset = up(normBounds(rest).above + 8 * u * sizes + ofF.error);
  const normalOfF = whichHasRoom === 'B' ? distanceAbove(w, inB.point) : distanceAbove(v, inA.point);
  const normals = up(distanceAbove(y, ofO.point) + ofO.error + offset);
  const squared = (shift + offset) ** 2 + 2 * shift * normals + 2 * up(normalOfF + ofF.error) * gap;
  const fromZ = up(Math.sqrt(up(squared))) + Math.sqrt(Number.MIN_VALUE);
  const toZ = whichHasRoom === 'B' ? gap + shift : shift + ofO.error;
  return up(fromZ + toZ);
}
