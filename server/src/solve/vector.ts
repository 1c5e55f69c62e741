/**
 * Dense vectors as Float64Arrays. Every sum runs in index order, so results are the same bits on every
 * run. Norms do not overflow or underflow for any finite input.
 */

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Euclidean norm; Infinity or NaN when an entry is. */
export function norm(a: Float64Array): number {
  const squared = dot(a, a);
  // Within these limits no square that matters has over- or underflowed.
  if (squared > 1e-280 && squared < 1e300) return Math.sqrt(squared);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i] as number);
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(size)) return Number.NaN;
  }
  if (largest === 0 || largest === Infinity) return largest;
  // A power of two scales without rounding; halving the exponent keeps it finite for subnormals.
  const scale = 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const ratio = (a[i] as number) / scale;
    sum += ratio * ratio;
  }
  return scale * Math.sqrt(sum);
}

/** y += alpha x */
export function addScaled(alpha: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = (y[i] as number) + alpha * (x[i] as number);
}

/** a - b, a new array. */
export function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) - (b[i] as number);
  return out;
}

/** a + alpha b, a new array. */
export function combination(a: Float64Array, alpha: number, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) + alpha * (b[i] as number);
  return out;
}

export function scaled(alpha: number, a: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = alpha * (a[i] as number);
  return out;
}

export function allFinite(a: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Number.isFinite(a[i])) return false;
  return true;
}

export function sameEntries(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
