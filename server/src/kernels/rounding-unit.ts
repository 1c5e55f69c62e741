/**
 * Constants of rounding in IEEE double precision, round to nearest. Equation: fl(a op b) = (a op b)(1 + d),
 * |d| <= u, for + - * / sqrt without underflow; a sum of n products in any order has relative error at
 * most gamma_n = n u / (1 - n u) of the sum of absolute values (Higham, Accuracy and Stability of
 * Numerical Algorithms, 2nd edition, section 3.1).
 */

/** Unit roundoff, 2^-53. */
export const unitRoundoff = 2 ** -53;

/** Half the smallest subnormal bounds the error of one underflowing operation; rounded up to the whole. */
export const underflowUnit = Number.MIN_VALUE;

/** gamma_n, rounded up; infinite where n u >= 1. */
export function gamma(n: number): number {
  const t = n * unitRoundoff;
  return t >= 1 ? Infinity : (t / (1 - t)) * (1 + 4 * unitRoundoff);
}

/**
 * The power of two at or below a positive number, kept where its inverse is a normal number too. Scaling by it is
 * exact but for entries that become subnormal.
 */
export function powerOfTwoAt(size: number): number {
  return 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(size))));
}

/** A double not below the exact value of a result computed with one rounding. */
export function roundedUp(t: number): number {
  return t + Math.abs(t) * 2 * unitRoundoff + underflowUnit;
}

/** A double not above the exact value of a result computed with one rounding. */
export function roundedDown(t: number): number {
  return t - Math.abs(t) * 2 * unitRoundoff - underflowUnit;
}
