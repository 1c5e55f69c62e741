/**
 * The solver's two entries: `solve` runs the upper level, `hypergradientAt` computes and certifies one
 * hypergradient. Both count the work, keep the last finite iterate whatever happens, and end with a
 * certificate that may polish. That closing certificate may spend a tenth of the budget, at least 1000
 * gradients and products, beyond it; so a spent budget still ends with a useful bound.
 */
import type { CancellationToken } from '../base/cancellation.ts';
import { neverCancelled } from '../base/cancellation.ts';
import { weakest } from '../base/certainty.ts';
import type { Qualified } from '../base/certainty.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import { certify } from './bounds/certificate.ts';
import type { Certificate, CertificateSettings } from './bounds/certificate.ts';
import { descentCertified, projectedStep } from './bounds/descent.ts';
import type { ProjectedStep, Projection } from './bounds/descent.ts';
import { denseLimit } from './bounds/local-curvature.ts';
import { lowerObjectiveError, objectiveError } from './bounds/objective.ts';
import { CountedProblem } from './counting.ts';
import { Evaluation, pointIsFinite } from './evaluation.ts';
import type { HypergradientPoint } from './hypergradient/implicit.ts';
import { upperValue } from './hypergradient/implicit.ts';
import { outcome, singular, zeroAdvice, zeroBesideRounding } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { BilevelProblem } from './problem.ts';
import type { ProgressListener } from './progress.ts';
import type { SolveReport } from './report.ts';
import { distanceAbove, outward } from './rounding.ts';
import { driveAccuracy, structuralBound, unsolvedPoint } from './upper/accuracy.ts';
import type { CertifiedPoint } from './upper/accuracy.ts';
import { endOfLowerSolve, isRounding, isZeroBeside } from './upper/endings.ts';
import { History } from './upper/history.ts';
import { projectedGradient } from './upper/projected-gradient.ts';
import { norm } from './vector.ts';
import { verifyHypergradient } from './verify.ts';

/** The part of the budget that the closing certificate may add, and its least. */
const certificateShare = 0.1;
const leastCertificateWork = 1000;
/**
 * Near x* two or three steps reach the floor; from far away a small problem may take the damped steps that
 * Newton's method needs, a large one, where each costs as much as a lower solve, only the few.
 */
const mostPolishing = 40;
const fewPolishing = 4;
/** A single hypergradient without tolerances is driven to this relative bound. */
const relativeGoal = 1e-6;

export interface SolveHooks {
  readonly onProgress?: ProgressListener;
  readonly cancellation?: CancellationToken;
}

/** Runs the upper level from `start`, a point of the set; without it from the problem's own. */
export function solve(
  problem: BilevelProblem,
  options: SolveOptions,
  hooks: SolveHooks = {},
  start: Float64Array = problem.upperStart,
): SolveReport {
  const cancellation = hooks.cancellation ?? neverCancelled;
  const counted = new CountedProblem(problem, options.budget);
  const evaluation = new Evaluation(counted, options, cancellation, hooks.onProgress);
  const result = projectedGradient(evaluation, (theta) => problem.project(theta), start);
  return makeReport(evaluation, result.last, result.outcome, result.history, result.steps, result.step);
}

export interface HypergradientRequest {
  /** Length p; projected onto the set first. */
  readonly theta: Float64Array;
  readonly verify?: boolean;
}

/** One hypergradient at theta, to the author's tolerances or to a relative bound of 1e-6. */
export function hypergradientAt(
  problem: BilevelProblem,
  request: HypergradientRequest,
  options: SolveOptions,
  hooks: SolveHooks = {},
): SolveReport {
  const cancellation = hooks.cancellation ?? neverCancelled;
  const counted = new CountedProblem(problem, options.budget);
  const evaluation = new Evaluation(counted, options, cancellation, hooks.onProgress);
  const history = new History();
  const theta = problem.project(request.theta).point;
  evaluation.enter(theta);
  if (!(evaluation.mu.value > 0)) {
    const unsolved = unsolvedPoint(evaluation, theta);
    const ended = singular(counted.lowerKind);
    return makeReport(evaluation, unsolved, ended, history, 0, 1);
  }
  const lower = evaluation.lower(theta, counted.lowerStart(), 0.1);
  const upper = upperValue(counted, lower.x);
  const first = evaluation.adjoint(theta, lower, undefined, 1e-3 * norm(upper.gradientX), upper);
  let certified = structuralBound(evaluation, first);
  let ended: Outcome = outcome('evaluated');
  if (!pointIsFinite(first)) ended = outcome('not_finite');
  else {
    const free = !(evaluation.lowerIsFixed && evaluation.linearIsFixed);
    let failed: Outcome | undefined;
    if (free) {
      const driven = driveAccuracy(
        evaluation,
        certified,
        { lower: 0, linear: 0 },
        (h) => relativeGoal * norm(h),
      );
      certified = driven;
      const { omega, roundingFloor } = driven.bound;
      const isZero = isRounding(omega, roundingFloor) && isZeroBeside(omega, driven.point);
      // Beside a gradient of zero there is no relative accuracy to reach.
      failed =
        driven.end === 'floor' && isZero
          ? zeroBesideRounding('evaluated', omega)
          : endOfLowerSolve(evaluation, driven.point, driven.end);
    } else failed = endOfLowerSolve(evaluation, first, 'limited');
    if (failed !== undefined) ended = failed;
    if (counted.exhausted) ended = outcome('budget_spent');
    if (cancellation.cancelled) ended = outcome('cancelled');
  }
  history.add(evaluation, certified);
  const report = makeReport(evaluation, certified, ended, history, 0, 1);
  if (request.verify !== true || cancellation.cancelled || !pointIsFinite(certified.point)) return report;
  counted.budget = Infinity;
  const verification = verifyHypergradient(evaluation, certified.point, report.certificate.bound, (at) =>
    problem.project(at),
  );
  return { ...report, verification, seconds: history.seconds };
}

function makeReport(
  evaluation: Evaluation,
  certified: CertifiedPoint,
  ended: Outcome,
  history: History,
  upperSteps: number,
  step: number,
): SolveReport {
  const { problem, options, cancellation } = evaluation;
  const { point } = certified;
  evaluation.enter(point.theta);
  const usable = pointIsFinite(point) && evaluation.mu.value > 0 && !cancellation.cancelled;
  problem.budget =
    problem.spent + Math.max(leastCertificateWork, Math.ceil(certificateShare * options.budget));
  const settings: CertificateSettings = {
    mu: evaluation.mu,
    L: evaluation.stepL,
    // Small problems get the tightest bound there is; large ones stop where it is good enough.
    relativeTarget: problem.lowerSize <= denseLimit ? 0 : relativeGoal,
    polishingSteps: usable ? (problem.lowerSize <= denseLimit ? mostPolishing : fewPolishing) : 0,
    local: usable,
    seed: options.seed,
    cancellation,
    onProgress: (iteration, residual) => evaluation.report({ phase: 'polishing', iteration, residual }),
  };
  let certificate = certify(problem, point, settings);
  if (usable && problem.lowerKind !== 'minimum' && certificate.bound === Infinity) {
    problem.assumesNoCrossing = true;
    certificate = certify(problem, point, settings);
    evaluation.notes.add(
      'an entry of the lower solution lies closer to a kink or to an end than its error: the bounds assume that it stays on its side, and are estimates',
    );
  }
  // The drive may know more of this very point than a fresh look at the structure.
  const driven = certified.bound;
  const sharper: Certificate =
    driven.omega < certificate.bound
      ? {
          ...certificate,
          bound: driven.omega,
          ...weakest([driven]),
          relative: driven.omega / norm(point.h),
          roundingFloor: Math.min(driven.omega, driven.roundingFloor),
        }
      : certificate;
  problem.budget = options.budget;
  const project: Projection = (theta) => problem.problem.project(theta);
  // A run cut short before its first linear solve has q = 0, which is no hypergradient.
  const isSolved = point.linear.iterations > 0 || point.linear.stop === 'tolerance';
  const unit = projectedStep(project, point.theta, point.h, 1);
  const ofStationarity = stationarityError(sharper, unit.error);
  const size = ended.status === 'converged' ? unit.length : norm(point.h);
  const lowerError = trueLowerError(point, certificate);
  return {
    status: ended.status,
    advice:
      ended.uncertainty === undefined
        ? ended.advice
        : zeroAdvice(ended.uncertainty, size, ofStationarity.value),
    ...(ended.level === undefined ? {} : { level: ended.level }),
    theta: point.theta,
    x: point.x,
    objective: point.upper.objective,
    objectiveError: trueObjectiveError(evaluation, point, certificate),
    ...(problem.lowerKind === 'fixed_point'
      ? {}
      : {
          lowerObjective: point.lower.objective,
          lowerObjectiveError: lowerObjectiveError(problem, point, lowerError),
        }),
    lowerMethod: point.lower.method,
    lowerRateKind: point.lower.rateKind,
    lowerStop: point.lower.stop,
    lowerError,
    linearMethod: point.linear.method,
    linearStop: point.linear.stop,
    linearResidual: point.linear.residualNorm,
    hypergradient: point.h,
    hypergradientNorm: isSolved ? norm(point.h) : Number.NaN,
    hypergradientMethod: `implicit(${point.linear.method})`,
    certificate: sharper,
    stationarity: isSolved ? unit.length : Number.NaN,
    // The projection does not enlarge the error of h.
    stationarityError: isSolved ? ofStationarity : { value: Infinity, kind: 'estimated' },
    descentCertified:
      sharper.kind !== 'estimated' &&
      descentCertified(
        point.h,
        projectedStep(project, point.theta, point.h, options.upper.step ?? step),
        sharper.bound,
      ),
    constants: problem.constants(),
    counts: { ...problem.counts, upperSteps },
    history: history.records,
    seconds: history.seconds,
    notes: [
      ...evaluation.notes,
      ...unknownConstantsNote(problem),
      ...(isSolved ? [] : ['the linear system was not solved before the end: there is no hypergradient yet']),
    ],
  };
}

/** With the error of the projection that is proved, where one is. */
function stationarityError(
  { bound, ...ground }: Certificate,
  { error, kind, proved }: ProjectedStep['error'],
): Qualified {
  const own = proved === undefined ? kind : 'certified';
  return { value: outward(bound + (proved ?? error)), ...weakest([ground, { kind: own }]) };
}

function unknownConstantsNote({ unknownConstants }: CountedProblem): readonly string[] {
  const byParts = new Map<string, { readonly parts: readonly string[]; readonly names: string[] }>();
  for (const [name, leftOut] of unknownConstants) {
    const parts = [...leftOut].map((part) => `\`${part}\``);
    const key = parts.join(', ');
    const group = byParts.get(key) ?? { parts, names: [] };
    group.names.push(name);
    byParts.set(key, group);
  }
  return [...byParts].map(([key, { parts, names }]) => {
    const unknown = `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not finite`;
    if (parts.length === 0)
      return `${unknown}: the bounds leave out what is not smooth enough, and are estimates`;
    const [verb, them] = parts.length === 1 ? ['is', 'it'] : ['are', 'them'];
    return `${unknown}, because ${key} ${verb} not smooth enough: the bounds leave ${them} out there, and are estimates`;
  });
}

/** ‖x − x*‖ <= ‖x − x2‖ + ‖x2 − x*‖ with the polished x2, where that is smaller. */
function trueLowerError(point: HypergradientPoint, { refined, plain }: Certificate): Qualified {
  const direct = plain.distance.epsilon;
  const around = outward(distanceAbove(point.x, refined.point.x) + refined.bound.distance.epsilon);
  const from = around < direct ? refined.bound.distance : plain.distance;
  return { value: Math.min(around, direct), ...weakest(from.grounds) };
}

/** |f − F| <= |f(x) − f(x2)| + the error of f(x2), where that is smaller. */
function trueObjectiveError(
  evaluation: Evaluation,
  point: HypergradientPoint,
  { refined, plain }: Certificate,
): Qualified {
  const { problem } = evaluation;
  const direct = objectiveError(problem, point.x, point.upper, plain.distance);
  const there = objectiveError(problem, refined.point.x, refined.point.upper, refined.bound.distance);
  const gap = Math.abs(point.upper.objective - refined.point.upper.objective);
  const around = outward(gap + there.value);
  const { kind, failureProbability } = around < direct.value ? there : direct;
  const value = Math.min(around, direct.value);
  return failureProbability === undefined ? { value, kind } : { value, kind, failureProbability };
}
