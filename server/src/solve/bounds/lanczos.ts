/**
 * An upper bound of lambda_max of a positive semidefinite operator from products only, by Lanczos with
 * full reorthogonalisation from a start uniform on the sphere. Kuczyński & Woźniakowski (1992):
 * P[(lambda_1 − ritz)/lambda_1 > e] <= 1.648 √d exp(−√e (2k − 1)). So with probability 1 − p,
 * lambda_1 <= ritz/(1 − e), √e = ln(1.648 √d / p)/(2k − 1). A Ritz value alone is a lower bound.
 * The products' errors shift the operator by at most their norm per unit vector, √k of them per basis.
 */
import { outward } from '../rounding.ts';
import { randomDirection, randomSource } from '../random.ts';
import { dot, norm } from '../vector.ts';

export function largestEigenvalueAbove(
  apply: (v: Float64Array) => { readonly out: Float64Array; readonly error: number },
  size: number,
  steps: number,
  failureProbability: number,
  seed: number,
  giveUp: (ritz: number) => boolean,
): number | undefined {
  const logarithm = Math.log((1.648 * Math.sqrt(size)) / failureProbability);
  const basis: Float64Array[] = [randomDirection(size, randomSource(seed))];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let error = 0;
  for (let k = 1; k <= steps; k++) {
    const v = basis[k - 1] as Float64Array;
    const applied = apply(v);
    error = Math.max(error, applied.error);
    const w = applied.out.slice();
    diagonal.push(dot(w, v));
    // Twice is enough (Parlett 1998): the basis is orthogonal to rounding.
    for (let pass = 0; pass < 2; pass++) {
      for (const old of basis) {
        const part = dot(w, old);
        for (let i = 0; i < size; i++) w[i] = (w[i] as number) - part * (old[i] as number);
      }
    }
    const length = norm(w);
    if (!Number.isFinite(length)) return undefined;
    const looks = k === steps || k % 10 === 0 || length === 0 || k === size;
    if (looks) {
      const ritz = largestOfTridiagonal(diagonal, beside);
      if (giveUp(ritz - error * Math.sqrt(k))) return undefined;
      if (k === steps || length === 0 || k === size) {
        const root = logarithm / (2 * k - 1);
        // An invariant subspace seen from a random start is the whole space, with probability one.
        const relative = length === 0 || k === size ? 0 : root * root;
        if (relative >= 1) return undefined;
        // The tridiagonal matrix itself carries rounding of size u times its norm per step.
        const slack = error * Math.sqrt(k) + 2 ** -50 * size * Math.abs(ritz);
        return outward((ritz + slack) / (1 - relative));
      }
    }
    beside.push(length);
    for (let i = 0; i < size; i++) w[i] = (w[i] as number) / length;
    basis.push(w);
  }
  return undefined;
}

/** Largest eigenvalue of a symmetric tridiagonal matrix by bisection on Sturm counts. */
export function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  let low = -Infinity;
  let high = -Infinity;
  for (let i = 0; i < diagonal.length; i++) {
    const entry = diagonal[i] as number;
    const radius = Math.abs(beside[i - 1] ?? 0) + (i + 1 < diagonal.length ? Math.abs(beside[i] ?? 0) : 0);
    low = Math.max(low, entry);
    high = Math.max(high, entry + radius);
  }
  for (let step = 0; step < 100 && high - low > 2 ** -50 * Math.abs(high); step++) {
    const middle = low + (high - low) / 2;
    // All pivots of T − middle I negative: every eigenvalue lies below.
    let pivot = 1;
    let below = true;
    for (let i = 0; i < diagonal.length && below; i++) {
      const coupling = i === 0 ? 0 : (beside[i - 1] as number) ** 2 / pivot;
      pivot = (diagonal[i] as number) - middle - coupling;
      if (!(pivot < 0)) below = false;
    }
    if (below) high = middle;
    else low = middle;
  }
  return high;
}
