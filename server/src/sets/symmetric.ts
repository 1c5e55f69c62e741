/**
 * `symmetric`: matrices that equal their transpose. For a symmetric z, ‖y − z‖² is ‖y − s‖² + ‖s − z‖² with the
 * symmetric part s of y, so only s counts; and the projection of s onto a set C that the transpose maps onto itself
 * (a ball, a total, bounds of eigenvalues, a box with the same ends on both sides of the diagonal) is symmetric.
 * Together with such a set the projection therefore is P_C(s). A box is made such a set first.
 */
import { boxBetween } from './box.ts';
import { normBounds, sumBounds, unitRoundoff } from './directed.ts';
import type { Demands, Empty, Projector, SetKind } from './set.ts';
import { isEmpty } from './set.ts';

const u = unitRoundoff;

export const symmetric: SetKind = {
  name: 'symmetric',
  documentation: {
    signature: 'symmetric',
    summary: 'square matrices that equal their transpose',
    formula: 'A = Aᵀ',
  },
  arguments: [],
  matrixOnly: true,
  squareOnly: true,
  range: () => ({ lower: -Infinity, upper: Infinity }),
  demands: () => ({ symmetric: true }),
};

/** The mean of both triangles, exactly symmetric; entries that are equal stay as they are. */
function symmetricPart(y: Float64Array, size: number): Float64Array {
  return y.map((value, k) => {
    const other = y[(k % size) * size + Math.floor(k / size)] as number;
    return value === other ? value : value / 2 + other / 2;
  });
}

/** With ends that both entries of a pair fulfil. */
export function withSymmetricBox(demands: Demands, size: number): Demands | Empty {
  const { box } = demands;
  if (box === undefined) return demands;
  const pairs = (ends: Float64Array, choose: (a: number, b: number) => number): Float64Array =>
    ends.map((end, k) => choose(end, ends[(k % size) * size + Math.floor(k / size)] as number));
  const made = boxBetween(pairs(box.lower, Math.max), pairs(box.upper, Math.min));
  return isEmpty(made) ? made : { ...demands, box: made };
}

/** Onto the symmetric matrices of a set that the transpose maps onto itself, from the projection onto the set. */
export function amongSymmetric(inner: Projector, size: number): Projector {
  return (y) => {
    const first = symmetricPart(y, size);
    const found = inner(first);
    // The exact projection is symmetric, so the mean of both triangles is no further from it.
    const point = symmetricPart(found.point, size);
    const isKept =
      first.every((value, k) => Object.is(value, y[k])) &&
      point.every((value, k) => value === found.point[k]);
    const rounding = isKept
      ? 0
      : 2 * u * (normBounds(first).above + normBounds(point).above) + y.length * Number.MIN_VALUE;
    const more = (error: number): number => (error + rounding) * (rounding === 0 ? 1 : 1 + 4 * u);
    const { proved } = found;
    return {
      ...found,
      point,
      error: more(found.error),
      ...(proved === undefined ? {} : { proved: more(proved) }),
    };
  };
}

/**
 * Onto the symmetric matrices whose rows have these sums: S − l 1' − 1 l' with the symmetric part S of y, n l = d − k 1
 * and 2 n k = Σd for the excess d of the sums of the rows of S.
 */
export function ontoSymmetricWithSums(sums: readonly number[]): Projector {
  const n = sums.length;
  return (y) => {
    const part = symmetricPart(y, n);
    const excess = new Float64Array(n);
    const excessError = new Float64Array(n);
    for (const [i, sum] of sums.entries()) {
      const { below, above } = sumBounds(part.slice(i * n, (i + 1) * n));
      excess[i] = below / 2 + above / 2 - sum;
      excessError[i] = above - below + 2 * u * (Math.abs(below) + Math.abs(above) + Math.abs(sum));
    }
    const total = sumBounds(excess);
    const mean = (total.below / 2 + total.above / 2) / (2 * n);
    const meanError =
      (total.above - total.below + excessError.reduce((a, b) => a + b, 0)) / n + 2 * u * Math.abs(mean);
    const shift = excess.map((value) => (value - mean) / n);
    const shiftError = excessError.map(
      (error, i) => (error + meanError) / n + 3 * u * (Math.abs(excess[i] as number) + Math.abs(mean)),
    );
    const point = new Float64Array(n * n);
    const errors = new Float64Array(n * n);
    for (let k = 0; k < n * n; k++) {
      const [i, j] = [Math.floor(k / n), k % n];
      // Added first, so that both triangles are the same.
      const together = (shift[i] as number) + (shift[j] as number);
      point[k] = (part[k] as number) - together;
      const size = Math.abs(part[k] as number) + Math.abs(shift[i] as number) + Math.abs(shift[j] as number);
      errors[k] = (shiftError[i] as number) + (shiftError[j] as number) + 4 * u * size;
    }
    const error = normBounds(errors).above * (1 + (n + 16) * u) + n * Number.MIN_VALUE;
    return Number.isFinite(error)
      ? { point, error, kind: 'certified' }
      : { point, error: Infinity, kind: 'estimated' };
  };
}
