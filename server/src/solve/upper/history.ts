/** What happened at each upper step, as the report keeps it. Times are seconds since the start. */
import type { Evaluation } from '../evaluation.ts';
import { norm } from '../vector.ts';
import type { CertifiedPoint } from './accuracy.ts';

export interface HistoryRecord {
  readonly step: number;
  readonly objective: number;
  readonly hypergradientNorm: number;
  /** Theorem A, without polishing. */
  readonly hypergradientBound: number;
  readonly lowerIterations: number;
  readonly linearIterations: number;
  /** The author's tolerances; where absent, what the certificate drove them to. */
  readonly lowerTolerance: number;
  readonly linearTolerance: number;
  /** Of the step taken from this point; 0 when none was. */
  readonly stepLength: number;
  readonly seconds: number;
}

export class History {
  readonly records: HistoryRecord[] = [];
  private readonly started = performance.now();

  add(evaluation: Evaluation, { point, bound }: CertifiedPoint): void {
    const taken = evaluation.takeIterations();
    const { lower, hypergradient } = evaluation.options;
    this.records.push({
      step: this.records.length,
      objective: point.upper.objective,
      hypergradientNorm: norm(point.h),
      hypergradientBound: bound.omega,
      lowerIterations: taken.lower,
      linearIterations: taken.linear,
      lowerTolerance: lower.tolerance ?? point.lower.bound.value,
      linearTolerance: hypergradient.linear.tolerance ?? point.linear.residualNorm,
      stepLength: 0,
      seconds: this.seconds,
    });
  }

  /** Notes the length of the step taken from the last point. */
  stepTaken(length: number): void {
    const last = this.records.pop();
    if (last !== undefined) this.records.push({ ...last, stepLength: length });
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }
}
