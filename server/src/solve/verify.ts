/**
 * Verification of a hypergradient by two other routes (`gradient --verify`). Exact: the lower solution
 * polished to machine accuracy by Newton steps with a dense solve (small d; Krylov methods for large),
 * the adjoint by dense factors with iterative refinement. Differences: Richardson-extrapolated central
 * differences of F along h and along random directions, each F by re-solving the lower level to the
 * floor, with the adjoint correction f(x) − q'R(x), whose error is second order in x − x*.
 */
import { cholesky, choleskySolve, triangularFactors, triangularSolve } from './bounds/dense.ts';
import type { Projection } from './bounds/descent.ts';
import { denseHessian, denseLimit } from './bounds/local-curvature.ts';
import type { Evaluation } from './evaluation.ts';
import { implicitHypergradient, upperValue } from './hypergradient/implicit.ts';
import type { HypergradientPoint } from './hypergradient/implicit.ts';
import { solveLinear } from './linear/index.ts';
import type { LowerSolution } from './lower/method.ts';
import { newtonStep } from './lower/newton.ts';
import { randomDirection, randomSource } from './random.ts';
import { distanceAbove } from './rounding.ts';
import { combination, dot, norm } from './vector.ts';

export interface Verification {
  /** ‖h − h_exact‖ / ‖h_exact‖, 0 where both are 0 */
  readonly exactRelativeError: number;
  /** An estimate of the same from differences of F along the directions. */
  readonly differenceRelativeError: number;
  readonly differenceDirections: number;
  /** ‖h − h_exact‖ is at most the certificate's bound. */
  readonly boundHolds: boolean;
}

interface ExactPoint {
  readonly lower: LowerSolution;
  readonly q: Float64Array;
  readonly h: Float64Array;
}

/** Checks h against both routes, the bound against the exact one. */
export function verifyHypergradient(
  evaluation: Evaluation,
  point: HypergradientPoint,
  bound: number,
  project: Projection,
): Verification {
  const exact = exactHypergradient(evaluation, point);
  const size = norm(exact.h);
  const error = distanceAbove(point.h, exact.h);
  const large = evaluation.problem.lowerSize > denseLimit;
  // Each direction costs six lower solves to the floor.
  const directions = large ? 2 : 4;
  const difference = differenceError(evaluation, point, exact, directions, project);
  return {
    exactRelativeError: relative(error, size),
    differenceRelativeError: relative(difference, size),
    differenceDirections: directions,
    boundHolds: error <= bound,
  };
}

function relative(error: number, size: number): number {
  return error === 0 ? 0 : error / size;
}

/** Newton to the floor, then the adjoint to the floor, by dense factors where d permits. */
export function exactHypergradient(evaluation: Evaluation, point: HypergradientPoint): ExactPoint {
  const { problem } = evaluation;
  evaluation.enter(point.theta);
  const lower = polishedLower(evaluation, point.lower);
  const upper = upperValue(problem, lower.x);
  const q = exactAdjoint(evaluation, lower.x, upper.gradientX);
  const linear = { ...point.linear, q, residualNorm: 0, residualBound: 0 };
  const { h } = implicitHypergradient(problem, point.theta, lower, upper, linear);
  return { lower, q, h };
}

function polishedLower(evaluation: Evaluation, from: LowerSolution): LowerSolution {
  const { problem } = evaluation;
  let current = from;
  // Newton doubles the digits; forty steps leave room for a damped start.
  for (let step = 0; step < 40 && !evaluation.cancellation.cancelled; step++) {
    const next =
      problem.lowerSize <= denseLimit
        ? denseNewtonStep(evaluation, current)
        : newtonStep(problem, current, {
            mu: evaluation.mu,
            L: evaluation.stepL,
            forcing: 1e-6,
            goal: problem.rounding.lowerGradient(current.x) / 16,
            cancellation: evaluation.cancellation,
            onProgress: (iteration, residual) =>
              evaluation.report({ phase: 'verifying', iteration, residual }),
          });
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

/** A full or halved Newton step that decreases ‖R‖, by dense factors. */
function denseNewtonStep(evaluation: Evaluation, from: LowerSolution): LowerSolution | undefined {
  const { problem } = evaluation;
  const size = norm(from.gradient);
  if (size === 0) return undefined;
  const direction = denseFactors(evaluation, from.x)?.solve(from.gradient);
  if (direction === undefined) return undefined;
  const gradient = new Float64Array(from.x.length);
  for (let t = 1; t >= 2 ** -10; t /= 2) {
    const x = combination(from.x, -t, direction);
    problem.retract(x);
    const objective = problem.lower(x, gradient);
    if (norm(gradient) < (1 - 0.1 * t) * size) return { ...from, x, gradient: gradient.slice(), objective };
  }
  return undefined;
}

interface DenseFactors {
  /** H^-1 rhs and H'^-1 rhs. */
  readonly solve: (rhs: Float64Array) => Float64Array;
  readonly solveTransposed: (rhs: Float64Array) => Float64Array;
}

function denseFactors({ problem }: Evaluation, x: Float64Array): DenseFactors | undefined {
  const size = problem.lowerSize;
  const { matrix } = denseHessian(problem, x);
  if (problem.isSymmetric) {
    const factor = cholesky(matrix, size);
    if (factor === undefined) return undefined;
    const solve = (rhs: Float64Array): Float64Array => choleskySolve(factor, size, rhs);
    return { solve, solveTransposed: solve };
  }
  const factors = triangularFactors(matrix, size);
  return (
    factors && {
      solve: (rhs) => triangularSolve(factors, size, rhs, false),
      solveTransposed: (rhs) => triangularSolve(factors, size, rhs, true),
    }
  );
}

function exactAdjoint(evaluation: Evaluation, x: Float64Array, rhs: Float64Array): Float64Array {
  const { problem } = evaluation;
  const size = problem.lowerSize;
  if (size <= denseLimit) {
    const factors = denseFactors(evaluation, x);
    if (factors !== undefined) {
      problem.linearise(x);
      const q = factors.solveTransposed(rhs);
      const product = new Float64Array(size);
      // Two rounds of refinement with the true products bring the residual to the floor.
      for (let round = 0; round < 2; round++) {
        problem.transposedHessianProduct(q, product);
        const correction = factors.solveTransposed(rhs.map((value, i) => value - (product[i] as number)));
        for (let i = 0; i < size; i++) q[i] = (q[i] as number) + (correction[i] as number);
      }
      return q;
    }
  }
  problem.linearise(x);
  return solveLinear('automatic', {
    problem,
    transposed: true,
    centre: x,
    rhs,
    mu: evaluation.mu.value,
    L: evaluation.stepL,
    tolerance: 0,
    relative: 1e-15,
    cancellation: evaluation.cancellation,
    onProgress: (iteration, residual) => evaluation.report({ phase: 'verifying', iteration, residual }),
  }).q;
}

/**
 * Estimates ‖h − ∇F‖ from e(u) = <h, u> − F'(theta; u): |e| along h itself, and √p times the root mean
 * square over random unit u, since E<v, u>² = ‖v‖²/p.
 */
function differenceError(
  evaluation: Evaluation,
  point: HypergradientPoint,
  exact: ExactPoint,
  directions: number,
  project: Projection,
): number {
  const p = point.h.length;
  const random = randomSource(evaluation.options.seed + 17);
  let along = 0;
  let squares = 0;
  const size = norm(point.h);
  for (let k = 0; k < directions; k++) {
    const direction = k === 0 && size > 0 ? point.h.map((value) => value / size) : randomDirection(p, random);
    const alongIt = directionalDerivative(evaluation, point.theta, exact, direction, project);
    // Outside the set there may be no F, as where a matrix is not symmetric.
    const within = Number.isFinite(alongIt) ? direction : withinSet(point.theta, direction, project);
    const derivative =
      within === direction ? alongIt : directionalDerivative(evaluation, point.theta, exact, within, project);
    const error = Math.abs(dot(point.h, within) - derivative);
    if (k === 0) along = error;
    else squares += error * error;
  }
  return Math.max(along, Math.sqrt((p * squares) / Math.max(1, directions - 1)));
}

/** The part of a direction along which the set extends to both sides, where theta is inside; not longer. */
function withinSet(theta: Float64Array, direction: Float64Array, project: Projection): Float64Array {
  const step = 1e-4 * Math.max(1, norm(theta));
  const ahead = project(combination(theta, step, direction)).point;
  const behind = project(combination(theta, -step, direction)).point;
  return ahead.map((value, i) => (value - (behind[i] as number)) / (2 * step));
}

/**
 * F'(theta; u) by central differences at t, t/2, t/4, … and Richardson's table (Ridders 1982): the entry
 * with the smallest change against its neighbours. The first t moves the largest entry of theta by a
 * tenth of its scale; curvature shows in the table, rounding stops its growth.
 */
export function directionalDerivative(
  evaluation: Evaluation,
  theta: Float64Array,
  exact: Pick<ExactPoint, 'lower' | 'q'>,
  direction: Float64Array,
  project: Projection,
): number {
  let reach = 0;
  let scale = 1;
  for (let i = 0; i < theta.length; i++) {
    reach = Math.max(reach, Math.abs(direction[i] as number));
    scale = Math.max(scale, Math.abs(theta[i] as number));
  }
  let t = (0.1 * Math.min(scale, 10)) / reach;
  const inside = (step: number): boolean => {
    const at = combination(theta, step, direction);
    return distanceAbove(project(at).point, at) === 0;
  };
  // Stay inside the set when a shorter step can; at its edge F is evaluated a little outside.
  for (let halving = 0; halving < 10 && !(inside(t) && inside(-t)); halving++) t /= 2;
  const table: number[][] = [];
  let best = Number.NaN;
  let bestChange = Infinity;
  const levels = 6;
  for (let row = 0; row < levels && !evaluation.cancellation.cancelled; row++, t /= 2) {
    const ahead = combination(theta, t, direction);
    const behind = combination(theta, -t, direction);
    const values = [
      solvedObjective(evaluation, ahead, exact),
      solvedObjective(evaluation, behind, exact),
    ] as const;
    const entries = [(values[0] - values[1]) / (2 * t)];
    const above = table[row - 1];
    for (let column = 1; column <= row && above !== undefined; column++) {
      const fine = entries[column - 1] as number;
      const coarse = above[column - 1] as number;
      const next = fine + (fine - coarse) / (4 ** column - 1);
      const change = Math.max(Math.abs(next - fine), Math.abs(next - coarse));
      if (change < bestChange) {
        bestChange = change;
        best = next;
      }
      entries.push(next);
    }
    table.push(entries);
    // Two orders below what is to be confirmed, or growing again: more levels only add rounding.
    if (row >= 2 && bestChange <= 1e-10 * Math.abs(best)) break;
  }
  evaluation.enter(theta);
  return best;
}

/** F(theta), by re-solving the lower level to the floor from the known solution. */
function solvedObjective(
  evaluation: Evaluation,
  theta: Float64Array,
  exact: Pick<ExactPoint, 'lower' | 'q'>,
): number {
  const { problem } = evaluation;
  evaluation.enter(theta);
  const gradient = new Float64Array(problem.lowerSize);
  const objective = problem.lower(exact.lower.x, gradient);
  const lower = polishedLower(evaluation, { ...exact.lower, gradient, objective });
  const upper = upperValue(problem, lower.x);
  return upper.objective - dot(exact.q, lower.gradient);
}
