/**
 * From the solver's events to one line for a person. An event knows only its own level, so what was last
 * heard of the others is kept here: the line always says where the whole run stands.
 */
import type { Progress } from '../protocol/solver.ts';
import type { SolveProgress } from '../solve/progress.ts';

export class ProgressWords {
  private readonly sign: 1 | -1;
  private latest: SolveProgress | undefined;
  private objective: number | undefined;
  private hypergradientNorm: number | undefined;
  private hypergradientBound: number | undefined;
  private lowerBound: number | undefined;

  /** `sign` is -1 where the upper level maximises: the solver minimises the negative. */
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Takes in an event; cheap, for it happens at every iteration. */
  note(event: SolveProgress): void {
    this.latest = event;
    if (event.objective !== undefined) this.objective = this.sign * event.objective;
    this.hypergradientNorm = event.hypergradientNorm ?? this.hypergradientNorm;
    this.hypergradientBound = event.hypergradientBound ?? this.hypergradientBound;
    this.lowerBound = event.lowerBound ?? this.lowerBound;
  }

  describe(): Omit<Progress, 'phase'> {
    const { latest, objective, hypergradientNorm, hypergradientBound, lowerBound } = this;
    if (latest === undefined) return { text: 'starting' };
    return {
      text: [`step ${latest.upperStep}: ${this.standing()}`, phaseWords(latest), spending(latest)]
        .filter((part) => part !== '')
        .join('; '),
      upperStep: latest.upperStep,
      products: latest.spent,
      budget: latest.budget,
      ...(objective === undefined ? {} : { objective }),
      ...(hypergradientNorm === undefined ? {} : { hypergradientNorm }),
      ...(hypergradientBound === undefined ? {} : { hypergradientBound }),
      ...(lowerBound === undefined ? {} : { lowerBound }),
    };
  }

  private standing(): string {
    if (this.objective === undefined) return 'first point';
    const error = this.hypergradientBound === undefined ? '' : ` ± ${digits(this.hypergradientBound, 2)}`;
    const norm =
      this.hypergradientNorm === undefined ? '' : `, ‖h‖ = ${digits(this.hypergradientNorm, 3)}${error}`;
    return `F = ${digits(this.objective, 5)}${norm}`;
  }
}

function phaseWords({ phase, iteration, lowerBound, residual }: SolveProgress): string {
  const rest = residual === undefined ? '' : `, residual ${digits(residual, 2)}`;
  switch (phase) {
    case 'lower':
      return `lower ${iteration}${lowerBound === undefined ? '' : `, ‖x − x*‖ ≤ ${digits(lowerBound, 2)}`}`;
    case 'hypergradient':
      return `linear ${iteration}${rest}`;
    case 'polishing':
      return `polishing ${iteration}${rest}`;
    case 'verifying':
      return `verifying ${iteration}`;
    case 'upper':
      return '';
  }
}

function spending({ spent, budget }: SolveProgress): string {
  return `${spent} of ${budget} products`;
}

function digits(value: number, count: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(count - 1)
    : String(Number(value.toPrecision(count)));
}
