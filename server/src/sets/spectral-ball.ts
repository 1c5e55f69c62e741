/**
 * `spectral_ball(r)`: matrices whose largest singular value is at most r. With A = U S V' the projection is
 * A − U max(S − r, 0) V'; singular values are what unitarily invariant sets restrict, so with a ball too
 * they are projected onto both.
 */
import { Matrix, SVD } from 'ml-matrix';
import { ontoBall, radiusDemand, symmetric, withinBall } from './ball.ts';
import { ontoBox } from './box.ts';
import { restricted } from './decomposition.ts';
import type { Decomposition } from './decomposition.ts';
import { normBounds } from './directed.ts';
import type { Projector, SetKind } from './set.ts';
import { isEmpty } from './set.ts';

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
    return restricted(y, decomposed(y, rows, columns), ofValues);
  };
}

function decomposed(y: Float64Array, rows: number, columns: number): Decomposition {
  const found = new SVD(Matrix.from1DArray(rows, columns, y), { autoTranspose: true });
  return {
    left: found.leftSingularVectors,
    values: Float64Array.from(found.diagonal),
    right: found.rightSingularVectors,
  };
}
