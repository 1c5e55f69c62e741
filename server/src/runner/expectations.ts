/**
 * The `expect` block against a result. A relation holds only when it holds for every value that the
 * bounds leave possible, and the bounds are certified; `estimated(name)` takes the computed number as it is.
 * All that is compared is in the printed result, so a reader can check the verdict.
 */
import type { LineIndex } from '../base/span.ts';
import type { Expectation, ExpectedQuantity } from '../check/problem.ts';
import type { ExpectationResult } from '../protocol/result.ts';
import { quantityIn } from './quantities.ts';
import type { Known, Outcome } from './quantities.ts';

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
  expectation: Expectation,
  result: Outcome,
): Pick<ExpectationResult, 'holds' | 'reason'> {
  const { operator, value } = expectation;
  const left = sideOf(expectation, result);
  if (typeof left === 'string') return { holds: false, reason: left };
  if (typeof value === 'number') {
    const holds = relationHolds(left, operator, { low: value, high: value });
    const { low, high } = left;
    const isOpen = !holds && low <= value && value <= high && low < high;
    return { holds, reason: `it is ${left.words}${isOpen ? undecided : ''}` };
  }
  const right = sideOf(value, result);
  if (typeof right === 'string') return { holds: false, reason: right };
  const holds = relationHolds(left, operator, right);
  const isPoint = left.low === left.high && right.low === right.high;
  const isOpen = !holds && !isPoint && left.low <= right.high && right.low <= left.high;
  return {
    holds,
    reason: `\`${expectation.quantity}\` is ${left.words}, \`${value.quantity}\` is ${right.words}${isOpen ? undecided : ''}`,
  };
}

const undecided = ', which does not decide; ask for a smaller error';

interface Side extends Pick<Known, 'low' | 'high'> {
  readonly words: string;
}

/** What is compared, or why the quantity may not be. */
function sideOf({ quantity, acceptsEstimate }: ExpectedQuantity, result: Outcome): Side | string {
  const known = quantityIn(result, quantity);
  if (known === undefined) return `there is no result \`${quantity}\``;
  const { value, low, high, kind } = known;
  if (acceptsEstimate) return { low: value, high: value, words: `${value}, estimates accepted` };
  const words = low === high ? `${value}` : `between ${low} and ${high}`;
  return kind === 'certified'
    ? { low, high, words }
    : `it is ${words}, but this is ${kind}, not certified; \`estimated(${quantity})\` accepts that`;
}

/** For every number of the one and every number of the other; never for NaN. */
function relationHolds(
  left: Pick<Known, 'low' | 'high'>,
  operator: Expectation['operator'],
  right: Pick<Known, 'low' | 'high'>,
): boolean {
  switch (operator) {
    case '<=':
      return left.high <= right.low;
    case '<':
      return left.high < right.low;
    case '>=':
      return left.low >= right.high;
    case '>':
      return left.low > right.high;
    case '==':
      return left.low === right.high && left.high === right.low;
  }
}
