/**
 * Evaluates the bilevel problem at a theta: lower solution, adjoint, hypergradient, as the options say.
 * Holds what does not change during a run (problem, options, seed, watcher) and the constants of the
 * current theta. Explicit tolerances are obeyed to the letter; absent ones are supplied by the caller.
 */
import type { CancellationToken } from '../base/cancellation.ts';
import type { Qualified } from '../base/certainty.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import { polish } from './bounds/polishing.ts';
import type { CountedProblem } from './counting.ts';
import { implicitHypergradient, upperValue } from './hypergradient/implicit.ts';
import type { HypergradientPoint, UpperValue } from './hypergradient/implicit.ts';
import { solveLinear } from './linear/index.ts';
import { solveLower } from './lower/index.ts';
import type { LowerSolution } from './lower/method.ts';
import { newtonStep } from './lower/newton.ts';
import type { ProgressListener, SolveProgress } from './progress.ts';
import { differenceBelow } from './rounding.ts';

/** How far the next solves are to go, where the author did not say. */
export interface Accuracy {
  /** Bound of ‖x − x*‖. */
  lower: number;
  /** ‖H' q − f_x‖ relative to ‖f_x‖. */
  linear: number;
}

export class Evaluation {
  readonly problem: CountedProblem;
  readonly options: SolveOptions;
  readonly cancellation: CancellationToken;
  /** Sentences on what was done instead of what was asked; each once. */
  readonly notes = new Set<string>();
  readonly lowerIsFixed: boolean;
  readonly linearIsFixed: boolean;
  upperStep = 0;
  /** Since the last `takeIterations`. */
  private lowerIterations = 0;
  private linearIterations = 0;
  private readonly listener: ProgressListener | undefined;
  private theta: Float64Array | undefined;
  private currentMu: Qualified = { value: 0, kind: 'certified' };
  private currentL = Infinity;

  constructor(
    problem: CountedProblem,
    options: SolveOptions,
    cancellation: CancellationToken,
    listener?: ProgressListener,
  ) {
    this.problem = problem;
    this.options = options;
    this.cancellation = cancellation;
    this.listener = listener;
    const { lower, hypergradient } = options;
    const isGiven = (of: { tolerance?: number; relative?: number; iterations?: number }): boolean =>
      of.tolerance !== undefined || of.relative !== undefined || of.iterations !== undefined;
    this.lowerIsFixed = isGiven(lower);
    this.linearIsFixed = isGiven(hypergradient.linear);
  }

  /** Moves the problem to theta and evaluates mu and L there. */
  enter(theta: Float64Array): void {
    if (this.theta === theta) return;
    this.problem.moveTo(theta);
    this.theta = theta;
    const constants = this.problem.constants();
    const { mu, q } = this.options.lower;
    const given = mu ?? (q === undefined ? undefined : differenceBelow(1, q));
    this.currentMu = given === undefined ? constants.mu : { value: given, kind: 'given' };
    this.currentL = constants.L.value;
  }

  /** Strong convexity, or 1 − q, in bounds: the author's where given, else the derived one. */
  get mu(): Qualified {
    return this.currentMu;
  }

  /** L for steps at the lower level: the author's where given, else the derived one. */
  get stepL(): number {
    // The proximal step of the problem is made of its own L.
    if (this.problem.lowerKind === 'proximal') return this.currentL;
    return this.options.lower.L ?? this.currentL;
  }

  /** Approximately sqrt(kappa), or a large number when L is unknown. */
  get rootCondition(): number {
    const L = Number.isFinite(this.stepL) ? this.stepL : this.mu.value * 1e8;
    return Math.sqrt(Math.max(1, L / this.mu.value));
  }

  report(progress: Omit<SolveProgress, 'upperStep' | 'spent' | 'budget'>): void {
    if (this.listener === undefined) return;
    const { spent, budget } = this.problem;
    this.listener({ ...progress, upperStep: this.upperStep, spent, budget });
  }

  /** Iterations since the last call. */
  takeIterations(): { readonly lower: number; readonly linear: number } {
    const taken = { lower: this.lowerIterations, linear: this.linearIterations };
    this.lowerIterations = 0;
    this.linearIterations = 0;
    return taken;
  }

  /** Solves the lower level at theta, to the author's tolerance or to `tolerance`. */
  lower(theta: Float64Array, start: Float64Array, tolerance: number): LowerSolution {
    this.enter(theta);
    const { lower } = this.options;
    const free = !this.lowerIsFixed && lower.method === 'automatic' && !this.problem.solvesDirectly;
    // sqrt(kappa) accelerated steps per digit against a few Newton systems; see upper/accuracy.ts.
    if (!free || this.rootCondition < 20) return this.lowerByMethod(start, tolerance, lower.iterations);
    let solution = this.lowerByMethod(start, tolerance, 20);
    // Each Newton step gains a digit at least, near the solution many; twenty are plenty.
    for (
      let step = 0;
      step < 20 && solution.stop === 'iterations' && solution.bound.value > tolerance;
      step++
    ) {
      const next = newtonStep(this.problem, solution, {
        mu: this.mu,
        L: this.stepL,
        forcing: 0.03,
        goal: 0.5 * tolerance * this.mu.value,
        cancellation: this.cancellation,
        onProgress: (iteration, residual) => this.report({ phase: 'lower', iteration, residual }),
      });
      if (next === undefined) break;
      this.lowerIterations += next.iterations - solution.iterations;
      this.notes.add(`Newton steps finished lower solves where they are cheaper than ${solution.method}`);
      solution = { ...next, stop: next.bound.value <= tolerance ? 'tolerance' : 'iterations' };
    }
    return solution.stop === 'iterations' ? this.lowerByMethod(solution.x, tolerance, undefined) : solution;
  }

  private lowerByMethod(
    start: Float64Array,
    tolerance: number,
    iterations: number | undefined,
  ): LowerSolution {
    const { options, problem } = this;
    const { lower } = options;
    // kappa below 1 would turn steps around; it can only come of constants the author gave.
    const stepL = Math.max(this.stepL, this.mu.value);
    const solution = solveLower(lower.method, {
      problem,
      start,
      mu: this.mu,
      stepMu: this.mu.value,
      stepL,
      tolerance: this.lowerIsFixed ? (lower.tolerance ?? 0) : tolerance,
      relative: this.lowerIsFixed ? (lower.relative ?? 0) : 0,
      ...(iterations === undefined ? {} : { iterations }),
      cancellation: this.cancellation,
      onProgress: (iteration, lowerBound) => this.report({ phase: 'lower', iteration, lowerBound }),
    });
    this.lowerIterations += solution.iterations;
    if (solution.note !== undefined) this.notes.add(solution.note);
    return solution;
  }

  /** Solves the adjoint system at a lower solution and completes the hypergradient. */
  adjoint(
    theta: Float64Array,
    lower: LowerSolution,
    start: Float64Array | undefined,
    tolerance: number,
    known?: UpperValue,
  ): HypergradientPoint {
    this.enter(theta);
    const { problem, options } = this;
    const { linear } = options.hypergradient;
    const upper = known ?? upperValue(problem, lower.x);
    problem.linearise(lower.x);
    const mu = linear.mu ?? this.mu.value;
    const solution = solveLinear(linear.method, {
      problem,
      transposed: true,
      centre: lower.x,
      rhs: upper.gradientX,
      ...(start === undefined ? {} : { start }),
      mu,
      L: Math.max(linear.L ?? this.currentL, mu),
      tolerance: this.linearIsFixed ? (linear.tolerance ?? 0) : tolerance,
      relative: this.linearIsFixed ? (linear.relative ?? 0) : 0,
      ...(linear.iterations === undefined ? {} : { iterations: linear.iterations }),
      cancellation: this.cancellation,
      onProgress: (iteration, residual) => this.report({ phase: 'hypergradient', iteration, residual }),
    });
    this.linearIterations += solution.iterations;
    if (solution.note !== undefined) this.notes.add(solution.note);
    return implicitHypergradient(problem, theta, lower, upper, solution);
  }

  /** One polishing step (Newton–CG and a fresh adjoint) that replaces the point. */
  polished(
    point: HypergradientPoint,
    forcing: number,
    goals: { readonly gradientGoal: number; readonly residualGoal: number },
  ): HypergradientPoint | undefined {
    this.enter(point.theta);
    const next = polish(this.problem, point, {
      mu: this.mu,
      L: this.stepL,
      forcing,
      ...goals,
      cancellation: this.cancellation,
      onProgress: (iteration, residual) => this.report({ phase: 'polishing', iteration, residual }),
    });
    if (next !== undefined) {
      this.lowerIterations += next.lower.iterations - point.lower.iterations;
      if (next.linear !== point.linear) this.linearIterations += next.linear.iterations;
    }
    return next;
  }
}

export function pointIsFinite(point: HypergradientPoint): boolean {
  return (
    Number.isFinite(point.upper.objective) &&
    point.lower.stop !== 'not_finite' &&
    point.h.every((value) => Number.isFinite(value)) &&
    point.x.every((value) => Number.isFinite(value))
  );
}
