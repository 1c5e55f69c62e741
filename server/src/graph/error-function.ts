/**
 * The error function 2/√π ∫₀ᵗ exp(−s²) ds in double precision with a proved error: at most 32 u |erf t|,
 * u = 2^-53 (kernels/rounding-rules.ts). For |t| <= 2 by exp(−t²) Σ 2ⁿ t^(2n+1)/(2n+1)!!, whose terms are
 * positive, so that nothing cancels; beyond by 1 − erfc with the continued fraction of erfc, whose
 * error counts only by erfc(2) < 0.005 (Abramowitz & Stegun 7.1.6 and 7.1.14).
 */

const twoOverRootPi = 2 / Math.sqrt(Math.PI);
/** Up to here the series, 40 terms: the next is below 2^-70 of the sum at 2. */
const seriesEnd = 2;
const seriesTerms = 40;
/** Levels of the continued fraction: at 2, two successive ones agree to 1e-15 relative. */
const fractionLevels = 60;
/** Beyond this erfc is below a quarter of the rounding of 1. */
const saturation = 6;

export function erf(t: number): number {
  const size = Math.abs(t);
  if (size <= seriesEnd) return twoOverRootPi * Math.exp(-t * t) * series(t);
  if (size >= saturation) return Math.sign(t);
  // NaN falls through to here and stays what it is.
  return Math.sign(t) * (1 - complement(size));
}

/** t (1 + 2t²/3 (1 + 2t²/5 (1 + …))), from the inside. */
function series(t: number): number {
  const square = 2 * (t * t);
  let rest = 1;
  for (let n = seriesTerms; n >= 1; n--) rest = 1 + (square / (2 * n + 1)) * rest;
  return t * rest;
}

/** erfc t = exp(−t²)/√π · 1/(t + (1/2)/(t + 1/(t + (3/2)/(t + …)))) for t > 0. */
function complement(t: number): number {
  let below = t;
  for (let level = fractionLevels; level >= 1; level--) below = t + level / 2 / below;
  return ((twoOverRootPi / 2) * Math.exp(-t * t)) / below;
}
