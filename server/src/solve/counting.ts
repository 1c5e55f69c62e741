/**
 * A bilevel problem whose evaluations are counted. The budget is in lower gradients plus Hessian
 * products, as in Ehrhardt & Roberts (2023); whoever iterates looks at `exhausted` before each
 * evaluation, so a run overshoots by the few closing evaluations of a solve at most.
 * theta and the linearisation point are remembered, so repeating a call costs nothing.
 */
import { isSymmetric } from '../base/lower-kind.ts';
import type { LowerKind } from '../base/lower-kind.ts';
import type { Ball, BilevelProblem, LipschitzName, ProblemConstants } from './problem.ts';
import { withProximalSteps } from './proximal.ts';
import { sameEntries } from './vector.ts';

export interface Counts {
  readonly lowerGradients: number;
  readonly hessianProducts: number;
  readonly jacobianProducts: number;
  readonly upperGradients: number;
}

const lipschitzNames: readonly LipschitzName[] = ['L_H', 'L_J', 'L_fx', 'L_ftheta'];

export class CountedProblem {
  lowerGradients = 0;
  hessianProducts = 0;
  jacobianProducts = 0;
  upperGradients = 0;
  readonly problem: BilevelProblem;
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerKind: LowerKind;
  /** Whether H is symmetric, and positive definite. */
  readonly isSymmetric: boolean;
  readonly lowerIsQuadratic: boolean;
  /** The current limit; the final certificate may raise it by its stated share. */
  budget: number;
  /**
   * Lipschitz constants that are infinite on every ball, so that bounds could only be estimated, each with
   * the parts of the text that were left out.
   */
  readonly unknownConstants = new Map<LipschitzName, ReadonlySet<string>>();
  /** Entries are taken not to cross a kink or an end although the error would allow it; what follows is estimated. */
  assumesNoCrossing = false;
  private theta: Float64Array | undefined;
  private centre: Float64Array | undefined;

  constructor(given: BilevelProblem, budget: number) {
    // Here, so that no way into the solver takes a level with kinks for a smooth one.
    const problem = withProximalSteps(given);
    this.problem = problem;
    this.upperSize = problem.upperSize;
    this.lowerSize = problem.lowerSize;
    this.lowerKind = problem.lowerKind;
    this.isSymmetric = isSymmetric(problem.lowerKind);
    this.lowerIsQuadratic = problem.lowerIsQuadratic;
    this.budget = budget;
  }

  /** Conjugate gradients solve the lower level itself, so that Newton's method has nothing to add. */
  get solvesDirectly(): boolean {
    return this.lowerIsQuadratic && this.lowerKind === 'minimum';
  }

  get spent(): number {
    return this.lowerGradients + this.hessianProducts;
  }

  get remaining(): number {
    return Math.max(0, this.budget - this.spent);
  }

  get exhausted(): boolean {
    return this.spent >= this.budget;
  }

  get counts(): Counts {
    const { lowerGradients, hessianProducts, jacobianProducts, upperGradients } = this;
    return { lowerGradients, hessianProducts, jacobianProducts, upperGradients };
  }

  get rounding(): BilevelProblem['rounding'] {
    return this.problem.rounding;
  }

  moveTo(theta: Float64Array): void {
    if (this.theta !== undefined && sameEntries(this.theta, theta)) return;
    this.problem.moveTo(theta);
    this.theta = theta.slice();
    this.centre = undefined;
  }

  lowerStart(): Float64Array {
    return this.problem.lowerStart().slice();
  }

  lower(x: Float64Array, gradient: Float64Array): number {
    this.lowerGradients++;
    return this.problem.lower(x, gradient);
  }

  upper(x: Float64Array, gradientX: Float64Array, gradientTheta: Float64Array): number {
    this.upperGradients++;
    return this.problem.upper(x, gradientX, gradientTheta);
  }

  linearise(x: Float64Array): void {
    if (this.centre !== undefined && sameEntries(this.centre, x)) return;
    this.problem.linearise(x);
    this.centre = x.slice();
  }

  hessianProduct(v: Float64Array, out: Float64Array): void {
    this.hessianProducts++;
    this.problem.hessianProduct(v, out);
  }

  transposedHessianProduct(v: Float64Array, out: Float64Array): void {
    this.hessianProducts++;
    if (this.problem.transposedHessianProduct === undefined) this.problem.hessianProduct(v, out);
    else this.problem.transposedHessianProduct(v, out);
  }

  /** Of H(x)' v. */
  transposedProductRounding(x: Float64Array, v: Float64Array): number {
    const { rounding } = this.problem;
    return rounding.transposedHessianProduct?.(x, v) ?? rounding.hessianProduct(x, v);
  }

  /** Moves x in place to where x* is known to lie. */
  retract(x: Float64Array): void {
    this.problem.retract?.(x);
  }

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    this.jacobianProducts++;
    this.problem.jacobianTransposeProduct(q, out);
  }

  jacobianProduct(u: Float64Array, out: Float64Array): void {
    this.jacobianProducts++;
    this.problem.jacobianProduct(u, out);
  }

  /**
   * Of a Lipschitz constant on a ball that no smaller ball would make finite (an atom that is only once
   * differentiable, such as huber) the terms without a bound are left out, and it is labelled estimated: what
   * follows is then an estimate instead of no number at all.
   */
  constants(ball?: Ball): ProblemConstants {
    const found = this.problem.constants(ball);
    if (ball === undefined || lipschitzNames.every((name) => found[name].value !== Infinity)) return found;
    const smallest: Ball = { ...ball, radius: 0 };
    const atCentre = this.problem.constants(smallest);
    const finite = this.problem.finiteParts?.(ball);
    const finiteAtCentre = this.problem.finiteParts?.(smallest);
    const estimated = { ...found };
    for (const name of lipschitzNames) {
      if (found[name].value !== Infinity) continue;
      const leftOut = finite?.[name].leftOut ?? [];
      const always = finiteAtCentre?.[name].leftOut ?? [];
      const canShrink = atCentre[name].value !== Infinity || leftOut.length > always.length;
      if (canShrink && !this.assumesNoCrossing) continue;
      estimated[name] = { value: finite?.[name].value ?? 0, kind: 'estimated' };
      if (atCentre[name].value === Infinity)
        this.unknownConstants.set(name, new Set([...(this.unknownConstants.get(name) ?? []), ...leftOut]));
    }
    return estimated;
  }
}
