/**
 * A certified lower bound of lambda_min(H(x~)), sharper than the structural mu. Small d: H by d products,
 * symmetrised, and a Cholesky certificate that counts the products' rounding. Large d: Lanczos on
 * L I − H from a random start, probabilistic (Kuczyński & Woźniakowski 1992), see lanczos.ts.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import { gamma, outward } from '../rounding.ts';
import { smallestEigenvalueBelow } from './dense.ts';
import { largestEigenvalueAbove } from './lanczos.ts';

/** Up to here d products and a few factorisations cost less than the solves they sharpen. */
export const denseLimit = 300;

/** H(x), symmetrised, and a bound of the spectral norm of its error; d Hessian products. */
export function denseHessian(
  problem: CountedProblem,
  x: Float64Array,
): { readonly matrix: Float64Array; readonly error: number } {
  const size = problem.lowerSize;
  problem.linearise(x);
  const matrix = new Float64Array(size * size);
  const unit = new Float64Array(size);
  const column = new Float64Array(size);
  let squaredError = 0;
  for (let j = 0; j < size; j++) {
    unit[j] = 1;
    problem.hessianProduct(unit, column);
    const rounding = problem.rounding.hessianProduct(x, unit);
    squaredError += rounding * rounding;
    for (let i = 0; i < size; i++) matrix[i * size + j] = column[i] as number;
    unit[j] = 0;
  }
  let squared = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const mean = ((matrix[i * size + j] as number) + (matrix[j * size + i] as number)) / 2;
      matrix[i * size + j] = mean;
      matrix[j * size + i] = mean;
      squared += (i === j ? 1 : 2) * mean * mean;
    }
  }
  // The mean of two floats is rounded once: at most u |entry|.
  const error = outward(Math.sqrt(squaredError) + gamma(2) * Math.sqrt(squared), size * size + 16);
  return { matrix, error };
}

/** By Cholesky; the value is at least `mu`. For d up to `denseLimit`. */
export function denseCurvature(problem: CountedProblem, x: Float64Array, mu: Qualified): Qualified {
  const { matrix, error } = denseHessian(problem, x);
  const value = smallestEigenvalueBelow(matrix, problem.lowerSize, error, Math.max(0, mu.value));
  return value > mu.value ? { value, kind: 'certified' } : mu;
}

/**
 * By Lanczos with at most `products` products; undefined when it cannot help: when L is not known, or
 * the part of the spectrum seen so far shows that mu is already close to lambda_min.
 */
export function probabilisticCurvature(
  problem: CountedProblem,
  x: Float64Array,
  mu: Qualified,
  L: Qualified,
  products: number,
  failureProbability: number,
  seed: number,
  cancellation: CancellationToken,
): Qualified | undefined {
  if (!Number.isFinite(L.value) || L.kind !== 'certified') return undefined;
  problem.linearise(x);
  const product = new Float64Array(problem.lowerSize);
  const flipped = (v: Float64Array): { out: Float64Array; error: number } => {
    problem.hessianProduct(v, product);
    const out = new Float64Array(v.length);
    let size = 0;
    for (let i = 0; i < v.length; i++) {
      out[i] = L.value * (v[i] as number) - (product[i] as number);
      size += (out[i] as number) ** 2;
    }
    const error = problem.rounding.hessianProduct(x, v) + gamma(3) * (L.value + Math.sqrt(size));
    return { out, error };
  };
  const found = largestEigenvalueAbove(
    flipped,
    problem.lowerSize,
    Math.min(products, 300),
    failureProbability,
    seed,
    // The Ritz value bounds L − lambda_min from below, so lambda_min from above: twice mu or less is no gain.
    (below) => cancellation.cancelled || L.value - below < 2 * mu.value,
  );
  if (found === undefined) return undefined;
  const value = L.value - found - 4 * gamma(2) * L.value;
  return value > 1.5 * mu.value ? { value, kind: 'probabilistic', failureProbability } : undefined;
}
