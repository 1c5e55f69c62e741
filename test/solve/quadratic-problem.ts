/**
 * The linear least-squares problem of Ehrhardt & Roberts (2023) by hand, with rounding bounds and
 * references to about 28 digits.
 */
import type { Projected } from '../../server/src/base/projected.ts';
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

/** g = ‖C theta + D x − e‖², f = ‖A x − b‖² (Ehrhardt & Roberts 2023), all figures by elimination. */
export class QuadraticProblem implements ReferencedProblem {
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind = 'minimum';
  readonly lowerIsQuadratic = true;
  readonly upperStart: Float64Array;
  readonly upperIsConstrained = false;
  readonly rounding: RoundingBounds;
  private readonly A: Matrix;
  private readonly b: Float64Array;
  private readonly C: Matrix;
  private readonly D: Matrix;
  private readonly e: Float64Array;
  private readonly extremes: readonly [number, number];
  private readonly offset: Float64Array;

  constructor(
    A: Matrix,
    b: Float64Array,
    C: Matrix,
    D: Matrix,
    e: Float64Array,
    extremes: readonly [number, number],
  ) {
    [this.A, this.b, this.C, this.D, this.e] = [A, b, C, D, e];
    this.extremes = extremes;
    this.upperSize = C.columns;
    this.lowerSize = D.columns;
    this.upperStart = new Float64Array(C.columns).fill(1);
    this.offset = new Float64Array(e.length);
    this.moveTo(this.upperStart);
    const d = this.lowerSize;
    const n = D.rows;
    const squares = (m: Matrix, offset: Float64Array, x: Float64Array): number => {
      const reach = product(absolute(m), magnitudes(x)).map((value, i) => value + at(offset, i));
      const rows = transposedProduct(
        absolute(m),
        reach.map((value) => 2 * value),
      );
      return normOf(rows) * (m.rows + m.columns + C.columns + 8) * u;
    };
    const own = (): Float64Array =>
      product(absolute(C), magnitudes(this.theta)).map((value, i) => value + Math.abs(at(e, i)));
    const value = (m: Matrix, offset: Float64Array, x: Float64Array): number => {
      const reach = product(absolute(m), magnitudes(x)).map((entry, i) => entry + at(offset, i));
      return euclidean(reach) ** 2 * (2 * m.columns + m.rows + 2 * C.columns + 8) * u;
    };
    this.rounding = {
      lowerObjective: (x) => value(D, own(), x),
      lowerGradient: (x) => squares(D, own(), x),
      upperObjective: (x) => value(A, magnitudes(b), x),
      upperGradientX: (x) => squares(A, magnitudes(b), x),
      upperGradientTheta: () => 0,
      hessianProduct: (_x, v) =>
        normOf(transposedProduct(absolute(D), product(absolute(D), magnitudes(v)))) * 2 * (n + d + 8) * u,
      jacobianTransposeProduct: (_x, q) =>
        normOf(transposedProduct(absolute(C), product(absolute(D), magnitudes(q)))) * 2 * (n + d + 8) * u,
    };
  }

  private theta = new Float64Array(0);

  project(theta: Float64Array): Projected {
    return { point: theta.slice(), error: 0, kind: 'certified' };
  }

  moveTo(theta: Float64Array): void {
    this.theta = theta.slice();
    this.offset.set(product(this.C, theta).map((value, i) => value - at(this.e, i)));
  }

  lowerStart(): Float64Array {
    return new Float64Array(this.lowerSize);
  }

  lower(x: Float64Array, gradient: Float64Array): number {
    const r = product(this.D, x).map((value, i) => value + at(this.offset, i));
    gradient.set(transposedProduct(this.D, r).map((value) => 2 * value));
    return r.reduce((sum, value) => sum + value * value, 0);
  }

  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number {
    const r = product(this.A, x).map((value, i) => value - at(this.b, i));
    gradientX.set(transposedProduct(this.A, r).map((value) => 2 * value));
    gradientTheta.fill(0);
    return r.reduce((sum, value) => sum + value * value, 0);
  }

  linearise(): void {
    // The Hessian is the same everywhere.
  }

  hessianProduct(v: Float64Array, out: Float64Array): void {
    out.set(transposedProduct(this.D, product(this.D, v)).map((value) => 2 * value));
  }

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    out.set(transposedProduct(this.C, product(this.D, q)).map((value) => 2 * value));
  }

  jacobianProduct(v: Float64Array, out: Float64Array): void {
    out.set(transposedProduct(this.D, product(this.C, v)).map((value) => 2 * value));
  }

  constants(): ProblemConstants {
    return {
      mu: down(this.extremes[0]),
      L: up(this.extremes[1]),
      L_H: up(0),
      L_J: up(0),
      L_fx: up(2 * frobenius(this.A) ** 2),
      L_ftheta: up(0),
      jacobianNorm: up(2 * frobenius(this.D) * frobenius(this.C)),
    };
  }

  reference(theta: Float64Array): Reference {
    const d = this.lowerSize;
    const dense = new Float64Array(d * d);
    for (let i = 0; i < this.D.rows; i++) {
      for (let j = 0; j < d; j++) {
        for (let k = 0; k < d; k++) {
          dense[j * d + k] =
            at(dense, j * d + k) + 2 * at(this.D.data, i * d + j) * at(this.D.data, i * d + k);
        }
      }
    }
    const doubled = (values: DoubleDouble[]): DoubleDouble[] => values.map((value) => dd.add(value, value));
    const plain = Array.from(theta, (value) => dd.dd(value));
    const offset = rowProducts(this.C, plain).map((value, i) => dd.subtract(value, dd.dd(at(this.e, i))));
    const x = refine(
      d,
      () => dense,
      (y) =>
        doubled(
          columnProducts(
            this.D,
            rowProducts(this.D, y).map((value, i) => dd.add(value, offset[i] as DoubleDouble)),
          ),
        ),
    );
    const fx = doubled(
      columnProducts(
        this.A,
        rowProducts(this.A, x).map((value, i) => dd.subtract(value, dd.dd(at(this.b, i)))),
      ),
    );
    const q = refine(
      d,
      () => dense,
      (y) =>
        doubled(columnProducts(this.D, rowProducts(this.D, y))).map((value, j) =>
          dd.subtract(value, fx[j] as DoubleDouble),
        ),
    );
    const h = doubled(columnProducts(this.C, rowProducts(this.D, q))).map((value) => dd.negate(value));
    return { x, q, h };
  }
}

/** A random quadratic; the extreme eigenvalues of 2 D'D come from its construction as a scaled frame. */
export function randomQuadratic(seed: number, rows = 20, size = 4, condition = 30): QuadraticProblem {
  const random = randomSource(seed);
  // Orthonormal columns by Gram-Schmidt, twice, scaled to singular values from 1 to sqrt(condition).
  const D = randomMatrix(rows, size, random);
  const column = (j: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => at(D.data, i * size + j));
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < size; j++) {
      const v = column(j);
      for (let k = 0; k < j; k++) {
        const w = column(k);
        const part = v.reduce((sum, value, i) => sum + value * at(w, i), 0);
        v.forEach((_, i) => (v[i] = at(v, i) - part * at(w, i)));
      }
      const length = euclidean(v);
      v.forEach((value, i) => (D.data[i * size + j] = value / length));
    }
  }
  const singular = (j: number): number => condition ** (size === 1 ? 0 : j / (2 * (size - 1)));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < size; j++) D.data[i * size + j] = at(D.data, i * size + j) * singular(j);
  }
  const vector = (): Float64Array => Float64Array.from({ length: rows }, () => gaussian(random));
  const top = singular(size - 1) ** 2;
  return new QuadraticProblem(
    randomMatrix(rows, size, random),
    vector(),
    randomMatrix(rows, 3, random),
    D,
    vector(),
    [2 * (1 - 1e-12), 2 * top * (1 + 1e-12)],
  );
}
