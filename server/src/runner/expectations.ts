/**
 * The `expect` block against a result. A relation holds only when it holds for every value that the
 * bounds leave possible, and the bounds are certified; `estimated(…)` takes computed numbers as they are.
 * All that is compared is in the printed result, so a reader can check the verdict.
 */
import type { LineIndex } from '../base/span.ts';
import type { Expectation, ExpectedQuantity, ResultExpression } from '../check/problem.ts';
import type { ExpectationResult } from '../protocol/result.ts';
import type { Ends } from './expected-interval.ts';
import {
  absolute,
  add,
  divide,
  multiply,
  negate,
  point,
  power,
  squareRoot,
  subtract,
} from './expected-interval.ts';
import { intervalWords } from './interval-words.ts';
import { quantityIn } from './quantities.ts';
import type { Outcome } from './quantities.ts';

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
  const { left, operator, right } = expectation;
  const doubts: string[] = [];
  const [a, b] = [left, right].map((side) => endsOf(side, result, doubts)) as [Ends, Ends];
  const [doubt] = doubts;
  if (doubt !== undefined) return { holds: false, reason: doubt };
  const verdict = (one: Ends, other: Ends): string =>
    `${relationHolds(one, operator, other)} ${one.low <= other.high && other.low <= one.high}`;
  const holds = relationHolds(a, operator, b);
  const isPoint = a.low === a.high && b.low === b.high;
  const isOpen = !holds && !isPoint && a.low <= b.high && b.low <= a.high;
  // What is shown is rounded outwards, by as little as the verdict needs to be seen in it.
  const decided = verdict(a, b);
  const words = intervalWords([a, b], ([one, other]) => verdict(one as Ends, other as Ends) === decided);
  return { holds, reason: `${sentence(left, right, words)}${isOpen ? undecided : ''}` };
}

const undecided = ', which does not decide; ask for a smaller error';

function sentence(
  left: ResultExpression,
  right: ResultExpression,
  [a = '', b = '']: readonly string[],
): string {
  const name = (side: ResultExpression, otherwise: string): string =>
    side.kind === 'result' ? `\`${side.quantity}\`` : otherwise;
  const estimated = left.kind === 'result' && left.acceptsEstimate ? ', estimates accepted' : '';
  if (left.kind === 'result' && right.kind === 'number') return `it is ${a}${estimated}`;
  return `${name(left, 'the left side')} is ${a}, ${name(right, 'the right side')} is ${b}`;
}

/** Every value that the side may have; why it may not be compared goes to `doubts`. */
function endsOf(side: ResultExpression, result: Outcome, doubts: string[]): Ends {
  if (side.kind === 'number') return point(side.value);
  if (side.kind === 'result') return endsOfResult(side, result, doubts);
  const args = side.args.map((each) => endsOf(each, result, doubts));
  const [a, b] = args as [Ends, Ends];
  switch (side.operation) {
    case 'add':
      return add(a, b);
    case 'subtract':
      return subtract(a, b);
    case 'multiply':
      return multiply(a, b);
    case 'divide':
      return divide(a, b);
    case 'power':
      return power(a, b.low);
    case 'negate':
      return negate(a);
    case 'abs':
      return absolute(a);
    case 'sqrt':
      return squareRoot(a);
  }
}

function endsOfResult(
  { quantity, acceptsEstimate, range }: ExpectedQuantity,
  result: Outcome,
  doubts: string[],
): Ends {
  const known = quantityIn(result, quantity);
  if (known === undefined) {
    doubts.push(`there is no result \`${quantity}\``);
    return point(NaN);
  }
  const { value, low, high, kind } = known;
  if (acceptsEstimate) return point(value);
  if (kind !== 'certified') {
    const [words = ''] = intervalWords([known], () => true);
    doubts.push(
      `\`${quantity}\` is ${words}, but this is ${kind}, not certified; \`estimated(${quantity})\` accepts that`,
    );
  }
  if (range === undefined) return { low, high };
  // The true number lies in both.
  return { low: Math.max(low, range.lower), high: Math.min(high, range.upper) };
}

/** For every number of the one and every number of the other; never for NaN. */
function relationHolds(left: Ends, operator: Expectation['operator'], right: Ends): boolean {
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
