/**
 * The fixed point x = phi(M x + B theta + b), phi the identity or tanh, M any matrix of known spectral
 * norm below 1, under f = ‖x − t‖²/2 + theta' C x. Derivatives by hand, honest rounding bounds, and
 * references to about 28 digits.
 */
import type { Projected } from '../../server/src/base/projected.ts';
import { randomSource } from '../../server/src/solve/random.ts';
import type { ProblemConstants, RoundingBounds } from '../../server/src/solve/problem.ts';
import * as dd from '../support/double-double.ts';
import type { DoubleDouble } from '../support/double-double.ts';
import {
  absolute,
  at,
  columnProducts,
  down,
  frobenius,
  gaussian,
  magnitudes,
  normOf,
  product,
  randomMatrix,
  refine,
  rowProducts,
  transposedProduct,
  u,
  up,
} from './matrices.ts';
import type { Matrix, Reference, ReferencedProblem } from './matrices.ts';

export type Activation = 'identity' | 'tanh';

export class EquilibriumProblem implements ReferencedProblem {
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind = 'fixed_point';
  readonly lowerIsQuadratic: boolean;
  readonly upperStart: Float64Array;
  readonly upperIsConstrained = false;
  readonly rounding: RoundingBounds;
  private readonly activation: Activation;
  private readonly M: Matrix;
  private readonly B: Matrix;
  private readonly b: Float64Array;
  private readonly target: Float64Array;
  private readonly C: Matrix;
  private readonly contraction: number;
  private theta: Float64Array;
  private slope: Float64Array = new Float64Array(0);

  constructor(parts: {
    activation: Activation;
    M: Matrix;
    B: Matrix;
    b: Float64Array;
    target: Float64Array;
    /** p x d. */
    C: Matrix;
    /** ‖M‖, or a little more. */
    contraction: number;
  }) {
    this.activation = parts.activation;
    [this.M, this.B, this.b, this.target, this.C] = [parts.M, parts.B, parts.b, parts.target, parts.C];
    this.contraction = parts.contraction;
    this.lowerSize = parts.M.rows;
    this.upperSize = parts.B.columns;
    this.lowerIsQuadratic = parts.activation === 'identity';
    this.upperStart = new Float64Array(this.upperSize).fill(0.5);
    this.theta = this.upperStart;
    this.rounding = this.roundingBounds();
  }

  project(theta: Float64Array): Projected {
    return { point: theta.slice(), error: 0, kind: 'certified' };
  }

  moveTo(theta: Float64Array): void {
    this.theta = theta.slice();
  }

  lowerStart(): Float64Array {
    return new Float64Array(this.lowerSize);
  }

  lower(x: Float64Array, residual: Float64Array): number {
    this.inner(x).forEach((value, i) => {
      residual[i] = at(x, i) - (this.activation === 'tanh' ? Math.tanh(value) : value);
    });
    return 0;
  }

  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number {
    const coupled = transposedProduct(this.C, this.theta);
    gradientX.set(x.map((value, i) => value - at(this.target, i) + at(coupled, i)));
    gradientTheta.set(product(this.C, x));
    let sum = 0;
    x.forEach((value, i) => (sum += (value - at(this.target, i)) ** 2 / 2 + value * at(coupled, i)));
    return sum;
  }

  linearise(x: Float64Array): void {
    this.slope = this.slopeAt(x);
  }

  hessianProduct(v: Float64Array, out: Float64Array): void {
    const image = product(this.M, v);
    out.set(v.map((value, i) => value - at(this.slope, i) * at(image, i)));
  }

  transposedHessianProduct(v: Float64Array, out: Float64Array): void {
    const image = transposedProduct(
      this.M,
      v.map((value, i) => value * at(this.slope, i)),
    );
    out.set(v.map((value, i) => value - at(image, i)));
  }

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    out.set(
      transposedProduct(
        this.B,
        q.map((value, i) => -value * at(this.slope, i)),
      ),
    );
  }

  jacobianProduct(w: Float64Array, out: Float64Array): void {
    out.set(product(this.B, w).map((value, i) => -value * at(this.slope, i)));
  }

  constants(): ProblemConstants {
    const { contraction } = this;
    const bend = this.activation === 'tanh' ? 4 / (3 * Math.sqrt(3)) : 0;
    return {
      mu: down(1 - contraction),
      L: up(1 + contraction),
      L_H: up(bend * contraction ** 2),
      L_J: up(bend * contraction * frobenius(this.B)),
      L_fx: up(1),
      L_ftheta: up(frobenius(this.C)),
      jacobianNorm: up(frobenius(this.B)),
    };
  }

  reference(theta: Float64Array): Reference {
    const size = this.lowerSize;
    const plain = Array.from(theta, (value) => dd.dd(value));
    const given = rowProducts(this.B, plain).map((value, i) => dd.add(value, dd.dd(at(this.b, i))));
    const inner = (x: readonly DoubleDouble[]): DoubleDouble[] =>
      rowProducts(this.M, x).map((value, i) => dd.add(value, given[i] as DoubleDouble));
    const activated = (t: DoubleDouble): DoubleDouble => (this.activation === 'tanh' ? dd.tanh(t) : t);
    const dense = (slope: Float64Array, transposed: boolean): Float64Array => {
      const out = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const entry = at(slope, i) * at(this.M.data, i * size + j);
          out[transposed ? j * size + i : i * size + j] = (i === j ? 1 : 0) - entry;
        }
      }
      return out;
    };
    this.moveTo(theta);
    const x = refine(
      size,
      (y) => dense(this.slopeAt(y), false),
      (y) => inner(y).map((value, i) => dd.subtract(y[i] as DoubleDouble, activated(value))),
    );
    const slope = inner(x).map((value) => {
      const t = activated(value);
      return this.activation === 'tanh' ? dd.subtract(dd.dd(1), dd.multiply(t, t)) : dd.dd(1);
    });
    const coupled = columnProducts(this.C, plain);
    const fx = x.map((value, i) =>
      dd.add(dd.subtract(value, dd.dd(at(this.target, i))), coupled[i] as DoubleDouble),
    );
    const weighted = (y: readonly DoubleDouble[]): DoubleDouble[] =>
      y.map((value, i) => dd.multiply(value, slope[i] as DoubleDouble));
    const matrix = dense(
      Float64Array.from(slope, (value) => value.hi),
      true,
    );
    const q = refine(
      size,
      () => matrix,
      (y) =>
        columnProducts(this.M, weighted(y)).map((value, i) =>
          dd.subtract(dd.subtract(y[i] as DoubleDouble, value), fx[i] as DoubleDouble),
        ),
    );
    const own = rowProducts(this.C, x);
    const h = columnProducts(this.B, weighted(q)).map((value, k) => dd.add(own[k] as DoubleDouble, value));
    return { x, q, h };
  }

  private inner(x: Float64Array): Float64Array {
    const given = product(this.B, this.theta);
    return product(this.M, x).map((value, i) => value + at(given, i) + at(this.b, i));
  }

  private slopeAt(x: Float64Array): Float64Array {
    return this.inner(x).map((value) => (this.activation === 'tanh' ? 1 - Math.tanh(value) ** 2 : 1));
  }

  private roundingBounds(): RoundingBounds {
    const count = this.lowerSize + this.upperSize + 8;
    const innerError = (x: Float64Array): Float64Array => {
      const given = product(absolute(this.B), magnitudes(this.theta));
      return product(absolute(this.M), magnitudes(x)).map(
        (value, i) => count * u * (value + at(given, i) + Math.abs(at(this.b, i))),
      );
    };
    // 2 ulp of tanh, and |phi''| <= 0.77 for what the slope inherits of the argument's error.
    const slopeError = (x: Float64Array): Float64Array => innerError(x).map((value) => value + 8 * u);
    const upperError = (x: Float64Array): Float64Array => {
      const coupled = transposedProduct(absolute(this.C), magnitudes(this.theta));
      return x.map(
        (value, i) => count * u * (Math.abs(value) + Math.abs(at(this.target, i)) + at(coupled, i)),
      );
    };
    return {
      lowerObjective: () => 0,
      lowerGradient: (x) => normOf(innerError(x).map((value, i) => value + 8 * u * (1 + Math.abs(at(x, i))))),
      upperObjective: (x) =>
        upperError(x).reduce(
          (sum, value, i) => sum + value * (4 + Math.abs(at(x, i)) + Math.abs(at(this.target, i))),
          0,
        ),
      upperGradientX: (x) => normOf(upperError(x)),
      upperGradientTheta: (x) =>
        normOf(product(absolute(this.C), magnitudes(x)).map((value) => count * u * value)),
      hessianProduct: (x, v) => {
        const image = product(absolute(this.M), magnitudes(v));
        const error = slopeError(x);
        return normOf(
          v.map((value, i) => at(image, i) * (at(error, i) + count * u) + 4 * u * Math.abs(value)),
        );
      },
      transposedHessianProduct: (x, v) => {
        const error = slopeError(x).map((value, i) => (value + count * u) * Math.abs(at(v, i)));
        const image = transposedProduct(absolute(this.M), error);
        return normOf(v.map((value, i) => at(image, i) + 4 * u * Math.abs(value)));
      },
      jacobianTransposeProduct: (x, q) => {
        const error = slopeError(x).map((value, i) => (value + count * u) * Math.abs(at(q, i)));
        return normOf(transposedProduct(absolute(this.B), error));
      },
    };
  }
}

/** A random problem whose M is a random rotation times decreasing singular values, the largest `contraction`. */
export function randomEquilibrium(
  seed: number,
  options: Partial<{ activation: Activation; size: number; contraction: number; scale: number }> = {},
): EquilibriumProblem {
  const { activation = 'tanh', size = 6, contraction = 0.9, scale = 1 } = options;
  const random = randomSource(seed);
  const [left, right] = [rotation(size, random), rotation(size, random)];
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        const singular = (contraction * (size - k)) / size;
        data[i * size + j] =
          at(data, i * size + j) + at(left, i * size + k) * singular * at(right, j * size + k);
      }
    }
  }
  const vector = (length: number): Float64Array =>
    Float64Array.from({ length }, () => scale * gaussian(random));
  return new EquilibriumProblem({
    activation,
    M: { rows: size, columns: size, data },
    B: randomMatrix(size, 3, random),
    b: vector(size),
    target: vector(size),
    C: randomMatrix(3, size, random),
    contraction: contraction * (1 + 1e-12),
  });
}

/** A random orthogonal matrix, by Gram–Schmidt, twice. */
function rotation(size: number, random: () => number): Float64Array {
  const { data } = randomMatrix(size, size, random);
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k <= j; k++) {
        let part = 0;
        for (let i = 0; i < size; i++) part += at(data, i * size + j) * at(data, i * size + k);
        const factor = k === j ? 1 - 1 / Math.sqrt(part) : part;
        for (let i = 0; i < size; i++)
          data[i * size + j] = at(data, i * size + j) - factor * at(data, i * size + k);
      }
    }
  }
  return data;
}
