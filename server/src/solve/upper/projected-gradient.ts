/**
 * Inexact projected gradient theta <- P(theta − a h). With a fixed step it is the method of Ehrhardt &
 * Roberts (2023); without one, each step is found by the certified line search, started from the
 * Barzilai–Borwein length. Where tolerances are not given they follow the certificate: h is improved
 * until the projected step is certified to descend, and near the end until convergence can be told.
 * Converged: ‖P(theta − h) − theta‖ + bound <= tolerance; the projection does not enlarge errors, and its
 * own error is part of the bound.
 */
import { certify } from '../bounds/certificate.ts';
import { certifiableError, keptShare, projectedStep } from '../bounds/descent.ts';
import type { ProjectedStep, Projection } from '../bounds/descent.ts';
import { pointIsFinite } from '../evaluation.ts';
import type { Accuracy, Evaluation } from '../evaluation.ts';
import { upperValue } from '../hypergradient/implicit.ts';
import type { LowerSolution } from '../lower/method.ts';
import { outcome, singular, zeroBesideRounding } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { difference, dot, norm } from '../vector.ts';
import { driveAccuracy, relativeResidual, structuralBound, unsolvedPoint } from './accuracy.ts';
import type { CertifiedPoint, DriveEnd } from './accuracy.ts';
import { certifyValue } from './certified-value.ts';
import {
  endOfFixedStep,
  endOfLowerSolve,
  endOfSearch,
  isRounding,
  isZeroBeside,
  looksDiverged,
} from './endings.ts';
import { History } from './history.ts';
import { certifiedLineSearch } from './line-search.ts';

/** The default tolerance relative to the first projected-gradient norm. */
const defaultReduction = 1e-3;

export interface UpperResult {
  readonly outcome: Outcome;
  /** The last complete, finite point. */
  readonly last: CertifiedPoint;
  readonly history: History;
  readonly steps: number;
  /** The last step length, or the fixed one; 1 when none was taken. */
  readonly step: number;
  /** What the projected-gradient norm was compared with. */
  readonly tolerance: number;
}

export function projectedGradient(
  evaluation: Evaluation,
  project: Projection,
  start: Float64Array,
): UpperResult {
  const run = new UpperRun(evaluation, project, start);
  return run.run();
}

class UpperRun {
  private readonly evaluation: Evaluation;
  private readonly project: Projection;
  private readonly history = new History();
  private readonly accuracy: Accuracy = { lower: Infinity, linear: 0.1 };
  private readonly isFree: boolean;
  private theta: Float64Array;
  private tolerance: number | undefined;
  private trial: number | undefined;
  private last: CertifiedPoint | undefined;
  private firstObjective = Number.NaN;
  /** A certificate with polishing may settle convergence at fixed tolerances; tried ever more rarely. */
  private nextPolishedCheck = 0;
  private nextInterval = 1;

  constructor(evaluation: Evaluation, project: Projection, start: Float64Array) {
    this.evaluation = evaluation;
    this.project = project;
    this.theta = start.slice();
    this.isFree = !(evaluation.lowerIsFixed && evaluation.linearIsFixed);
    this.tolerance = evaluation.options.upper.tolerance;
    this.trial = evaluation.options.upper.step;
  }

  run(): UpperResult {
    const { evaluation } = this;
    const { options, problem } = evaluation;
    const fixedStep = options.upper.step;
    let found: LowerSolution | undefined;
    let previous: { readonly h: Float64Array; readonly direction: Float64Array } | undefined;
    for (let step = 0; ; step++) {
      evaluation.upperStep = step;
      const evaluated = this.evaluate(found);
      if (evaluated.ended !== undefined) return this.finish(evaluated.ended, step);
      const { certified, end } = evaluated;
      const { point, bound } = certified;
      this.last = certified;
      if (step === 0) this.firstObjective = point.upper.objective;
      if (previous !== undefined && fixedStep === undefined)
        this.trial = spectralStep(previous, point.h, this.trial);
      this.history.add(evaluation, certified);
      const size = norm(point.h);
      evaluation.report({
        phase: 'upper',
        iteration: step,
        objective: point.upper.objective,
        hypergradientNorm: size,
        hypergradientBound: bound.omega,
        lowerBound: point.lower.bound.value,
      });
      const unit = projectedStep(this.project, point.theta, point.h, 1);
      const stationarity = unit.length;
      const converged = this.converged(unit, bound.omega, bound.roundingFloor, end, step);
      if (converged !== undefined) return this.finish(converged, step);
      const limit = this.limit(step, end);
      if (limit !== undefined) return this.finish(limit, step);
      const failed = endOfLowerSolve(evaluation, point, end);
      if (failed !== undefined) return this.finish(failed, step);
      if (looksDiverged(point.upper.objective, this.firstObjective)) {
        return this.finish(outcome('diverged', { level: 'upper' }), step);
      }
      if (fixedStep !== undefined) {
        const next = projectedStep(this.project, point.theta, point.h, fixedStep);
        if (next.length === 0) return this.finish(endOfFixedStep(evaluation, point), step);
        this.history.stepTaken(fixedStep);
        this.theta = next.theta;
        found = undefined;
        continue;
      }
      const value = certifyValue(
        evaluation,
        point.theta,
        point.lower,
        point.upper,
        certified.local.curvature,
      );
      const search = certifiedLineSearch(
        evaluation,
        this.project,
        value,
        point.h,
        this.trialStep(point.h),
        this.accuracy.lower,
      );
      if (search.end !== 'accepted' || search.value === undefined || search.direction === undefined) {
        return this.finish(endOfSearch(evaluation, search.end, stationarity, bound), step);
      }
      this.history.stepTaken(search.step);
      this.theta = search.value.theta;
      // An immediate success may have been too timid, unless the next curvature estimate says otherwise.
      this.trial = search.halvings === 0 ? 2 * search.step : search.step;
      // Relax: the next point may need less accuracy; MAID's nu-bar, the drive tightens what is missing.
      this.accuracy.lower *= 1.5;
      this.accuracy.linear = Math.min(0.1, 1.5 * this.accuracy.linear);
      previous = { h: point.h, direction: search.direction };
      found = search.value.lower;
      if (problem.exhausted && this.last !== undefined) {
        return this.finish(outcome('budget_spent'), step + 1);
      }
    }
  }

  /** Lower solution, adjoint, bound and, where tolerances are free, the drive to the accuracy needed. */
  private evaluate(
    found: LowerSolution | undefined,
  ): { certified: CertifiedPoint; end: DriveEnd; ended?: undefined } | { ended: Outcome } {
    const { evaluation, theta } = this;
    const { problem, options, cancellation } = evaluation;
    evaluation.enter(theta);
    if (!(evaluation.mu.value > 0)) {
      return { ended: singular(problem.lowerKind) };
    }
    const warm = options.warmStart ? this.last : undefined;
    const start = warm?.point.x ?? problem.lowerStart();
    if (!Number.isFinite(this.accuracy.lower)) this.accuracy.lower = firstTolerance(evaluation, start);
    const lower = found ?? evaluation.lower(theta, start, this.accuracy.lower);
    const upper = upperValue(problem, lower.x);
    const tolerance = this.accuracy.linear * norm(upper.gradientX);
    const point = evaluation.adjoint(theta, lower, warm?.point.q, tolerance, upper);
    if (!pointIsFinite(point)) return { ended: outcome('not_finite', { level: blame(point) }) };
    // A point cut short by the budget or by cancelling is worse than the complete one before it.
    if (this.last !== undefined) {
      if (cancellation.cancelled) return { ended: outcome('cancelled') };
      if (lower.stop === 'budget' || point.linear.stop === 'budget')
        return { ended: outcome('budget_spent') };
    }
    const certified = structuralBound(evaluation, point);
    if (!this.isFree) return { certified, end: 'limited' };
    const driven = driveAccuracy(evaluation, certified, this.accuracy, (h) => this.neededError(h));
    if (driven.end === 'not_finite') {
      return pointIsFinite(certified.point)
        ? { certified, end: 'floor' }
        : { ended: outcome('not_finite', { level: 'lower' }) };
    }
    this.accuracy.linear = Math.min(0.1, relativeResidual(driven.point));
    const { end } = driven;
    return { certified: this.driveToConvergence(driven), end };
  }

  /** The error of h that lets the step be certified; near the end, that lets convergence be told. */
  private neededError(h: Float64Array): number {
    const next = projectedStep(this.project, this.theta, h, this.trialStep(h));
    const forDescent = 0.99 * (1 - keptShare) * certifiableError(h, next);
    const forConvergence = this.tolerance === undefined ? 1e-4 * norm(h) : 0.3 * this.tolerance;
    return Math.max(forDescent, forConvergence);
  }

  /** When ‖P(theta − h) − theta‖ is within the tolerance, makes the bound small enough to say so. */
  private driveToConvergence(certified: CertifiedPoint): CertifiedPoint {
    const tolerance = this.tolerance;
    if (tolerance === undefined || !(tolerance > 0)) return certified;
    const left = (h: Float64Array): number => {
      const { length, error } = projectedStep(this.project, this.theta, h, 1);
      return tolerance - length - error.error;
    };
    const room = left(certified.point.h);
    if (room < 0.2 * tolerance || certified.bound.omega <= room) return certified;
    // If h moves while it is improved the room may vanish; half of the tolerance is then a fair aim.
    return driveAccuracy(this.evaluation, certified, this.accuracy, (h) => {
      const now = left(h);
      return now > 0.2 * tolerance ? 0.95 * now : 0.5 * tolerance;
    });
  }

  private converged(
    { length: stationarity, error: { error } }: ProjectedStep,
    omega: number,
    floor: number,
    end: DriveEnd,
    step: number,
  ): Outcome | undefined {
    const { evaluation } = this;
    if (this.tolerance === undefined) {
      const first = stationarity > 0 ? stationarity : norm(this.last?.point.h ?? new Float64Array(0));
      this.tolerance = defaultReduction * first;
    }
    if (stationarity + omega + error <= this.tolerance) return outcome('converged', { level: 'upper' });
    const isDefault = evaluation.options.upper.tolerance === undefined;
    if (
      isDefault &&
      end === 'floor' &&
      Number.isFinite(omega) &&
      stationarity <= omega + error &&
      isRounding(omega, floor) &&
      // An error that resolves the first projected step cannot matter. In a set that step alone would not tell,
      // because it is short however large h and its error are.
      (omega <= this.tolerance / defaultReduction || isZeroBeside(omega, this.last?.point))
    ) {
      return zeroBesideRounding('converged', omega);
    }
    if (this.isFree || stationarity > this.tolerance || step < this.nextPolishedCheck) return undefined;
    if (this.last === undefined || evaluation.cancellation.cancelled) return undefined;
    this.nextPolishedCheck = step + this.nextInterval;
    this.nextInterval *= 2;
    const room = this.tolerance - stationarity - error;
    const certificate = certify(evaluation.problem, this.last.point, {
      mu: evaluation.mu,
      L: evaluation.stepL,
      relativeTarget: room / norm(this.last.point.h),
      polishingSteps: 3,
      local: true,
      seed: evaluation.options.seed,
      cancellation: evaluation.cancellation,
    });
    return certificate.bound <= room ? outcome('converged', { level: 'upper' }) : undefined;
  }

  private limit(step: number, end: DriveEnd): Outcome | undefined {
    const { options, problem, cancellation } = this.evaluation;
    if (cancellation.cancelled || end === 'cancelled') return outcome('cancelled');
    if (options.upper.steps !== undefined && step >= options.upper.steps) return outcome('step_limit');
    if (problem.exhausted || end === 'budget') return outcome('budget_spent');
    return undefined;
  }

  /** The length to try next; at first a tenth of the size of theta. */
  private trialStep(h: Float64Array): number {
    if (this.trial !== undefined) return this.trial;
    const size = norm(h);
    return size > 0 ? (0.1 * Math.max(1, norm(this.theta))) / size : 1;
  }

  private finish(ended: Outcome, steps: number): UpperResult {
    const last = this.last ?? unsolvedPoint(this.evaluation, this.theta);
    return {
      outcome: ended,
      last,
      history: this.history,
      steps,
      step: this.trial ?? 1,
      tolerance: this.tolerance ?? 0,
    };
  }
}

/** The first lower tolerance: a hundredth of what the start is known to be off, scaled to x. */
function firstTolerance(evaluation: Evaluation, start: Float64Array): number {
  const gradient = new Float64Array(start.length);
  evaluation.problem.lower(start, gradient);
  const off = norm(gradient) / evaluation.mu.value;
  const tolerance = 1e-2 * Math.max(off, 1e-3 * Math.max(1, norm(start)));
  return Number.isFinite(tolerance) ? tolerance : 1;
}

/**
 * Barzilai & Borwein (1988): <s, s>/<s, y> with s the last step and y the change of h, within a factor
 * ten of the last length; twice the last length where the curvature along s is not positive.
 */
function spectralStep(
  previous: { readonly h: Float64Array; readonly direction: Float64Array },
  h: Float64Array,
  last: number | undefined,
): number | undefined {
  if (last === undefined) return undefined;
  const { direction } = previous;
  const curvature = dot(direction, difference(h, previous.h));
  if (!(curvature > 0)) return last;
  return Math.min(10 * last, Math.max(last / 10, dot(direction, direction) / curvature));
}

function blame(point: CertifiedPoint['point']): 'lower' | 'linear' | 'upper' {
  if (point.lower.stop === 'not_finite') return 'lower';
  return point.linear.stop === 'not_finite' ? 'linear' : 'upper';
}
