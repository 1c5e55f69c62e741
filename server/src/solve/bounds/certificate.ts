/**
 * The certificate of a computed hypergradient h: the smallest bound of ‖h − ∇F‖ that Theorem A gives,
 * with the structural constants, then with local curvature and ‖J(x~)‖ where they are affordable, then
 * with polishing. Polishing goes on until the bound is small enough, or within a factor three of the
 * true error (omega of the polished point at most half of ‖h − h2‖), or brings nothing twice to a bound
 * that is already below ‖h‖.
 */
import type { CancellationToken } from '../../base/cancellation.ts';
import { weakest } from '../../base/certainty.ts';
import type { Certainty, Qualified } from '../../base/certainty.ts';
import type { CountedProblem } from '../counting.ts';
import type { HypergradientPoint } from '../hypergradient/implicit.ts';
import { distanceAbove, normAbove, outward } from '../rounding.ts';
import { norm } from '../vector.ts';
import { denseJacobianApplies, denseJacobianNorm, probabilisticJacobianNorm } from './jacobian-norm.ts';
import { denseCurvature, denseLimit, probabilisticCurvature } from './local-curvature.ts';
import { polish } from './polishing.ts';
import { publishedBounds } from './published.ts';
import type { PublishedBounds } from './published.ts';
import { theoremA } from './theorem-a.ts';
import type { LocalKnowledge, TheoremABound } from './theorem-a.ts';

/** Failure probability of one Lanczos bound; a run makes a handful, and they are added up. */
const lanczosFailure = 1e-12;

export interface CertificateSettings {
  readonly mu: Qualified;
  readonly L: number;
  /** Stop when the bound relative to ‖h‖ is at most this. */
  readonly relativeTarget: number;
  /** Most polishing steps; 0 for Theorem A alone. */
  readonly polishingSteps: number;
  /** Whether local curvature and ‖J(x~)‖ may be computed. */
  readonly local: boolean;
  readonly seed: number;
  readonly cancellation: CancellationToken;
  readonly onProgress?: (iteration: number, residual: number) => void;
}

export type Ingredient = 'lower' | 'linear' | 'rounding';

export interface Certificate {
  /** ‖h − ∇F‖ is at most this, rounding of h included. */
  readonly bound: number;
  readonly kind: Certainty;
  readonly failureProbability?: number;
  /** bound / ‖h‖ */
  readonly relative: number;
  /** The part of the bound that rounding alone makes. */
  readonly roundingFloor: number;
  /** What to improve first for a more accurate h. */
  readonly dominant: Ingredient;
  readonly polishingSteps: number;
  /** Theorem A at the point itself, without polishing. */
  readonly plain: TheoremABound;
  readonly published: PublishedBounds;
  /** The most accurate point met on the way, with its own Theorem A bound. */
  readonly refined: { readonly point: HypergradientPoint; readonly bound: TheoremABound };
}

/** What is affordable to know at a point beyond the structural constants. */
export function localKnowledge(problem: CountedProblem, x: Float64Array, mu: Qualified): LocalKnowledge {
  if (problem.lowerSize > denseLimit || problem.remaining < problem.lowerSize) return {};
  const curvature = denseCurvature(problem, x, mu);
  return denseJacobianApplies(problem)
    ? { curvature, jacobianNorm: denseJacobianNorm(problem, x) }
    : { curvature };
}

/** Certifies `point`, the problem standing at its theta. */
export function certify(
  problem: CountedProblem,
  point: HypergradientPoint,
  settings: CertificateSettings,
): Certificate {
  const { mu } = settings;
  const size = norm(point.h);
  const structural = theoremA(problem, point, mu);
  const enough = (bound: number): boolean => bound <= settings.relativeTarget * size;
  let plain = structural;
  if (settings.local && !enough(structural.omega)) {
    plain = smaller(structural, theoremA(problem, point, mu, localKnowledge(problem, point.x, mu)));
  }
  let best: { bound: number; grounds: readonly TheoremABound[]; floor: number } = {
    bound: plain.omega,
    grounds: [plain],
    floor: plain.roundingFloor,
  };
  let refined = { point, bound: plain };
  // Newton's steps go on from the last point even where omega rose: far from x* it follows ‖q‖, not the progress.
  let current = refined;
  let steps = 0;
  let idle = 0;
  let forcing = problem.lowerIsQuadratic ? 1e-10 : 1e-4;
  let gap = 0;
  while (steps < settings.polishingSteps && !settings.cancellation.cancelled) {
    // A bound above ‖h‖ says nothing yet, so idle steps do not end the way to a useful one.
    if (idle >= 2 && best.bound <= size) break;
    if (enough(best.bound) || refined.bound.omega <= gap / 2) break;
    if (refined.bound.omega <= 1.5 * refined.bound.roundingFloor || problem.exhausted) break;
    // Before the first polish nobody knows how wrong h is; afterwards a quarter of ‖h − h2‖ suffices.
    const goals = polishingGoals(
      current,
      gap > 0 ? Math.max(gap / 4, settings.relativeTarget * size * 0.5) : 0,
    );
    const next = polish(problem, current.point, { ...settings, forcing, ...goals });
    steps++;
    if (next === undefined) break;
    const gained = norm(next.lower.gradient) / norm(current.point.lower.gradient);
    forcing = nextForcing(problem.lowerIsQuadratic, gained);
    const known = settings.local ? localKnowledge(problem, next.x, mu) : {};
    const omega = smaller(theoremA(problem, next, mu), theoremA(problem, next, mu, known));
    const distance = distanceAbove(point.h, next.h);
    const bound = outward(distance + omega.omega);
    current = { point: next, bound: omega };
    idle = omega.omega < 0.5 * refined.bound.omega ? 0 : idle + 1;
    if (omega.omega < refined.bound.omega || !Number.isFinite(refined.bound.omega)) {
      refined = current;
      gap = distance;
    }
    if (bound < best.bound) best = { bound, grounds: [omega], floor: omega.roundingFloor };
  }
  if (settings.polishingSteps > 0 && !(best.bound <= size) && problem.lowerSize > denseLimit) {
    const known = probabilisticKnowledge(problem, refined.point, settings);
    const omega = theoremA(problem, refined.point, mu, known);
    const bound = outward(distanceAbove(point.h, refined.point.h) + omega.omega);
    if (bound < best.bound) {
      best = { bound, grounds: [omega], floor: omega.roundingFloor };
      refined = { point: refined.point, bound: omega };
    }
  }
  const fx = normAbove(point.upper.gradientX);
  return {
    bound: best.bound,
    ...weakest(best.grounds),
    relative: best.bound / size,
    roundingFloor: Math.min(best.floor, best.bound),
    dominant: dominant(plain, best.bound, best.floor),
    polishingSteps: steps,
    plain,
    published: publishedBounds({
      gradientNorm: norm(point.lower.gradient),
      residualNorm: point.linear.residualNorm,
      fxNorm: fx,
      qNorm: norm(point.q),
      constants: structural.distance.constants,
      mu: mu.value,
    }),
    refined,
  };
}

/** ‖g_x‖ and residual that make each part of omega at most 0.3 of `wanted`; omega is about linear in both. */
export function polishingGoals(
  from: { readonly point: HypergradientPoint; readonly bound: TheoremABound },
  wanted: number,
): { readonly gradientGoal: number; readonly residualGoal: number } {
  const { point, bound } = from;
  const share = 0.3 * wanted;
  const scaled = (part: number, size: number): number => (part > 0 ? (share / part) * size : 0);
  // Without an idea of what is wanted, a thousand times better than now is a good next look.
  const fx = norm(point.upper.gradientX);
  const unknown = Math.min(1e-3 * fx, 0.1 * point.linear.residualNorm);
  return {
    gradientGoal: Number.isFinite(bound.lowerPart) ? scaled(bound.lowerPart, point.gradientBound) : 0,
    residualGoal:
      wanted > 0 && Number.isFinite(bound.linearPart)
        ? scaled(bound.linearPart, point.residualBound) || point.residualRounding
        : unknown,
  };
}

/** Eisenstat & Walker (1996), choice 2: solve as accurately as the last step has shown to be useful. */
export function nextForcing(quadratic: boolean, gained: number): number {
  return quadratic ? 1e-10 : Math.min(1e-2, Math.max(1e-10, 0.9 * gained * gained));
}

function smaller(a: TheoremABound, b: TheoremABound): TheoremABound {
  return b.omega < a.omega ? b : a;
}

function dominant(plain: TheoremABound, bound: number, floor: number): Ingredient {
  if (floor > 0.5 * bound) return 'rounding';
  return plain.lowerPart >= plain.linearPart ? 'lower' : 'linear';
}

function probabilisticKnowledge(
  problem: CountedProblem,
  point: HypergradientPoint,
  settings: CertificateSettings,
): LocalKnowledge {
  const { cancellation, seed, mu } = settings;
  const constants = problem.constants();
  const curvature = probabilisticCurvature(
    problem,
    point.x,
    mu,
    constants.L,
    problem.remaining,
    lanczosFailure,
    seed,
    cancellation,
  );
  const needsNorm = !Number.isFinite(constants.jacobianNorm.value);
  const jacobianNorm = needsNorm
    ? probabilisticJacobianNorm(problem, point.x, lanczosFailure, seed + 1, cancellation)
    : undefined;
  return {
    ...(curvature === undefined ? {} : { curvature }),
    ...(jacobianNorm === undefined ? {} : { jacobianNorm }),
  };
}
