/**
 * g = mean_i phi(x_i'w, t_i) + sum_j exp(lambda_j) w_j², f = the mean over other rows plus coupling times
 * the penalty; phi the square or the logistic loss. Derivatives by hand, honest rounding bounds, and
 * references to about 28 digits.
 */
import type { Projected } from '../../server/src/base/projected.ts';
import type { Qualified } from '../../server/src/base/certainty.ts';
import { randomSource } from '../../server/src/solve/random.ts';
import type { ProblemConstants, RoundingBounds } from '../../server/src/solve/problem.ts';
import * as dd from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';
import {
  u,
  up,
  down,
  product,
  transposedProduct,
  absolute,
  magnitudes,
  frobenius,
  refine,
  rowProducts,
  columnProducts,
  normOf,
  at,
  euclidean,
  gaussian,
  randomMatrix,
} from './matrices.ts';
import type { Matrix, Reference, ReferencedProblem } from './matrices.ts';

export type Loss = 'square' | 'logistic';

/** Bounds of |phi''| and |phi'''| in z. */
const derivativeBounds: Readonly<Record<Loss, readonly [number, number]>> = {
  square: [2, 0],
  logistic: [1 / 4, 1 / (6 * Math.sqrt(3))],
};

const lossValue = (loss: Loss, z: number, t: number): number =>
  loss === 'square' ? (z - t) ** 2 : Math.log1p(Math.exp(-Math.abs(t * z))) + Math.max(0, -t * z);
const lossSlope = (loss: Loss, z: number, t: number): number =>
  loss === 'square' ? 2 * (z - t) : -t / (1 + Math.exp(t * z));
const lossBend = (loss: Loss, z: number, t: number): number => {
  if (loss === 'square') return 2;
  const e = Math.exp(-Math.abs(z * t));
  return (t * t * e) / (1 + e) ** 2;
};

export class PenalisedModel implements ReferencedProblem {
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind = 'minimum';
  readonly lowerIsQuadratic: boolean;
  readonly upperStart: Float64Array;
  readonly upperIsConstrained: boolean;
  readonly rounding: RoundingBounds;
  private readonly loss: Loss;
  private readonly train: Matrix;
  private readonly targets: Float64Array;
  private readonly held: Matrix;
  private readonly heldTargets: Float64Array;
  private readonly coupling: number;
  private readonly box: readonly [number, number] | undefined;
  private penalty: Float64Array;
  private theta: Float64Array;
  private bend = new Float64Array(0);
  private centre = new Float64Array(0);

  constructor(model: {
    loss: Loss;
    train: Matrix;
    targets: Float64Array;
    held: Matrix;
    heldTargets: Float64Array;
    coupling?: number;
    start?: number;
    box?: readonly [number, number];
  }) {
    this.loss = model.loss;
    this.train = model.train;
    this.targets = model.targets;
    this.held = model.held;
    this.heldTargets = model.heldTargets;
    this.coupling = model.coupling ?? 0;
    this.box = model.box;
    this.lowerSize = model.train.columns;
    this.upperSize = this.lowerSize;
    this.lowerIsQuadratic = model.loss === 'square';
    this.upperStart = new Float64Array(this.upperSize).fill(model.start ?? -2);
    this.upperIsConstrained = model.box !== undefined;
    this.theta = this.upperStart;
    this.penalty = this.theta.map((value) => Math.exp(value));
    this.rounding = this.roundingBounds();
  }

  project(theta: Float64Array): Projected {
    const [low, high] = this.box ?? [-Infinity, Infinity];
    const point = theta.map((value) => Math.min(high, Math.max(low, value)));
    return { point, error: 0, kind: 'certified' };
  }

  moveTo(theta: Float64Array): void {
    this.theta = theta.slice();
    this.penalty = theta.map((value) => Math.exp(value));
  }

  lowerStart(): Float64Array {
    return new Float64Array(this.lowerSize);
  }

  lower(x: Float64Array, gradient: Float64Array): number {
    return this.mean(this.train, this.targets, 1, x, gradient);
  }

  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number {
    for (let j = 0; j < x.length; j++) gradientTheta[j] = this.coupling * at(this.penalty, j) * at(x, j) ** 2;
    return this.mean(this.held, this.heldTargets, this.coupling, x, gradientX);
  }

  linearise(x: Float64Array): void {
    this.centre = x.slice();
    const z = product(this.train, x);
    this.bend = z.map((value, i) => lossBend(this.loss, value, at(this.targets, i)));
  }

  hessianProduct(v: Float64Array, out: Float64Array): void {
    const z = product(this.train, v);
    const weighted = transposedProduct(
      this.train,
      z.map((value, i) => value * at(this.bend, i)),
    );
    for (let j = 0; j < v.length; j++)
      out[j] = at(weighted, j) / this.train.rows + 2 * at(this.penalty, j) * at(v, j);
  }

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    for (let j = 0; j < q.length; j++) out[j] = 2 * at(this.penalty, j) * at(this.centre, j) * at(q, j);
  }

  jacobianProduct(v: Float64Array, out: Float64Array): void {
    this.jacobianTransposeProduct(v, out);
  }

  constants(ball?: { readonly centre: Float64Array; readonly radius: number }): ProblemConstants {
    const [c2, c3] = derivativeBounds[this.loss];
    const most = Math.max(...this.penalty);
    const least = Math.min(...this.penalty);
    let cubes = 0;
    for (let i = 0; i < this.train.rows; i++) {
      cubes += euclidean(this.train.data.subarray(i * this.lowerSize, (i + 1) * this.lowerSize)) ** 3;
    }
    const spread = (factor: number): Qualified => {
      if (ball === undefined) return { value: Infinity, kind: 'certified' };
      const reached = ball.centre.map((value, j) => at(this.penalty, j) * (Math.abs(value) + ball.radius));
      return up(factor * Math.max(...reached));
    };
    return {
      mu: down(2 * least),
      L: up((c2 * frobenius(this.train) ** 2) / this.train.rows + 2 * most),
      L_H: up((c3 * cubes) / this.train.rows),
      L_J: up(2 * most),
      L_fx: up((c2 * frobenius(this.held) ** 2) / this.held.rows + 2 * this.coupling * most),
      L_ftheta: this.coupling === 0 ? up(0) : spread(2 * this.coupling),
      jacobianNorm: spread(2),
    };
  }

  reference(theta: Float64Array): Reference {
    const size = this.lowerSize;
    const penalty = Array.from(theta, (value) => dd.exp(dd.dd(value)));
    const slopes = (
      m: Matrix,
      targets: Float64Array,
      share: number,
      x: readonly DoubleDouble[],
    ): DoubleDouble[] => {
      const z = rowProducts(m, x);
      const s = z.map((value, i) => exactSlope(this.loss, value, at(targets, i)));
      return columnProducts(m, s).map((sum, j) =>
        dd.add(
          dd.divide(sum, dd.dd(m.rows)),
          dd.multiply(dd.dd(2 * share), dd.multiply(penalty[j] as DoubleDouble, x[j] as DoubleDouble)),
        ),
      );
    };
    const plainPenalty = penalty.map((value) => value.hi);
    const hessian = (x: Float64Array): Float64Array => {
      const bend = product(this.train, x).map((z, i) => lossBend(this.loss, z, at(this.targets, i)));
      const out = new Float64Array(size * size);
      for (let i = 0; i < this.train.rows; i++) {
        const row = this.train.data.subarray(i * size, (i + 1) * size);
        for (let j = 0; j < size; j++) {
          for (let k = 0; k < size; k++) {
            out[j * size + k] =
              at(out, j * size + k) + (at(bend, i) * at(row, j) * at(row, k)) / this.train.rows;
          }
        }
      }
      for (let j = 0; j < size; j++)
        out[j * size + j] = at(out, j * size + j) + 2 * (plainPenalty[j] as number);
      return out;
    };
    const x = refine(size, hessian, (y) => slopes(this.train, this.targets, 1, y));
    const plainX = Float64Array.from(x, (entry) => entry.hi);
    const fx = slopes(this.held, this.heldTargets, this.coupling, x);
    const bend = rowProducts(this.train, x).map((z, i) => exactBend(this.loss, z, at(this.targets, i)));
    const dense = hessian(plainX);
    const q = refine(
      size,
      () => dense,
      (y) => {
        const z = rowProducts(this.train, y).map((value, i) => dd.multiply(value, bend[i] as DoubleDouble));
        return columnProducts(this.train, z).map((sum, j) => {
          const curved = dd.multiply(dd.dd(2), dd.multiply(penalty[j] as DoubleDouble, y[j] as DoubleDouble));
          return dd.subtract(dd.add(dd.divide(sum, dd.dd(this.train.rows)), curved), fx[j] as DoubleDouble);
        });
      },
    );
    const h = x.map((w, j) => {
      const weighted = dd.multiply(penalty[j] as DoubleDouble, w);
      const own = dd.multiply(dd.dd(this.coupling), dd.multiply(weighted, w));
      return dd.subtract(own, dd.multiply(dd.dd(2), dd.multiply(weighted, q[j] as DoubleDouble)));
    });
    return { x, q, h };
  }

  private mean(
    m: Matrix,
    targets: Float64Array,
    share: number,
    x: Float64Array,
    gradient: Float64Array,
  ): number {
    const z = product(m, x);
    let sum = 0;
    z.forEach((value, i) => (sum += lossValue(this.loss, value, at(targets, i))));
    const s = transposedProduct(
      m,
      z.map((value, i) => lossSlope(this.loss, value, at(targets, i))),
    );
    let penalty = 0;
    for (let j = 0; j < x.length; j++) {
      gradient[j] = at(s, j) / m.rows + 2 * share * at(this.penalty, j) * at(x, j);
      penalty += at(this.penalty, j) * at(x, j) ** 2;
    }
    return sum / m.rows + share * penalty;
  }

  /**
   * Running error bounds: rows gain gamma_d |X||x|, the loss and its derivatives at most 16 u relative to
   * their size plus the effect of that (exp and log1p are within 2 ulp), sums over rows gamma_n.
   */
  private roundingBounds(): RoundingBounds {
    const slopeError = (m: Matrix, targets: Float64Array, share: number, x: Float64Array): number => {
      const [c2] = derivativeBounds[this.loss];
      const reach = product(absolute(m), magnitudes(x));
      const z = product(m, x);
      const perRow = reach.map((value, i) => {
        const slope = Math.abs(lossSlope(this.loss, at(z, i), at(targets, i)));
        const own = this.loss === 'square' ? 4 * u * (slope + Math.abs(at(targets, i))) : 32 * u;
        return c2 * (m.columns + 2) * u * value + own + (m.rows + 4) * u * slope;
      });
      const rows = transposedProduct(absolute(m), perRow);
      return normOf(
        rows.map((value, j) => value / m.rows + 16 * u * share * at(this.penalty, j) * Math.abs(at(x, j))),
      );
    };
    const valueError = (m: Matrix, targets: Float64Array, share: number, x: Float64Array): number => {
      const reach = product(absolute(m), magnitudes(x));
      const z = product(m, x);
      let sum = 0;
      let total = 0;
      reach.forEach((value, i) => {
        const slope = Math.abs(lossSlope(this.loss, at(z, i), at(targets, i)));
        const size = lossValue(this.loss, at(z, i), at(targets, i));
        const moved = (m.columns + 2) * u * value;
        sum += (slope + 2 * moved) * moved + 32 * u * (size + 1) * (this.loss === 'logistic' ? 1 : size);
        total += size;
      });
      let penalty = 0;
      x.forEach((value, j) => (penalty += at(this.penalty, j) * value * value));
      return (
        (sum + (m.rows + 8) * u * total) / m.rows +
        (x.length + 12) * u * share * penalty +
        (8 * u * total) / m.rows
      );
    };
    return {
      lowerObjective: (x) => valueError(this.train, this.targets, 1, x),
      lowerGradient: (x) => slopeError(this.train, this.targets, 1, x),
      upperObjective: (x) => valueError(this.held, this.heldTargets, this.coupling, x),
      upperGradientX: (x) => slopeError(this.held, this.heldTargets, this.coupling, x),
      upperGradientTheta: (x) =>
        normOf(x.map((value, j) => 10 * u * this.coupling * at(this.penalty, j) * value * value)),
      hessianProduct: (x, v) => {
        const [, c3] = derivativeBounds[this.loss];
        const reach = product(absolute(this.train), magnitudes(x));
        const image = product(absolute(this.train), magnitudes(v));
        const z = product(this.train, x);
        const perRow = image.map((value, i) => {
          const bend = lossBend(this.loss, at(z, i), at(this.targets, i));
          const drift = c3 * (this.train.columns + 2) * u * at(reach, i);
          return value * (drift + 40 * u * bend + (2 * this.train.columns + this.train.rows + 8) * u * bend);
        });
        const rows = transposedProduct(absolute(this.train), perRow);
        return normOf(
          rows.map((value, j) => value / this.train.rows + 16 * u * at(this.penalty, j) * Math.abs(at(v, j))),
        );
      },
      jacobianTransposeProduct: (x, q) =>
        normOf(x.map((value, j) => 16 * u * at(this.penalty, j) * Math.abs(value * at(q, j)))),
    };
  }
}

function exactSlope(loss: Loss, z: DoubleDouble, t: number): DoubleDouble {
  if (loss === 'square') return dd.multiply(dd.dd(2), dd.subtract(z, dd.dd(t)));
  const e = dd.exp(dd.multiply(dd.dd(t), z));
  return dd.divide(dd.dd(-t), dd.add(dd.dd(1), e));
}

function exactBend(loss: Loss, z: DoubleDouble, t: number): DoubleDouble {
  if (loss === 'square') return dd.dd(2);
  const product_ = dd.multiply(dd.dd(t), z);
  const e = dd.exp(product_.hi > 0 ? dd.negate(product_) : product_);
  const below = dd.add(dd.dd(1), e);
  return dd.divide(dd.multiply(dd.dd(t * t), e), dd.multiply(below, below));
}

/** Random rows, the penalties' start and labels drawn from a planted model. */
export function randomModel(
  loss: Loss,
  seed: number,
  options: Partial<{
    rows: number;
    size: number;
    coupling: number;
    start: number;
    box: readonly [number, number];
    scale: number;
  }> = {},
): PenalisedModel {
  const random = randomSource(seed);
  const size = options.size ?? 5;
  const rows = options.rows ?? 20;
  const train = randomMatrix(rows, size, random);
  const held = randomMatrix(Math.ceil(rows * 0.75), size, random);
  if (options.scale !== undefined)
    for (const m of [train, held])
      m.data.forEach((value, i) => (m.data[i] = value * (options.scale as number)));
  const planted = Float64Array.from({ length: size }, () => gaussian(random));
  const label = (m: Matrix): Float64Array =>
    product(m, planted).map((z) =>
      loss === 'square' ? z + gaussian(random) : z + gaussian(random) > 0 ? 1 : -1,
    );
  return new PenalisedModel({
    loss,
    train,
    held,
    targets: label(train),
    heldTargets: label(held),
    ...(options.coupling === undefined ? {} : { coupling: options.coupling }),
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.box === undefined ? {} : { box: options.box }),
  });
}
