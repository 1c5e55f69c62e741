/**
 * Proved bounds of the norm of convolution with filters k_1, …, k_m (of one or two axes) on arrays of any
 * length: sup over frequencies of √P, P(ω) = sum_f |k̂_f(ω)|², which bounds the operator with valid, zero
 * and periodic boundaries alike. P = sum_u r_u cos(u·ω), with r the autocorrelation, is a trigonometric
 * polynomial of degree w - 1 along each axis. Near its maximum M at ω* it is at least M cos(d (ω - ω*))
 * (M. Riesz 1914), so N equal steps along an axis miss at most the factor cos(π d / N). With several channels the
 * symbols form a matrix K̂(ω); P is its squared Frobenius norm, and its 2-norm the sharp answer (channel-norm.ts).
 */
import type { Bounds } from './certified-eigenvalues.ts';
import type { ChannelFilters, Turns } from './channel-norm.ts';
import { ChannelSymbol, workAtPoint } from './channel-norm.ts';
import { gamma, roundedDown, roundedUp, underflowUnit, unitRoundoff } from './rounding-unit.ts';

/** Multiply-adds for one bound, about a tenth of a second. */
const mostWork = 5e7;
/** Grid points for each degree, the first that is affordable: they miss 0.06, 0.5 and 4 per cent along an axis. */
const densities = [64, 24, 8];

/**
 * For filters of `shape` [m, w] or [m, h, w], or [f, c, h, w] from c channels, row-major; NaN when an entry is not
 * finite.
 */
export function convolutionNormBounds(shape: readonly number[], values: Float64Array): Bounds {
  const [height, width] =
    shape.length === 2 ? [1, shape[1] as number] : (shape.slice(-2) as [number, number]);
  const taps = height * width;
  const count = values.length / taps;
  let largest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) return { lower: NaN, upper: NaN };
    largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0) return { lower: 0, upper: 0 };
  // A power of two: exact, and squares neither overflow nor underflow.
  const scale = 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  const filters = values.map((value) => value * scale);
  const sums = squaredAbsoluteSums(filters, taps);
  const found = sampledMaximum(filters, count, height, width);
  const bound = (square: number, up: boolean): number => {
    const root = Math.sqrt(Math.max(0, square)) / scale;
    return up
      ? roundedUp(root * (1 + 4 * unitRoundoff))
      : Math.max(0, roundedDown(root * (1 - 4 * unitRoundoff)));
  };
  if (found === undefined) return { lower: 0, upper: bound(sums, true) };
  // Sums of at most this many terms, with cosines off by a few units, of total size `sums`.
  const error = gamma(8 * (values.length + 4 * taps) + 128) * sums + taps * underflowUnit;
  const upper = ((found.maximum + error) / found.missed) * (1 + 16 * unitRoundoff);
  const ofEntries = { lower: bound(found.maximum - error, false), upper: bound(Math.min(sums, upper), true) };
  const [f, c] = shape as readonly [number, number];
  if (shape.length < 4 || f === 1 || c === 1) return ofEntries;
  const joint = sampledChannels({ values: filters, shape: [f, c, height, width] });
  if (joint === undefined)
    return { lower: roundedDown(ofEntries.lower / Math.sqrt(Math.min(f, c))), upper: ofEntries.upper };
  const most = ((joint.upper + error) / joint.missed) * (1 + 16 * unitRoundoff);
  return { lower: bound(joint.lower - error, false), upper: Math.min(ofEntries.upper, bound(most, true)) };
}

/** The largest ‖K̂‖² on the grid, from both sides; undefined when too costly. */
function sampledChannels(
  filters: ChannelFilters,
): { readonly lower: number; readonly upper: number; readonly missed: number } | undefined {
  const [, , height, width] = filters.shape;
  for (const density of densities) {
    const [stepsY, stepsX] = [Math.max(1, density * (height - 1)), Math.max(1, density * (width - 1))];
    // K̂(−ω) is the conjugate of K̂(ω).
    const half = Math.floor(stepsX / 2) + 1;
    if (stepsY * half * workAtPoint(filters) > mostWork) continue;
    const symbol = new ChannelSymbol(filters);
    const [turnY, turnX] = [circle(stepsY), circle(stepsX)];
    const turns = ({ cosine, sine }: Turns, steps: number, at: number, count: number): Turns => ({
      cosine: Float64Array.from({ length: count }, (_, t) => cosine[(at * t) % steps] as number),
      sine: Float64Array.from({ length: count }, (_, t) => sine[(at * t) % steps] as number),
    });
    let [lower, upper] = [0, 0];
    for (let i = 0; i < stepsY; i++) {
      const alongY = turns(turnY, stepsY, i, height);
      for (let j = 0; j < half; j++) {
        const at = symbol.squaredNorm(alongY, turns(turnX, stepsX, j, width));
        lower = Math.max(lower, at.lower);
        upper = Math.max(upper, at.upper);
      }
    }
    return {
      lower,
      upper,
      missed: shareOf(height, density) * shareOf(width, density) * (1 - 16 * unitRoundoff),
    };
  }
  return undefined;
}

/** What a grid has at least of the maximum along an axis with so many taps. */
function shareOf(taps: number, density: number): number {
  return taps === 1 ? 1 : Math.cos(Math.PI / density);
}

/** sum_f (sum |k_f|)², rounded up: at least P everywhere. */
function squaredAbsoluteSums(filters: Float64Array, taps: number): number {
  let total = 0;
  for (let begin = 0; begin < filters.length; begin += taps) {
    let sum = 0;
    for (let k = begin; k < begin + taps; k++) sum += Math.abs(filters[k] as number);
    total += sum * sum;
  }
  return roundedUp(total * (1 + gamma(filters.length + 4)));
}

/** The largest P on the grid and the least share of the true maximum that it has; undefined when too costly. */
function sampledMaximum(
  filters: Float64Array,
  count: number,
  height: number,
  width: number,
): { readonly maximum: number; readonly missed: number } | undefined {
  if (filters.length * height * width > mostWork) return undefined;
  const [spanY, spanX] = [2 * height - 1, 2 * width - 1];
  for (const density of densities) {
    const [stepsY, stepsX] = [Math.max(1, density * (height - 1)), Math.max(1, density * (width - 1))];
    // P is even: half of the turn along x is enough.
    const half = Math.floor(stepsX / 2) + 1;
    if (2 * stepsY * spanX * (spanY + half) > mostWork) continue;
    const correlation = autocorrelation(filters, count, height, width);
    const [turnY, turnX] = [circle(stepsY), circle(stepsX)];
    const [even, odd] = [new Float64Array(spanX), new Float64Array(spanX)];
    let maximum = 0;
    for (let i = 0; i < stepsY; i++) {
      for (let u = 0; u < spanX; u++) {
        let [c, s] = [0, 0];
        for (let v = 0; v < spanY; v++) {
          const r = correlation[v * spanX + u] as number;
          const at = modulo(i * (v - height + 1), stepsY);
          c += r * (turnY.cosine[at] as number);
          s += r * (turnY.sine[at] as number);
        }
        even[u] = c;
        odd[u] = s;
      }
      for (let j = 0; j < half; j++) {
        let p = 0;
        for (let u = 0; u < spanX; u++) {
          const at = modulo(j * (u - width + 1), stepsX);
          p +=
            (even[u] as number) * (turnX.cosine[at] as number) -
            (odd[u] as number) * (turnX.sine[at] as number);
        }
        maximum = Math.max(maximum, p);
      }
    }
    return { maximum, missed: shareOf(height, density) * shareOf(width, density) * (1 - 16 * unitRoundoff) };
  }
  return undefined;
}

/** sum over the filters of k[p] k[p + u], for u from -(w - 1) to w - 1 along each axis. */
function autocorrelation(filters: Float64Array, count: number, height: number, width: number): Float64Array {
  const [spanY, spanX] = [2 * height - 1, 2 * width - 1];
  const result = new Float64Array(spanY * spanX);
  for (let f = 0; f < count; f++) {
    const begin = f * height * width;
    for (let p = 0; p < height * width; p++) {
      const first = filters[begin + p] as number;
      const [py, px] = [Math.floor(p / width), p % width];
      for (let q = 0; q < height * width; q++) {
        const at = (Math.floor(q / width) - py + height - 1) * spanX + (q % width) - px + width - 1;
        result[at] = (result[at] as number) + first * (filters[begin + q] as number);
      }
    }
  }
  return result;
}

function circle(steps: number): { readonly cosine: Float64Array; readonly sine: Float64Array } {
  const angle = (k: number): number => (2 * Math.PI * k) / steps;
  return {
    cosine: Float64Array.from({ length: steps }, (_, k) => Math.cos(angle(k))),
    sine: Float64Array.from({ length: steps }, (_, k) => Math.sin(angle(k))),
  };
}

function modulo(a: number, n: number): number {
  const rest = a % n;
  return rest < 0 ? rest + n : rest;
}
