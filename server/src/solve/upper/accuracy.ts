/**
 * Tolerances driven by the certificate: improves a hypergradient until Theorem A's omega is at most what
 * the caller needs, by the cheaper of two means. Tightening continues the author's (or the automatic)
 * lower method; polishing takes one Newton–CG step, which gains as much as sqrt(kappa) ln(factor)
 * accelerated steps for the price of a conjugate gradient solve, and wins where regularisation is weak.
 * Accuracies reached are handed back as the next solve's tolerances.
 */
import { localKnowledge, nextForcing, polishingGoals } from '../bounds/certificate.ts';
import { denseLimit } from '../bounds/local-curvature.ts';
import { theoremA } from '../bounds/theorem-a.ts';
import type { LocalKnowledge, TheoremABound } from '../bounds/theorem-a.ts';
import { pointIsFinite } from '../evaluation.ts';
import type { Accuracy, Evaluation } from '../evaluation.ts';
import { implicitHypergradient, upperValue } from '../hypergradient/implicit.ts';
import type { HypergradientPoint } from '../hypergradient/implicit.ts';
import { automaticLinearMethod } from '../linear/index.ts';
import type { LinearSolution } from '../linear/method.ts';
import { automaticLowerMethod } from '../lower/index.ts';
import type { LowerSolution } from '../lower/method.ts';
import { norm } from '../vector.ts';

export interface CertifiedPoint {
  readonly point: HypergradientPoint;
  readonly bound: TheoremABound;
  readonly local: LocalKnowledge;
}

/**
 * met: omega is small enough; floor: rounding does not permit it; limited: the author's tolerances do
 * not; the rest end the run.
 */
export type DriveEnd = 'met' | 'floor' | 'limited' | 'budget' | 'cancelled' | 'not_finite';

export interface DriveResult extends CertifiedPoint {
  readonly end: DriveEnd;
}

/** Theorem A with structural constants at a fresh point. */
export function structuralBound(evaluation: Evaluation, point: HypergradientPoint): CertifiedPoint {
  evaluation.enter(point.theta);
  return { point, bound: theoremA(evaluation.problem, point, evaluation.mu), local: {} };
}

/** Where nothing could be solved: the start of the lower level, q = 0, and no bound. */
export function unsolvedPoint(evaluation: Evaluation, theta: Float64Array): CertifiedPoint {
  evaluation.enter(theta);
  const { problem, mu } = evaluation;
  const x = problem.lowerStart();
  const gradient = new Float64Array(x.length);
  const objective = problem.lower(x, gradient);
  const lower: LowerSolution = {
    x,
    gradient,
    objective,
    bound: { ...mu, value: Infinity },
    floor: 0,
    iterations: 0,
    stop: 'stalled',
    method: automaticLowerMethod(problem),
    rateKind: 'estimated',
  };
  const upper = upperValue(problem, x);
  const linear: LinearSolution = {
    q: new Float64Array(x.length),
    residualNorm: norm(upper.gradientX),
    residualBound: Infinity,
    floor: 0,
    iterations: 0,
    stop: 'stalled',
    method: automaticLinearMethod(problem.lowerKind),
  };
  return structuralBound(evaluation, implicitHypergradient(problem, theta, lower, upper, linear));
}

/** Improves `from` until omega <= wanted(h). `accuracy` is adjusted to what was needed. */
export function driveAccuracy(
  evaluation: Evaluation,
  from: CertifiedPoint,
  accuracy: Accuracy,
  wanted: (h: Float64Array) => number,
): DriveResult {
  let current = from;
  let idle = 0;
  let polishes = true;
  let forcing = evaluation.problem.lowerIsQuadratic ? 1e-10 : 1e-3;
  let lowerIsExhausted = evaluation.lowerIsFixed;
  let linearIsExhausted = evaluation.linearIsFixed;
  // Each round gains at least a factor two or counts as idle; sixty cover all digits several times over.
  for (let round = 0; round < 60; round++) {
    const { point, bound } = current;
    const { problem } = evaluation;
    const end = (reason: DriveEnd): DriveResult => ({ ...current, end: reason });
    if (!pointIsFinite(point)) return end('not_finite');
    const goal = wanted(point.h);
    if (bound.omega <= goal) return end('met');
    if (evaluation.cancellation.cancelled) return end('cancelled');
    if (problem.exhausted) return end('budget');
    if (knowsLittle(current) && localPays(evaluation, bound.omega / goal)) {
      const local = localKnowledge(problem, point.x, evaluation.mu);
      const sharper = theoremA(problem, point, evaluation.mu, local);
      current = { point, bound: sharper.omega < bound.omega ? sharper : bound, local };
      continue;
    }
    // After local curvature, which lowers the rounding floor too.
    if (idle >= 2 || bound.omega <= 1.2 * bound.roundingFloor) return end('floor');
    const needsLower = !(bound.lowerPart <= 0.4 * goal) && !lowerIsExhausted;
    const needsLinear = !(bound.linearPart <= 0.4 * goal) && !linearIsExhausted;
    if (!needsLower && !needsLinear) {
      return end(evaluation.lowerIsFixed || evaluation.linearIsFixed ? 'limited' : 'floor');
    }
    const goals = polishingGoals({ point, bound }, goal);
    let next: HypergradientPoint | undefined;
    let polished = false;
    if (needsLower) {
      const factor = bound.lowerPart / (0.3 * goal);
      if (polishes && !evaluation.linearIsFixed && polishingIsCheaper(evaluation, point)) {
        next = evaluation.polished(point, forcing, goals);
        polished = next !== undefined;
        if (next !== undefined) {
          forcing = nextForcing(
            problem.lowerIsQuadratic,
            norm(next.lower.gradient) / norm(point.lower.gradient),
          );
        }
      }
      next ??= tightened(evaluation, point, factor, goals.residualGoal);
      accuracy.lower = Math.min(accuracy.lower, next.lower.bound.value);
      if (next.lower.bound.value > 0.9 * point.lower.bound.value) lowerIsExhausted = true;
    } else {
      next = evaluation.adjoint(
        point.theta,
        point.lower,
        point.q,
        Math.min(goals.residualGoal, 0.5 * point.linear.residualNorm),
        point.upper,
      );
      if (next.linear.residualNorm > 0.9 * point.linear.residualNorm) linearIsExhausted = true;
    }
    accuracy.linear = relativeResidual(next);
    const moved = next.x !== point.x;
    const fresh = theoremA(problem, next, evaluation.mu, moved ? {} : current.local);
    idle = fresh.omega < 0.7 * bound.omega || !Number.isFinite(bound.omega) ? 0 : idle + 1;
    // A worse point is kept from sight: rounding, not progress.
    const isBetter = fresh.omega < bound.omega || !Number.isFinite(bound.omega) || !pointIsFinite(next);
    if (isBetter) current = { point: next, bound: fresh, local: moved ? {} : current.local };
    // Far from x* a damped Newton step may gain nothing: then the lower method goes on from the same point.
    polishes = isBetter || !polished;
  }
  return { ...current, end: 'floor' };
}

/** The residual relative to the right-hand side, as the next solve's tolerance; not below 1e-14. */
export function relativeResidual(point: HypergradientPoint): number {
  const size = norm(point.upper.gradientX);
  return size > 0 ? Math.max(1e-14, point.linear.residualNorm / size) : 1;
}

function tightened(
  evaluation: Evaluation,
  point: HypergradientPoint,
  factor: number,
  residualGoal: number,
): HypergradientPoint {
  const before = point.lower.bound.value;
  // At most eight digits at once: omega is a bound, the next look may find that less is enough.
  const tolerance = before / Math.min(1e8, Math.max(2, factor));
  const lower = evaluation.lower(point.theta, point.x, tolerance);
  return evaluation.adjoint(point.theta, lower, point.q, residualGoal);
}

function knowsLittle(current: CertifiedPoint): boolean {
  return current.local.curvature === undefined;
}

/** Local curvature costs d products; worth it when omega is far off and d is below two solves' cost. */
function localPays(evaluation: Evaluation, factor: number): boolean {
  const size = evaluation.problem.lowerSize;
  if (!(factor > 10) || size > denseLimit || evaluation.problem.remaining < size) return false;
  return size <= 2 * evaluation.rootCondition * Math.log(Math.min(factor, 1e16));
}

/** Compares products: conjugate gradients at the speed seen so far against the lower method's theory. */
export function polishingIsCheaper(evaluation: Evaluation, point: HypergradientPoint): boolean {
  if (evaluation.problem.solvesDirectly) return false;
  const { lower, linear } = point;
  // A named method is obeyed as long as it works.
  if (evaluation.options.lower.method !== 'automatic') return lower.stop !== 'tolerance';
  const gained = norm(point.upper.gradientX) / Math.max(linear.residualNorm, Number.MIN_VALUE);
  const seen = linear.iterations > 0 && gained > 2 ? linear.iterations / Math.log(gained) : Infinity;
  const perFold = Math.min(seen, evaluation.rootCondition / 2, evaluation.problem.lowerSize);
  // Per e-fold of the error: sqrt(kappa) accelerated steps against perFold products, a product costing
  // about two gradients. The adjoint has to follow to the new point either way.
  return 2 * perFold < evaluation.rootCondition || lower.stop !== 'tolerance';
}
