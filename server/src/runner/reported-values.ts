/**
 * The `report` block at the end of a run: expressions at the returned point, those with other data too. Where
 * other data make another lower level it is solved again, to the author's tolerance or until the value is
 * known to a millionth. Each value has the error that the distance to the lower solution leaves it.
 */
import type { LineIndex } from '../base/span.ts';
import type { SolveOptions } from '../base/solve-options.ts';
import type { Qualified } from '../base/certainty.ts';
import type { CheckedProblem, ReportedValue } from '../check/problem.ts';
import type { Compiled } from '../compile/compile.ts';
import type { QuantityValue } from '../compile/quantity.ts';
import type { ReportedResult } from '../protocol/result.ts';
import { locateLowerSolution } from '../solve/lower-solution.ts';
import type { SolveReport } from '../solve/report.ts';
import type { SolveHooks } from '../solve/run.ts';
import { jsonBound, jsonNumber } from './json-numbers.ts';
import type { Known, Outcome } from './quantities.ts';
import { quantityIn } from './quantities.ts';

/** Relative error that a value with other data is refined to where no tolerance is given. */
const relativeGoal = 1e-6;

type ReportedExpression = Extract<ReportedValue, { kind: 'expression' }>;

export interface ReportedValues {
  readonly values: ReadonlyMap<string, Omit<ReportedResult, 'line'>>;
  readonly notes: readonly string[];
}

/** Evaluates the expressions; what other data make impossible is a note. */
export function evaluateReports(
  checked: CheckedProblem,
  compiled: Compiled,
  { theta, x, lowerError }: Pick<SolveReport, 'theta' | 'x' | 'lowerError'>,
  options: SolveOptions,
  hooks: SolveHooks,
): ReportedValues {
  const values = new Map<string, Omit<ReportedResult, 'line'>>();
  const notes: string[] = [];
  for (const reported of checked.reports) {
    if (reported.kind === 'result') continue;
    if (hooks.cancellation?.cancelled === true) {
      notes.push(`\`${reported.name}\` was not evaluated before the end`);
    } else if (reported.again === undefined) {
      const { expression, dependence } = reported;
      values.set(reported.name, resultOf(compiled.quantity(expression, dependence)(theta, x, lowerError)));
    } else {
      const found = solveAgain(reported, reported.again, compiled, theta, options, hooks);
      if (typeof found === 'string') notes.push(`\`${reported.name}\` has no value: ${found}`);
      else values.set(reported.name, found);
    }
  }
  return { values, notes };
}

function solveAgain(
  { expression, dependence }: ReportedExpression,
  lower: NonNullable<ReportedExpression['again']>,
  compiled: Compiled,
  theta: Float64Array,
  options: SolveOptions,
  hooks: SolveHooks,
): Omit<ReportedResult, 'line'> | string {
  const { compiled: other, diagnostics } = compiled.again(lower);
  if (other === undefined) return diagnostics[0]?.message ?? 'the other data do not fit';
  const quantity = other.quantity(expression, dependence);
  const isEnough = (x: Float64Array, distance: Qualified): boolean => {
    const { values, error } = quantity(theta, x, distance);
    const size = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return error.kind !== 'estimated' && error.value <= relativeGoal * size;
  };
  const found = locateLowerSolution(other.problem, theta, options, hooks, isEnough);
  return {
    ...resultOf(quantity(theta, found.x, found.distance)),
    lowerGradients: found.lowerGradients,
  };
}

function resultOf({ shape, values, error }: QuantityValue): Omit<ReportedResult, 'line'> {
  const [first = Number.NaN] = values;
  const value = shape.length === 0 ? jsonNumber(first) : { shape, data: Array.from(values, jsonNumber) };
  return { value, error: jsonBound(error) };
}

/** All entries of the block, in order; those that name a number of the result take it from there. */
export function reportedResults(
  checked: CheckedProblem,
  { values }: ReportedValues,
  result: Outcome,
  lines: LineIndex,
): Readonly<Record<string, ReportedResult>> {
  const entries = checked.reports.flatMap((reported): [string, ReportedResult][] => {
    const known = reported.kind === 'result' ? quantityIn(result, reported.quantity) : undefined;
    const found = known === undefined ? values.get(reported.name) : ofResult(known);
    const { line } = lines.at(reported.span.start);
    return found === undefined ? [] : [[reported.name, { line, ...found }]];
  });
  return Object.fromEntries(entries);
}

function ofResult({ value, high, kind }: Known): Omit<ReportedResult, 'line'> {
  const bound = high === value ? 0 : high - value;
  return { value: jsonNumber(value), error: { bound: jsonNumber(bound), kind } };
}
