/**
 * What is left of a constant on a ball without the terms that have no bound there: of such a term its smooth
 * part counts, or nothing where that has no bound either. An estimate, and it says which terms it left out.
 */
import type { ConstantShares } from '../check/problem.ts';
import type { Formula } from '../atoms/formula.ts';
import { zero } from '../atoms/formula.ts';
import type { FinitePart } from '../base/bilevel-problem.ts';
import type { RoundingAnalysis } from '../kernels/rounding.ts';
import type { ExpressionLowering } from './lower-expression.ts';
import { lowerFormula } from './lower-formula.ts';
import type { LoweredFormula } from './lower-formula.ts';

export class LoweredShares {
  private readonly shares: ConstantShares;
  private readonly lower: (formula: Formula) => LoweredFormula;
  /** Each term by what is to count of it, the first one that is finite. */
  private readonly choices: readonly (readonly LoweredFormula[])[];
  private readonly combined = new Map<string, LoweredFormula>();

  constructor(shares: ConstantShares, lowering: ExpressionLowering, analysis: RoundingAnalysis) {
    this.shares = shares;
    this.lower = (formula) => lowerFormula(formula, lowering, analysis);
    this.choices = shares.terms.map(({ bound, smoothPart }) => [this.lower(bound), this.lower(smoothPart)]);
  }

  /** On the ball of this radius around the evaluator's present x. */
  at(radius: number): FinitePart {
    const chosen = this.choices.map((choices) => {
      const first = choices.findIndex((each) => each.evaluate(radius, true).upper < Infinity);
      return first === -1 ? choices.length : first;
    });
    const { terms } = this.shares;
    const leftOut = terms.filter((_, at) => chosen[at] !== 0).map(({ name }) => name);
    return { value: this.combine(chosen).evaluate(radius, true).upper, leftOut };
  }

  private combine(chosen: readonly number[]): LoweredFormula {
    const key = chosen.join();
    let found = this.combined.get(key);
    if (found === undefined) {
      const bounds = this.shares.terms.map(
        ({ bound, smoothPart }, at) => [bound, smoothPart][chosen[at] as number] ?? zero,
      );
      this.combined.set(key, (found = this.lower(this.shares.combine(bounds))));
    }
    return found;
  }
}
