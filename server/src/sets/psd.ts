/**
 * `psd`: symmetric matrices without negative eigenvalues, `psd(least)` with eigenvalues of at least that
 * number, so that inverses and determinants exist. The projection keeps the eigenvectors and projects the
 * eigenvalues (Higham 1988): onto an interval, and onto a ball where the norm of the matrix is bounded too.
 */
import { Matrix } from 'ml-matrix';
import { withinBall } from './ball.ts';
import { boxBetween, ontoBox } from './box.ts';
import { restricted } from './decomposition.ts';
import { eigenDecomposition } from './jacobi.ts';
import type { Empty, Projector, SetKind } from './set.ts';
import { isEmpty } from './set.ts';
import { amongSymmetric } from './symmetric.ts';

export const psd: SetKind = {
  name: 'psd',
  documentation: {
    signature: 'psd  or  psd(least)',
    summary: 'symmetric matrices whose eigenvalues are at least 0 (or the given number)',
    formula: 'A = Aᵀ, λ_min(A) ≥ 0',
  },
  arguments: [{ name: 'least', kind: 'number', default: 0 }],
  matrixOnly: true,
  squareOnly: true,
  range: () => ({ lower: -Infinity, upper: Infinity }),
  semidefinite: ([least]) => (least?.lower ?? -Infinity) >= 0,
  demands: ([least]) => {
    const [floor = NaN] = least as Float64Array;
    return floor < Infinity
      ? { symmetric: true, least: floor }
      : { empty: `no matrix has eigenvalues of at least ${floor}` };
  },
};

/** Onto symmetric matrices [n, n] with eigenvalues between the ends and, where given, a norm of all entries of at most `radius`. */
export function ontoEigenvalues(
  size: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  radius: number | undefined,
): Projector | Empty {
  const ends = boxBetween(new Float64Array(size).fill(lower), new Float64Array(size).fill(upper));
  if (isEmpty(ends)) return { empty: `no eigenvalue lies between ${lower} and ${upper}` };
  const inBox = ontoBox(ends);
  const ofValues = radius === undefined ? inBox : withinBall(inBox, size, radius, false);
  if (isEmpty(ofValues)) return ofValues;
  return amongSymmetric((y) => {
    if (!y.every((value) => Number.isFinite(value))) return { point: y.slice(), error: 0, kind: 'certified' };
    const { values, vectors } = eigenDecomposition(y, size);
    const columns = Matrix.from1DArray(size, size, vectors).transpose();
    return restricted(y, { left: columns, values, right: columns }, ofValues);
  }, size);
}
