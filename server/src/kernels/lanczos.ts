/**
 * Lanczos' method with full reorthogonalisation for the largest eigenvalue of a symmetric operator:
 * q_{k+1} beta_k = B q_k - alpha_k q_k - beta_{k-1} q_{k-1}; the largest Ritz value of the tridiagonal
 * matrix estimates lambda_max from below. An estimate only: what is built on it must be proved.
 * Source: Golub & Van Loan, Matrix Computations, 4th edition, section 10.3.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface RitzPair {
  readonly value: number;
  /** [d], of norm about 1. */
  readonly vector: Float64Array;
}

/**
 * The largest Ritz pair of `operator` (out = B v, length `size`) after at most `most` steps. The start
 * is a fixed pseudo-random vector, so that results repeat; steps end when the space is exhausted.
 */
export function largestRitzPair(
  size: number,
  operator: (v: Float64Array, out: Float64Array) => void,
  most: number,
): RitzPair {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let q = startVector(size);
  for (let k = 0; k < Math.min(most, size); k++) {
    basis.push(q);
    const w = new Float64Array(size);
    operator(q, w);
    diagonal.push(dot(q, w));
    // Twice is enough (Kahan, Parlett): the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis) addScaled(w, earlier, -dot(earlier, w));
    }
    const norm = Math.sqrt(dot(w, w));
    // Relative to the operator's size so far; what remains below is rounding.
    const scale = Math.max(...diagonal.map(Math.abs), ...offDiagonal);
    if (!(norm > scale * 1e-14)) break;
    offDiagonal.push(norm);
    for (let i = 0; i < size; i++) w[i] = (w[i] as number) / norm;
    q = w;
  }
  const steps = basis.length;
  const tridiagonal = Matrix.zeros(steps, steps);
  for (let k = 0; k < steps; k++) {
    tridiagonal.set(k, k, diagonal[k] as number);
    if (k + 1 < steps) {
      tridiagonal.set(k, k + 1, offDiagonal[k] as number);
      tridiagonal.set(k + 1, k, offDiagonal[k] as number);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(tridiagonal, {
    assumeSymmetric: true,
  });
  let best = 0;
  realEigenvalues.forEach((value, k) => {
    if (value > (realEigenvalues[best] as number)) best = k;
  });
  const vector = new Float64Array(size);
  basis.forEach((member, k) => {
    addScaled(vector, member, eigenvectorMatrix.get(k, best));
  });
  return { value: realEigenvalues[best] as number, vector };
}

/** A fixed vector of norm 1 without structure: Weyl's sequence of the golden ratio. */
function startVector(size: number): Float64Array {
  const vector = new Float64Array(size);
  for (let i = 0; i < size; i++) vector[i] = (((i + 1) * 0.6180339887498949) % 1) + 0.1;
  const norm = Math.sqrt(dot(vector, vector));
  for (let i = 0; i < size; i++) vector[i] = (vector[i] as number) / norm;
  return vector;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (vector[i] as number);
}
