/**
 * A bilevel problem whose evaluations are counted. The budget is in lower gradients plus Hessian
 * products, as in Ehrhardt & Roberts (2023); whoever iterates looks at `exhausted` before each
 * evaluation, so a run overshoots by the few closing evaluations of a solve at most.
 * theta and the linearisation point are remembered, so repeating a call costs nothing.
 */
import type { BilevelProblem, ProblemConstants } from './problem.ts';
import { sameEntries } from './vector.ts';

export interface Counts {
  readonly lowerGradients: number;
  readonly hessianProducts: number;
  readonly jacobianProducts: number;
  readonly upperGradients: number;
}

export class CountedProblem {
  lowerGradients = 0;
  hessianProducts = 0;
  jacobianProducts = 0;
  upperGradients = 0;
  readonly problem: BilevelProblem;
  readonly upperSize: number;
  readonly lowerSize: number;
  readonly lowerIsQuadratic: boolean;
  /** The current limit; the final certificate may raise it by its stated share. */
  budget: number;
  private theta: Float64Array | undefined;
  private centre: Float64Array | undefined;

  constructor(problem: BilevelProblem, budget: number) {
    this.problem = problem;
    this.upperSize = problem.upperSize;
    this.lowerSize = problem.lowerSize;
    this.lowerIsQuadratic = problem.lowerIsQuadratic;
    this.budget = budget;
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

  jacobianTransposeProduct(q: Float64Array, out: Float64Array): void {
    this.jacobianProducts++;
    this.problem.jacobianTransposeProduct(q, out);
  }

  jacobianProduct(u: Float64Array, out: Float64Array): void {
    this.jacobianProducts++;
    this.problem.jacobianProduct(u, out);
  }

  constants(ball?: { readonly centre: Float64Array; readonly radius: number }): ProblemConstants {
    return this.problem.constants(ball);
  }
}
