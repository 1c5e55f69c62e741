/**
 * Proved bounds of sup over frequencies of ‖K̂(ω)‖², with K̂ the matrix of the symbols of filters from c channels to f
 * results: the squared norm of their convolution. For each unit vector v, |K̂(ω) v|² is a trigonometric polynomial
 * as for one channel, so that a grid misses its maximum by no more than there (convolution-norm.ts).
 * At a point ‖G‖, G the Gram matrix of the smaller side, is the 2^k-th root of ‖G^(2^k)‖, which its
 * Frobenius norm bounds to within a factor √m: after six squarings that is a factor m^(1/128).
 */
import { gamma, roundedDown, roundedUp, unitRoundoff } from './rounding-unit.ts';

const squarings = 6;

/** Filters [f, c, h, w], row-major. */
export interface ChannelFilters {
  readonly values: Float64Array;
  readonly shape: readonly [f: number, c: number, h: number, w: number];
}

/** Multiply-adds at one frequency. */
export function workAtPoint({ shape: [f, c, h, w] }: ChannelFilters): number {
  const size = Math.min(f, c);
  return 2 * f * c * h * w + 4 * f * c * size + squarings * 4 * size ** 3;
}

/**
 * lower <= ‖K̂‖² <= upper at the frequency whose powers e^(-i a t), for offsets t along each axis, are given as
 * cosines and sines; up to the rounding of K̂ and of G, which the caller knows.
 */
export class ChannelSymbol {
  private readonly filters: ChannelFilters;
  private readonly size: number;
  private readonly symbol: { readonly real: Float64Array; readonly imaginary: Float64Array };
  private gram: HermitianMatrix;
  private square: HermitianMatrix;

  constructor(filters: ChannelFilters) {
    const [f, c] = filters.shape;
    this.filters = filters;
    this.size = Math.min(f, c);
    this.symbol = { real: new Float64Array(f * c), imaginary: new Float64Array(f * c) };
    this.gram = hermitian(this.size);
    this.square = hermitian(this.size);
  }

  squaredNorm(alongY: Turns, alongX: Turns): { readonly lower: number; readonly upper: number } {
    this.computeSymbol(alongY, alongX);
    this.computeGram();
    return this.normOfGram();
  }

  private computeSymbol(alongY: Turns, alongX: Turns): void {
    const { values, shape } = this.filters;
    const [f, c, h, w] = shape;
    const { real, imaginary } = this.symbol;
    for (let k = 0; k < f * c; k++) {
      let [re, im] = [0, 0];
      for (let y = 0; y < h; y++) {
        let [rowRe, rowIm] = [0, 0];
        for (let x = 0; x < w; x++) {
          const value = values[(k * h + y) * w + x] as number;
          rowRe += value * (alongX.cosine[x] as number);
          rowIm -= value * (alongX.sine[x] as number);
        }
        const [cosine, sine] = [alongY.cosine[y] as number, alongY.sine[y] as number];
        re += rowRe * cosine + rowIm * sine;
        im += rowIm * cosine - rowRe * sine;
      }
      real[k] = re;
      imaginary[k] = im;
    }
  }

  /** K̂* K̂, or K̂ K̂* conjugated, whose norm is the same. */
  private computeGram(): void {
    const [f, c] = this.filters.shape;
    const { real, imaginary } = this.symbol;
    const [count, step, next] = c <= f ? [f, c, 1] : [c, 1, c];
    const { size } = this;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        let [re, im] = [0, 0];
        for (let k = 0; k < count; k++) {
          const [p, q] = [k * step + a * next, k * step + b * next];
          const [pr, pi] = [real[p] as number, imaginary[p] as number];
          const [qr, qi] = [real[q] as number, imaginary[q] as number];
          re += pr * qr + pi * qi;
          im += pi * qr - pr * qi;
        }
        put(this.gram, size, a, b, re, a === b ? 0 : im);
      }
    }
  }

  /**
   * Squares are scaled to Frobenius norm 1, s_j in front. A computed square of a matrix of Frobenius norm 1 is off by
   * at most gamma in the 2-norm, so that ‖G_j‖² lies within gamma of s_j ‖G_(j+1)‖.
   */
  private normOfGram(): { readonly lower: number; readonly upper: number } {
    const { size } = this;
    // Products of complex numbers and their sums, the scaling before and the norm.
    const off = gamma(8 * size + 64) * size;
    const scales: number[] = [];
    let norm = scaled(this.gram);
    scales.push(norm);
    if (norm === 0) return { lower: 0, upper: 0 };
    for (let round = 0; round < squarings; round++) {
      multiplyItself(this.gram, this.square, size);
      [this.gram, this.square] = [this.square, this.gram];
      norm = scaled(this.gram);
      scales.push(norm);
    }
    let [lower, upper] = [roundedDown((1 - off) / Math.sqrt(size)), roundedUp(1 + off)];
    for (let round = squarings; round > 0; round--) {
      const scale = scales[round] as number;
      lower = roundedDown(Math.sqrt(Math.max(0, scale * lower * (1 - 8 * unitRoundoff) - off)));
      upper = roundedUp(Math.sqrt(scale * upper * (1 + 8 * unitRoundoff) + off));
    }
    const first = scales[0] as number;
    return {
      lower: roundedDown(first * Math.max(0, lower - off) * (1 - 8 * unitRoundoff)),
      upper: roundedUp(first * (upper + off) * (1 + 8 * unitRoundoff)),
    };
  }
}

/** Cosines and sines of the angles t a for t = 0, 1, … */
export interface Turns {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

interface HermitianMatrix {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

function hermitian(size: number): HermitianMatrix {
  return { real: new Float64Array(size * size), imaginary: new Float64Array(size * size) };
}

function put(
  { real, imaginary }: HermitianMatrix,
  size: number,
  a: number,
  b: number,
  re: number,
  im: number,
): void {
  real[a * size + b] = re;
  imaginary[a * size + b] = im;
  real[b * size + a] = re;
  imaginary[b * size + a] = -im;
}

/** Divides by the Frobenius norm, which is returned. */
function scaled({ real, imaginary }: HermitianMatrix): number {
  let squares = 0;
  for (let k = 0; k < real.length; k++) squares += (real[k] as number) ** 2 + (imaginary[k] as number) ** 2;
  const norm = Math.sqrt(squares);
  if (norm === 0) return 0;
  for (let k = 0; k < real.length; k++) {
    real[k] = (real[k] as number) / norm;
    imaginary[k] = (imaginary[k] as number) / norm;
  }
  return norm;
}

function multiplyItself(from: HermitianMatrix, to: HermitianMatrix, size: number): void {
  const { real, imaginary } = from;
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let [re, im] = [0, 0];
      for (let k = 0; k < size; k++) {
        const [pr, pi] = [real[a * size + k] as number, imaginary[a * size + k] as number];
        // Row b conjugated is column b.
        const [qr, qi] = [real[b * size + k] as number, imaginary[b * size + k] as number];
        re += pr * qr + pi * qi;
        im += pi * qr - pr * qi;
      }
      put(to, size, a, b, re, a === b ? 0 : im);
    }
  }
}
