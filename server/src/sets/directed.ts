/**
 * Sums and norms between bounds a few roundings apart, however many terms there are: compensated
 * summation (Neumaier 1974; Ogita, Rump & Oishi 2005, Proposition 4.5: the error is at most
 * u |s| + gamma_n² Σ|a_i|). With ends so close, the roots that projections search are found to the last digits.
 */
export const unitRoundoff = 2 ** -53;

/** below <= exact <= above. */
export interface Bounds {
  readonly below: number;
  readonly above: number;
}

function gamma(count: number): number {
  const product = count * unitRoundoff;
  return product < 1 ? product / (1 - product) : Infinity;
}

interface Compensated {
  readonly sum: number;
  /** Σ|a_i|, about. */
  readonly magnitude: number;
  /** No addition was rounded. */
  readonly exact: boolean;
}

function compensated(count: number, term: (index: number) => number): Compensated {
  let sum = 0;
  let correction = 0;
  let magnitude = 0;
  let exact = true;
  for (let i = 0; i < count; i++) {
    const next = term(i);
    const total = sum + next;
    const lost = Math.abs(sum) >= Math.abs(next) ? sum - total + next : next - total + sum;
    if (lost !== 0) exact = false;
    correction += lost;
    sum = total;
    magnitude += Math.abs(next);
  }
  return { sum: sum + correction, magnitude, exact };
}

/** The whole line where the sum overflows. */
export function sumBounds(values: Float64Array): Bounds {
  const { sum, magnitude, exact } = compensated(values.length, (i) => values[i] as number);
  if (exact) return { below: sum, above: sum };
  const error = 2 * unitRoundoff * Math.abs(sum) + 2 * gamma(values.length) ** 2 * magnitude;
  return Number.isFinite(sum) && Number.isFinite(error)
    ? { below: sum - error, above: sum + error }
    : { below: -Infinity, above: Infinity };
}

/** Of the 2-norm. Squares are scaled by a power of two, so that none over- or underflows that counts. */
export function normBounds(values: Float64Array): Bounds {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  if (largest === 0) return { below: 0, above: 0 };
  if (!Number.isFinite(largest)) return { below: 0, above: Infinity };
  const scale = 2 ** -Math.max(-1000, Math.floor(Math.log2(largest)));
  const { sum } = compensated(values.length, (i) => (scale * (values[i] as number)) ** 2);
  const norm = Math.sqrt(sum) / scale;
  // Squares u, their sum 2u + 2 gamma², half of both by the root, and the root's own u; the rest is room.
  const error = (4 * unitRoundoff + 2 * gamma(values.length) ** 2) * norm + Number.MIN_VALUE;
  return { below: Math.max(0, norm - error), above: norm + error };
}

/** Not below the 2-norm of the difference of two arrays as stored. */
export function distanceAbove(a: Float64Array, b: Float64Array): number {
  const gap = a.map((value, i) => value - (b[i] as number));
  return normBounds(gap).above * (1 + 2 * unitRoundoff);
}
