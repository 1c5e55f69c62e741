/**
 * A certified lower bound of sigma_min(H(x~)), for a symmetric H its smallest eigenvalue, sharper than the
 * structural mu. Small d: H by d products and a Cholesky certificate, of H itself or, where it is not
 * symmetric, of H'H, that counts the products' rounding. Large d: Lanczos on L I − H, or on L² I − H'H,
 * from a random start, probabilistic (Kuczyński & Woźniakowski 1992), see lanczos.ts.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import { gamma, normAbove, outward } from '../rounding.ts';
import { smallestEigenvalueBelow, smallestSingularValueBelow } from './dense.ts';
import { largestEigenvalueAbove } from './lanczos.ts';

/** Up to here d products and a few factorisations cost less than the solves they sharpen. */
export const denseLimit = 300;

/** H(x), symmetrised where it is symmetric, and a bound of its error's spectral norm; d products. */
export function denseHessian(
  problem: CountedProblem,
  x: Float64Array,
): { readonly matrix: Float64Array; readonly error: number } {
  const size = problem.lowerSize;
  problem.linearise(x);
  const matrix = new Float64Array(size * size);
  const unit = new Float64Array(size);
  const column = new Float64Array(size);
  const errors = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    unit[j] = 1;
    problem.hessianProduct(unit, column);
    errors[j] = problem.rounding.hessianProduct(x, unit);
    for (let i = 0; i < size; i++) matrix[i * size + j] = column[i] as number;
    unit[j] = 0;
  }
  if (!problem.isSymmetric) return { matrix, error: normAbove(errors) };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const mean = ((matrix[i * size + j] as number) + (matrix[j * size + i] as number)) / 2;
      matrix[i * size + j] = mean;
      matrix[j * size + i] = mean;
    }
  }
  // The mean of two floats is rounded once: at most u |entry|.
  const error = outward(normAbove(errors) + gamma(2) * normAbove(matrix));
  return { matrix, error };
}

/** By Cholesky; the value is at least `mu`. For d up to `denseLimit`. */
export function denseCurvature(problem: CountedProblem, x: Float64Array, mu: Qualified): Qualified {
  const { matrix, error } = denseHessian(problem, x);
  const size = problem.lowerSize;
  const known = Math.max(0, mu.value);
  const value = problem.isSymmetric
    ? smallestEigenvalueBelow(matrix, size, error, known)
    : smallestSingularValueBelow(matrix, size, error, known);
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
  // S = H, or H'H; every eigenvalue of S lies in [0, top].
  const { isSymmetric } = problem;
  const top = isSymmetric ? L.value : outward(L.value * L.value);
  const image = new Float64Array(problem.lowerSize);
  const product = new Float64Array(problem.lowerSize);
  const flipped = (v: Float64Array): { out: Float64Array; error: number } => {
    problem.hessianProduct(v, image);
    let error = problem.rounding.hessianProduct(x, v);
    if (!isSymmetric) {
      problem.transposedHessianProduct(image, product);
      error = L.value * error + problem.transposedProductRounding(x, image);
    }
    const applied = isSymmetric ? image : product;
    const out = new Float64Array(v.length);
    let size = 0;
    for (let i = 0; i < v.length; i++) {
      out[i] = top * (v[i] as number) - (applied[i] as number);
      size += (out[i] as number) ** 2;
    }
    return { out, error: error + gamma(3) * (top + Math.sqrt(size)) };
  };
  const least = (eigenvalue: number): number =>
    isSymmetric ? eigenvalue : Math.sqrt(Math.max(0, eigenvalue));
  const found = largestEigenvalueAbove(
    flipped,
    problem.lowerSize,
    Math.min(products, 300),
    failureProbability,
    seed,
    // The Ritz value bounds top − lambda_min from below, so lambda_min from above: twice mu or less is no gain.
    (below) => cancellation.cancelled || least(top - below) < 2 * mu.value,
  );
  if (found === undefined) return undefined;
  const value = least(top - found - 4 * gamma(2) * top) * (1 - gamma(4));
  return value > 1.5 * mu.value ? { value, kind: 'probabilistic', failureProbability } : undefined;
}
