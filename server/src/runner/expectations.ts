/**
 * The `expect` block against a result. A relation holds only when it holds for every value that the
 * bound leaves possible, and the bound is certified; `estimated(name)` compares the computed number as it is.
 * All that is compared is in the printed result, so a reader can check the verdict.
 */
import type { Certainty } from '../base/certainty.ts';
import type { LineIndex } from '../base/span.ts';
import type { Expectation } from '../check/problem.ts';
import type { ExpectationResult, JsonBound, JsonNumber, RunResult } from '../protocol/result.ts';

interface Known {
  readonly value: number;
  /** The true value lies in [low, high], as far as `kind` says. */
  readonly low: number;
  readonly high: number;
  readonly kind: Certainty;
}

type Outcome = Omit<RunResult, 'expectations'>;

export function checkExpectations(
  expectations: readonly Expectation[],
  result: Outcome,
  text: string,
  lines: LineIndex,
): ExpectationResult[] {
  return expectations.map((expectation) => ({
    line: lines.at(expectation.span.start).line,
    text: text.slice(expectation.span.start, expectation.span.end),
    ...judge(expectation, result),
  }));
}

export function judge(
  { quantity, operator, value, acceptsEstimate }: Expectation,
  result: Outcome,
): Pick<ExpectationResult, 'holds' | 'reason'> {
  const known = quantities[quantity]?.(result);
  const right = value.kind === 'number' ? value.value : Number.NaN;
  if (known === undefined) return { holds: false, reason: `there is no result \`${quantity}\`` };
  if (acceptsEstimate) {
    return {
      holds: relationHolds(known.value, known.value, operator, right),
      reason: `it is ${known.value}, estimates accepted`,
    };
  }
  const range = known.low === known.high ? `${known.value}` : `between ${known.low} and ${known.high}`;
  if (known.kind !== 'certified') {
    return {
      holds: false,
      reason: `it is ${range}, but this is ${known.kind}, not certified; \`estimated(${quantity})\` accepts that`,
    };
  }
  const holds = relationHolds(known.low, known.high, operator, right);
  const possible = known.low <= right && right <= known.high && known.low < known.high;
  return {
    holds,
    reason:
      !holds && possible
        ? `it is ${range}, which does not decide; ask for a smaller error`
        : `it is ${range}`,
  };
}

/** For every number in [low, high]; never for NaN. */
function relationHolds(low: number, high: number, operator: Expectation['operator'], right: number): boolean {
  switch (operator) {
    case '<=':
      return high <= right;
    case '<':
      return high < right;
    case '>=':
      return low >= right;
    case '>':
      return low > right;
    case '==':
      return low === right && high === right;
  }
}

const quantities: Readonly<Record<string, (result: Outcome) => Known | undefined>> = {
  upper_objective: ({ upper }) => around(upper.objective, upper.objectiveError),
  // g at the returned point is what was computed; it stands for nothing else.
  lower_objective: ({ lower }) =>
    lower.objective === undefined ? undefined : exactly(lower.objective, 'certified'),
  lower_error: ({ lower }) => exactly(lower.error.bound, lower.error.kind),
  // The norm of h is compared as that of the true hypergradient.
  hypergradient_norm: ({ hypergradient }) => around(hypergradient.norm, hypergradient.error),
  hypergradient_error: ({ hypergradient }) => exactly(hypergradient.error.bound, hypergradient.error.kind),
  relative_hypergradient_error: ({ hypergradient }) =>
    exactly(hypergradient.relativeError, hypergradient.error.kind),
  descent_certified: ({ hypergradient }) => exactly(hypergradient.descentCertified ? 1 : 0, 'certified'),
};

function around(value: JsonNumber, { bound, kind }: JsonBound): Known {
  const centre = Number(value);
  const radius = Number(bound);
  return { value: centre, low: centre - radius, high: centre + radius, kind };
}

function exactly(value: JsonNumber, kind: Certainty): Known {
  const number = Number(value);
  return { value: number, low: number, high: number, kind };
}
