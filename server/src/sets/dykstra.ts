/**
 * Projection onto the intersection of two sets for which there is no closed form: Dykstra's algorithm (Boyle
 * & Dykstra 1986), which is proximal gradient ascent in the dual variable q of the first set,
 * q <- v − P_A(v) with v = q + P_B(y − q), accelerated by momentum with restarts (O'Donoghue & Candès
 * 2015). It converges wherever the sets meet, but how fast is not known beforehand, so its error is an
 * estimate: what the last half of the iterations still moved, and how far the sets' own points lie apart.
 */
import { distanceAbove, normBounds, unitRoundoff } from './directed.ts';
import type { Projected, Projector } from './set.ts';

const mostIterations = 3000;
/** Relative to y and the point; sqrt(u) of it would already be lost in values of F. */
const wantedAccuracy = 1e-13;

export interface DykstraResult extends Projected {
  /** How far the points of the two sets lie apart at the end; stays large where the sets do not meet. */
  readonly gap: number;
}

export function dykstra(ontoA: Projector, ontoB: Projector, y: Float64Array): DykstraResult {
  if (!y.every((value) => Number.isFinite(value))) {
    return { point: y.slice(), error: 0, kind: 'estimated', gap: 0 };
  }
  const minus = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => value - (b[i] as number));
  let q: Float64Array = new Float64Array(y.length);
  let ahead = q;
  let momentum = 1;
  let checked: { readonly iteration: number; readonly point: Float64Array } | undefined;
  for (let iteration = 1; ; iteration++) {
    const inB = ontoB(minus(y, ahead));
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
    if (iteration === 1 || iteration >= 1.5 * (checked?.iteration ?? 0)) {
      const scale = Math.max(normBounds(y).above, normBounds(inB.point).above, Number.MIN_VALUE);
      const gap = distanceAbove(inA.point, inB.point);
      const moved = checked === undefined ? Infinity : distanceAbove(inB.point, checked.point);
      const own = inA.error + inB.error + 8 * unitRoundoff * scale;
      if (moved + gap <= wantedAccuracy * scale || iteration >= mostIterations) {
        return { point: inB.point, error: moved + gap + own, kind: 'estimated', gap };
      }
      checked = { iteration, point: inB.point };
    }
  }
}
