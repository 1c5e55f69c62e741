/**
 * From the solver's report, which knows vectors, to the result that leaves the process, which knows the
 * author's names, signs and lines. Numbers that are not finite become strings, bounds keep their kind.
 */
import { LineIndex } from '../base/span.ts';
import { formatFormula } from '../atoms/formula-text.ts';
import type { CheckedProblem, ConstantName } from '../check/problem.ts';
import type { Compiled, Layout } from '../compile/compile.ts';
import type { JsonArray, JsonConstant, RunResult, RunWarning } from '../protocol/result.ts';
import type { ProblemConstants } from '../solve/problem.ts';
import type { SolveReport } from '../solve/report.ts';
import { checkExpectations } from './expectations.ts';
import { jsonBound, jsonNumber, kindOf } from './json-numbers.ts';
import type { ReportedValues } from './reported-values.ts';
import { reportedResults } from './reported-values.ts';

export interface ReportContext {
  readonly text: string;
  readonly checked: CheckedProblem;
  readonly compiled: Compiled;
  readonly seconds: number;
  /** The arrays of the hypergradient are wanted (`gradient`). */
  readonly withHypergradient: boolean;
  /** What was done with the start or the given point. */
  readonly notes: readonly string[];
  readonly warnings: readonly RunWarning[];
  /** Of the `report` block; absent for a single hypergradient. */
  readonly reported?: ReportedValues;
}

export function resultOf(report: SolveReport, context: ReportContext): RunResult {
  const { text, checked, compiled } = context;
  const { certificate } = report;
  // The solver minimises; a level that maximises gets its own sign back.
  const sign = compiled.upperSign;
  const lines = new LineIndex(text);
  // Expectations are about the end of a run, which a single hypergradient is not.
  const { reported } = context;
  const isAsked = checked.expectations.length > 0 || checked.reports.length > 0;
  const unjudged = reported === undefined && isAsked ? [notJudged] : [];
  const samples = checked.samples.map(
    ({ dimension, size }) =>
      `\`sample ${dimension} = ${size}\` was checked; this version uses all rows over \`${dimension}\``,
  );
  const notes = [...samples, ...context.notes, ...report.notes, ...(reported?.notes ?? []), ...unjudged];
  const result: Omit<RunResult, 'expectations'> = {
    status: report.status,
    advice: adviceOf(report, compiled, lines),
    upper: {
      objective: jsonNumber(sign * report.objective),
      objectiveError: jsonBound(report.objectiveError),
      stationarity: jsonNumber(report.stationarity),
      stationarityError: jsonBound(report.stationarityError),
      variables: jsonVariables(report.theta, compiled.upperLayout),
    },
    lower: {
      ...(checked.lower.kind === 'minimum' ? {} : { kind: checked.lower.kind }),
      ...(report.lowerObjective === undefined
        ? {}
        : { objective: jsonNumber(compiled.lowerSign * report.lowerObjective) }),
      ...(report.lowerObjectiveError === undefined
        ? {}
        : { objectiveError: jsonBound(report.lowerObjectiveError) }),
      variables: jsonVariables(report.x, compiled.lowerLayout),
      method: report.lowerMethod,
      rate: report.lowerRateKind,
      error: jsonBound(report.lowerError),
    },
    hypergradient: {
      norm: jsonNumber(report.hypergradientNorm),
      ...(context.withHypergradient
        ? {
            variables: jsonVariables(
              report.hypergradient.map((value) => sign * value),
              compiled.upperLayout,
            ),
          }
        : {}),
      method: report.hypergradientMethod,
      error: jsonBound({ value: certificate.bound, ...kindOf(certificate) }),
      relativeError: jsonNumber(certificate.relative),
      roundingFloor: jsonNumber(certificate.roundingFloor),
      polishingSteps: certificate.polishingSteps,
      descentCertified: report.descentCertified,
      ...(report.verification === undefined ? {} : { verification: jsonVerification(report.verification) }),
    },
    constants: jsonConstants(report.constants, checked, lines),
    counts: report.counts,
    history: report.history.map((record) => ({
      ...record,
      objective: jsonNumber(sign * record.objective),
      hypergradientNorm: jsonNumber(record.hypergradientNorm),
      hypergradientBound: jsonNumber(record.hypergradientBound),
      lowerTolerance: jsonNumber(record.lowerTolerance),
      linearTolerance: jsonNumber(record.linearTolerance),
      stepLength: jsonNumber(record.stepLength),
    })),
    ...(notes.length === 0 ? {} : { notes }),
    ...(context.warnings.length === 0 ? {} : { warnings: context.warnings }),
    seconds: context.seconds,
  };
  if (reported === undefined) return { ...result, expectations: [] };
  const values = reportedResults(checked, reported, result, lines);
  const whole = checked.reports.length === 0 ? result : { ...result, report: values };
  return { ...whole, expectations: checkExpectations(checked.expectations, whole, text, lines) };
}

const notJudged =
  'expectations and reported values are about the end of a run; for a single hypergradient they are not looked at';

/** Where a number that is not finite arose is said first. */
function adviceOf(report: SolveReport, compiled: Compiled, lines: LineIndex): string {
  if (report.status !== 'not_finite') return report.advice;
  const found = compiled.findNonFinite(report.theta, report.x);
  if (found === undefined) return report.advice;
  const { line, column } = lines.at(found.span.start);
  const why = found.needs === undefined ? '' : `: ${found.needs}`;
  return `The ${found.what} of the expression at ${line}:${column} is ${found.value}${why}. ${report.advice}`;
}

const constantNames: readonly ConstantName[] = ['mu', 'L', 'L_H', 'L_J', 'L_fx', 'L_ftheta', 'jacobianNorm'];

export function jsonConstants(
  constants: ProblemConstants,
  checked: CheckedProblem,
  lines: LineIndex,
): Record<string, JsonConstant> {
  return Object.fromEntries(
    constantNames.map((name) => {
      const { formula, from } = checked.constants[name];
      const { line, column } = lines.at(from.start);
      const { value } = constants[name];
      return [
        name,
        {
          value: jsonNumber(value),
          ...kindOf(constants[name]),
          from: `${line}:${column}`,
          formula: formatFormula(formula),
        },
      ];
    }),
  );
}

function jsonVariables(vector: Float64Array, layout: Layout): Record<string, JsonArray> {
  return Object.fromEntries(
    layout.unknowns.map(({ name, shape, offset, length }) => [
      name,
      { shape, data: Array.from(vector.subarray(offset, offset + length), jsonNumber) },
    ]),
  );
}

function jsonVerification(
  found: NonNullable<SolveReport['verification']>,
): RunResult['hypergradient']['verification'] & object {
  return {
    ...found,
    exactRelativeError: jsonNumber(found.exactRelativeError),
    differenceRelativeError: jsonNumber(found.differenceRelativeError),
  };
}
