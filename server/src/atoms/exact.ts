/**
 * Whether an operation on two doubles has a double as its exact result, so that folding it in a formula
 * changes nothing. Where that is not certain (too large, too small) the answer is no.
 */

/** True when a + b is a double: the error of the rounded sum is 0 (Knuth). */
export function isExactSum(a: number, b: number): boolean {
  const sum = a + b;
  if (!Number.isFinite(sum)) return !Number.isFinite(a) || !Number.isFinite(b);
  const part = sum - a;
  return a - (sum - part) + (b - part) === 0;
}

/** True when a b is a double: the error of the rounded product is 0 (Dekker); too large or small: no. */
export function isExactProduct(a: number, b: number): boolean {
  if (a === 0 || b === 0 || Math.abs(a) === 1 || Math.abs(b) === 1) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return true;
  const product = a * b;
  // The halves and their products must neither overflow nor underflow.
  const safe = (t: number): boolean => Math.abs(t) < 1e140 && Math.abs(t) > 1e-140;
  if (!safe(a) || !safe(b)) return false;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2) === 0;
}

/** Veltkamp's splitting into two doubles of 26 bits each. */
function halves(a: number): readonly [number, number] {
  const scaled = (2 ** 27 + 1) * a;
  const high = scaled - (scaled - a);
  return [high, a - high];
}

export function isExactQuotient(a: number, b: number): boolean {
  const quotient = a / b;
  return quotient * b === a && isExactProduct(quotient, b);
}

export function isExactRoot(a: number): boolean {
  const root = Math.sqrt(a);
  return root * root === a && isExactProduct(root, root);
}
