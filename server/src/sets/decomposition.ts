/**
 * What singular values and eigenvalues have in common as something to restrict: A = U S V' is projected to
 * U P(S) V', where P acts on the values. No decomposition is trusted: its residual and how far U and V are from
 * orthogonal are computed, and as projections do not enlarge distances the error follows: the computed
 * factors, made orthogonal, are exact for a matrix that near.
 */
import type { Matrix } from 'ml-matrix';
import { normBounds, unitRoundoff } from './directed.ts';
import type { Projected, Projector } from './set.ts';

const u = unitRoundoff;

/** A [rows, columns] about U diag(values) V', columns of U and V for the values. */
export interface Decomposition {
  readonly left: Matrix;
  readonly values: Float64Array;
  readonly right: Matrix;
}

/** The nearest matrix to `y`, row by row, whose values are where `ofValues` projects them. */
export function restricted(
  y: Float64Array,
  { left, values, right }: Decomposition,
  ofValues: Projector,
): Projected {
  const kept = ofValues(values);
  // What is taken away: few values are outside after a small step.
  const excess = values.map((value, k) => value - (kept.point[k] as number));
  const active = [...excess.keys()].filter((k) => excess[k] !== 0);
  const { near, left: leftDefect, right: rightDefect } = decompositionError(y, left, values, right);
  if (active.length === 0) return projected(y.slice(), near + kept.error, kept.kind);
  const part = (all: Matrix): Matrix => all.selection([...Array(all.rows).keys()], active);
  const scaled = part(left).mulRowVector(active.map((k) => excess[k] as number));
  const away = Float64Array.from(scaled.mmul(part(right).transpose()).to1DArray());
  const point = y.map((value, i) => value - (away[i] as number));

  const largestExcess = normBounds(excess).above;
  // From the exact projection of the nearby matrix: its factors, the projection of its values,
  // and the rounding of a product of as many terms and of the difference.
  const factors = (leftDefect + rightDefect + leftDefect * rightDefect) * largestExcess;
  const products =
    (active.length + 4) *
    u *
    (1 + leftDefect) *
    (1 + rightDefect) *
    2 *
    largestExcess *
    Math.sqrt(active.length);
  const underflow = 4 * y.length * (active.length + 1) * Number.MIN_VALUE;
  const rounding = products + 2 * u * normBounds(point).above + underflow;
  return projected(point, (near + factors + kept.error + rounding) * (1 + 16 * u), kept.kind);
}

/** A decomposition that overflowed proves nothing. */
function projected(point: Float64Array, error: number, kind: Projected['kind']): Projected {
  return Number.isFinite(error) ? { point, error, kind } : { point, error: Infinity, kind: 'estimated' };
}

interface DecompositionError {
  /** Not below the distance of A to the matrix of which the orthogonalised factors are exact. */
  readonly near: number;
  /** Not below ‖U − Û‖ for the closest Û with orthonormal columns. */
  readonly left: number;
  readonly right: number;
}

/** ‖A − U S V'‖ and ‖U'U − I‖, all Frobenius norms, with the rounding of computing them. */
function decompositionError(
  y: Float64Array,
  left: Matrix,
  values: Float64Array,
  right: Matrix,
): DecompositionError {
  const leftDefect = orthogonalityDefect(left);
  const rightDefect = right === left ? leftDefect : orthogonalityDefect(right);
  const product = left.clone().mulRowVector(Array.from(values)).mmul(right.transpose());
  const residual = normBounds(
    y.map((value, i) => value - product.get(Math.floor(i / right.rows), i % right.rows)),
  );
  const size = normBounds(values).above;
  const lengths = (1 + leftDefect) * (1 + rightDefect);
  const rounding =
    (values.length + 4) * u * lengths * size * Math.sqrt(values.length) +
    2 * u * normBounds(y).above +
    4 * y.length * (values.length + 1) * Number.MIN_VALUE;
  const factors = (leftDefect + rightDefect + leftDefect * rightDefect) * size;
  return { near: (residual.above + rounding + factors) * (1 + 16 * u), left: leftDefect, right: rightDefect };
}

/** ‖U − Û‖ <= ‖U'U − I‖ for the polar factor Û, since |s − 1| <= |s² − 1| for s >= 0. */
function orthogonalityDefect(factor: Matrix): number {
  const gram = factor.transpose().mmul(factor);
  for (let k = 0; k < gram.rows; k++) gram.set(k, k, gram.get(k, k) - 1);
  // Each entry is a sum of as many products as there are rows, of columns of length about 1.
  const rounding = (factor.rows + 2) * u * 1.01 * gram.rows;
  return normBounds(Float64Array.from(gram.to1DArray())).above + rounding;
}
