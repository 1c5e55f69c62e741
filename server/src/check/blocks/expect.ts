/**
 * `expect`: results against numbers or against each other, with arithmetic on both sides. `estimated(…) <= …`
 * accepts numbers that are not certified. A relation with its results on the right only is turned.
 */
import type { Expression, Interval } from '../../atoms/expression.ts';
import { wholeLine } from '../../atoms/expression.ts';
import { isNonNegativeExpression } from '../../atoms/formula.ts';
import { nonNegative } from '../../atoms/interval.ts';
import { expectableQuantities } from '../../base/method-catalogue.ts';
import type { Shape } from '../../base/dimension.ts';
import { formatShape } from '../../base/dimension.ts';
import { nearNames } from '../../base/near-names.ts';
import type { ExpectBlock, Expression as Syntax, Relation } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import type { Expectation, ExpectedQuantity, ReportedValue, ResultExpression } from '../problem.ts';
import type { Side } from './results.ts';
import { resultsIn, sideOf } from './results.ts';
import type { Typist } from '../typing/shape.ts';

const turned = { '<=': '>=', '>=': '<=', '<': '>', '>': '<', '==': '==' } as const;

export function readExpectations(
  blocks: readonly ExpectBlock[],
  reports: readonly ReportedValue[],
  upperObjective: Expression | undefined,
  typist: Typist,
): readonly Expectation[] {
  const ranges = rangesOf(reports, upperObjective);
  const expectations: Expectation[] = [];
  const arrays = new Map<string, Shape>(
    reports.flatMap((each) =>
      each.kind === 'expression' && each.expression.shape.length > 0
        ? [[each.name, each.expression.shape] as const]
        : [],
    ),
  );
  for (const block of blocks) {
    for (const relation of block.relations) {
      const expectation = readRelation(relation, ranges, typist);
      if (expectation === undefined) continue;
      const { left, right, span } = expectation;
      const array = [left, right]
        .flatMap(quantitiesIn)
        .find(({ quantity }) => arrays.has(quantity))?.quantity;
      if (array === undefined) expectations.push(expectation);
      else typist.findings.add(report.arrayExpected(span, array, formatShape(arrays.get(array) ?? [])));
    }
  }
  return expectations;
}

/** The results that an expression names, in order. */
export function quantitiesIn(expression: ResultExpression): readonly ExpectedQuantity[] {
  if (expression.kind === 'number') return [];
  return expression.kind === 'result' ? [expression] : expression.args.flatMap(quantitiesIn);
}

/** Of results that are expressions of the file, and of norms. */
function rangesOf(
  reports: readonly ReportedValue[],
  upperObjective: Expression | undefined,
): ReadonlyMap<string, Interval> {
  const ranges = new Map([
    ['hypergradient_norm', nonNegative],
    ['stationarity', nonNegative],
  ]);
  if (upperObjective !== undefined) ranges.set('upper_objective', rangeAsWritten(upperObjective));
  for (const each of reports) {
    const named = each.kind === 'result' ? ranges.get(each.quantity) : rangeAsWritten(each.expression);
    if (named !== undefined) ranges.set(each.name, named);
  }
  return ranges;
}

/** What the outermost function and the signs of what stands in it say: ends that no arithmetic has rounded. */
function rangeAsWritten(e: Expression): Interval {
  if (e.kind !== 'apply') return wholeLine;
  const facts = e.args.map(({ shape }) => ({ shape, range: wholeLine, fixed: false }));
  const { lower, upper } = e.atom.range(facts, e.parameters);
  return { lower: isNonNegativeExpression(e) ? Math.max(0, lower) : lower, upper };
}

function readRelation(
  relation: Relation,
  ranges: ReadonlyMap<string, Interval>,
  typist: Typist,
): Expectation | undefined {
  const { operator, span } = relation;
  if (relation.left.kind === 'missing' || relation.right.kind === 'missing') return undefined;
  const reader = new SideReader(relation, ranges, typist);
  const [left, right] = [relation.left, relation.right].map((side) =>
    reader.read(sideOf(side, typist.names.all)),
  );
  if (left === undefined || right === undefined) return undefined;
  const isNamed = (side: ResultExpression): boolean => quantitiesIn(side).length > 0;
  if (isNamed(left)) return { left, operator, right, span };
  if (isNamed(right)) return { left: right, operator: turned[operator], right: left, span };
  typist.findings.add(report.badExpectation(span));
  return undefined;
}

class SideReader {
  private readonly relation: Relation;
  private readonly ranges: ReadonlyMap<string, Interval>;
  private readonly typist: Typist;
  private readonly resultOf: ReturnType<typeof resultsIn>;

  constructor(relation: Relation, ranges: ReadonlyMap<string, Interval>, typist: Typist) {
    this.relation = relation;
    this.ranges = ranges;
    this.typist = typist;
    this.resultOf = resultsIn(relation, typist.names.all);
  }

  read(side: Side): ResultExpression | undefined {
    if (side.kind === 'part') return this.part(side);
    const args: ResultExpression[] = [];
    for (const each of side.args) {
      const arg = this.read(each);
      if (arg === undefined) return undefined;
      args.push(arg);
    }
    const { operation } = side;
    const [first, exponent] = args;
    if (operation === 'negate' && first?.kind === 'number') return { kind: 'number', value: -first.value };
    if (operation === 'power' && (exponent?.kind !== 'number' || !isWhole(exponent.value))) {
      this.typist.findings.add(
        report.badExpectation(this.relation.span, 'an exponent here is a whole number'),
      );
      return undefined;
    }
    return { kind: 'operation', operation, args };
  }

  private part(part: Extract<Side, { kind: 'part' }>): ResultExpression | undefined {
    const result = this.resultOf(part);
    const range = result && this.ranges.get(result.quantity);
    if (result !== undefined) return { kind: 'result', ...result, ...(range === undefined ? {} : { range }) };
    const { syntax } = part;
    const { findings, names } = this.typist;
    if (syntax.kind === 'missing') return undefined;
    if (syntax.kind === 'name' && !names.has(syntax.text)) {
      findings.add(this.unknown(syntax));
      return undefined;
    }
    const value = this.typist.number(syntax);
    if (value !== undefined && !Number.isNaN(value)) return { kind: 'number', value };
    // What is wrong in the part itself is told there, by this stage or by that of the names.
    const { start, end } = syntax.span;
    const isTold = findings.diagnostics.some(({ span }) => start <= span.start && span.end <= end);
    if (!isTold) findings.add(report.badExpectation(this.relation.span));
    return undefined;
  }

  /** A name that means nothing: most likely a result was meant. */
  private unknown({
    text,
    span,
  }: Extract<Syntax, { kind: 'name' }>): ReturnType<typeof report.unknownQuantity> {
    const known = expectableQuantities.map((each) => each.name);
    const own = [...this.typist.names.all.values()].filter(
      ({ kind }) => kind === 'let' || kind === 'dimension' || kind === 'report',
    );
    const candidates = nearNames(text, [...known, ...own.map((each) => each.name)]);
    return report.unknownQuantity(span, text, candidates, known);
  }
}

/** Within what interval arithmetic raises by products. */
function isWhole(exponent: number): boolean {
  return Number.isInteger(exponent) && Math.abs(exponent) <= 64;
}
