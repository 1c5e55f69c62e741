/**
 * `spectral_ball(r)`: matrices whose largest singular value is at most r. With A = U S V' the projection is
 * A − U max(S − r, 0) V'; singular values are what unitarily invariant sets restrict, so with a ball too
 * they are projected onto both. The singular value decomposition of the library is not trusted: its
 * residual and how far U and V are from orthogonal are computed, and as projections do not enlarge
 * distances the error follows: the computed factors, made orthogonal, are exact for a matrix that near.
 */
import { Matrix, SVD } from 'ml-matrix';
import { ontoBall, radiusDemand, symmetric, withinBall } from './ball.ts';
import { ontoBox } from './box.ts';
import { normBounds, unitRoundoff } from './directed.ts';
import type { Projected, Projector, SetKind } from './set.ts';
import { isEmpty } from './set.ts';

const u = unitRoundoff;

export const spectralBall: SetKind = {
  name: 'spectral_ball',
  documentation: {
    signature: 'spectral_ball(r)',
    summary: 'matrices whose largest singular value is at most r',
    formula: '‖A‖₂ ≤ r',
  },
  arguments: [{ name: 'r', kind: 'number' }],
  matrixOnly: true,
  range: ([r]) => symmetric(r?.upper),
  norm: ([r]) => r?.upper ?? Infinity,
  demands: ([r]) => radiusDemand(r as Float64Array, 'spectral'),
};

/** Onto matrices with singular values of at most `largest` and, where given, a 2-norm of all entries of at most `radius`. */
export function ontoSpectralBall(
  shape: readonly number[],
  largest: number,
  radius: number | undefined,
): Projector {
  const [rows = 0, columns = 0] = shape;
  const count = Math.min(rows, columns);
  const inBox = ontoBox({ lower: new Float64Array(count), upper: new Float64Array(count).fill(largest) });
  const ofValues = radius === undefined ? inBox : withinBall(inBox, count, radius, false);
  if (isEmpty(ofValues)) throw new Error('0 lies in every ball');
  const alone = radius === undefined ? undefined : ontoBall(radius);
  return (y) => {
    if (!y.every((value) => Number.isFinite(value))) return { point: y.slice(), error: 0, kind: 'certified' };
    // No singular value exceeds the norm of all entries.
    if (normBounds(y).above <= largest) {
      return alone?.(y) ?? { point: y.slice(), error: 0, kind: 'certified' };
    }
    return projectMatrix(y, rows, columns, ofValues);
  };
}

function projectMatrix(y: Float64Array, rows: number, columns: number, ofValues: Projector): Projected {
  const matrix = Matrix.from1DArray(rows, columns, y);
  const found = new SVD(matrix, { autoTranspose: true });
  const left = found.leftSingularVectors;
  const right = found.rightSingularVectors;
  const values = Float64Array.from(found.diagonal);
  const kept = ofValues(values);
  // What is taken away: few singular values exceed the radius after a small step.
  const excess = values.map((value, k) => value - (kept.point[k] as number));
  const active = [...excess.keys()].filter((k) => excess[k] !== 0);
  if (active.length === 0)
    return { point: y.slice(), error: decompositionError(y, left, values, right).near, kind: 'certified' };
  const part = (all: Matrix): Matrix => all.selection([...Array(all.rows).keys()], active);
  const scaled = part(left).mulRowVector(active.map((k) => excess[k] as number));
  const away = Float64Array.from(scaled.mmul(part(right).transpose()).to1DArray());
  const point = y.map((value, i) => value - (away[i] as number));

  const { near, left: leftDefect, right: rightDefect } = decompositionError(y, left, values, right);
  const largestExcess = normBounds(excess).above;
  // From the exact projection of the nearby matrix: its factors, the projection of its singular values,
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
  const rounding = products + 2 * u * normBounds(point).above;
  const error = (near + factors + kept.error + rounding) * (1 + 16 * u);
  return { point, error, kind: kept.kind };
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
  const rightDefect = orthogonalityDefect(right);
  const product = left.clone().mulRowVector(Array.from(values)).mmul(right.transpose());
  const residual = normBounds(
    y.map((value, i) => value - product.get(Math.floor(i / right.rows), i % right.rows)),
  );
  const size = normBounds(values).above;
  const lengths = (1 + leftDefect) * (1 + rightDefect);
  const rounding =
    (values.length + 4) * u * lengths * size * Math.sqrt(values.length) + 2 * u * normBounds(y).above;
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
