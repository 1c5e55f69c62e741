/**
 * An upper bound of ‖J(x~)‖, J = g_xtheta (d x p). The structural constant is certified and free; for
 * small d the matrix itself is formed row by row (J' e_i) and its norm bounded rigorously. Where the
 * structural constant is infinite and d is large, Lanczos on J J' gives a probabilistic bound.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import type { Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import { normAbove, outward } from '../rounding.ts';
import { spectralNormAbove } from './dense.ts';
import { largestEigenvalueAbove } from './lanczos.ts';
import { denseLimit } from './local-curvature.ts';

/** Forming the Gram matrix costs d² p; this many operations take well under a second. */
const gramLimit = 2e8;

export function denseJacobianApplies(problem: CountedProblem): boolean {
  return problem.lowerSize <= denseLimit && problem.lowerSize ** 2 * problem.upperSize <= gramLimit;
}

/** By d products with J'. */
export function denseJacobianNorm(problem: CountedProblem, x: Float64Array): Qualified {
  const rows = problem.lowerSize;
  const columns = problem.upperSize;
  problem.linearise(x);
  const matrix = new Float64Array(rows * columns);
  const unit = new Float64Array(rows);
  const row = new Float64Array(columns);
  const errors = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    unit[i] = 1;
    problem.jacobianTransposeProduct(unit, row);
    errors[i] = problem.rounding.jacobianTransposeProduct(x, unit);
    matrix.set(row, i * columns);
    unit[i] = 0;
  }
  const error = normAbove(errors);
  return { value: spectralNormAbove(matrix, rows, columns, error), kind: 'certified' };
}

/** By Lanczos on J J', each step one product with J' and one with J. */
export function probabilisticJacobianNorm(
  problem: CountedProblem,
  x: Float64Array,
  failureProbability: number,
  seed: number,
  cancellation: CancellationToken,
): Qualified | undefined {
  problem.linearise(x);
  const middle = new Float64Array(problem.upperSize);
  const apply = (v: Float64Array): { out: Float64Array; error: number } => {
    const out = new Float64Array(problem.lowerSize);
    problem.jacobianTransposeProduct(v, middle);
    problem.jacobianProduct(middle, out);
    return { out, error: 0 };
  };
  // √e = 28/119 at 60 steps: at most 3 % above the norm, for 120 products.
  const found = largestEigenvalueAbove(
    apply,
    problem.lowerSize,
    Math.min(60, problem.lowerSize),
    failureProbability,
    seed,
    () => cancellation.cancelled,
  );
  if (found === undefined) return undefined;
  // The products are exact up to rounding of relative size far below this.
  return { value: outward(Math.sqrt(found) * (1 + 1e-6)), kind: 'probabilistic', failureProbability };
}
