/**
 * The end of a run for a person: why it stopped and what to do, then each number with its bound and
 * the kind of that bound. A bound rounds up and a shown value has only the digits that its bound leaves.
 */
import type {
  JsonArray,
  JsonBound,
  JsonNumber,
  ReportedResult,
  RunResult,
  RunWarning,
} from '../protocol/result.ts';
import {
  evaluationWords,
  isZeroBesideRounding,
  knownDigits,
  productWords,
  short,
  upwards,
} from '../protocol/result-text.ts';
import type { Style } from './style.ts';

export interface Ending {
  readonly meaning: string;
  /** The solver did what was asked. */
  readonly done: boolean;
}

/** One line each. */
export function formatWarnings(warnings: readonly RunWarning[] = [], style: Style): string[] {
  return warnings.map(
    ({ line, text }) =>
      `  ${style(['bold', 'yellow'], line === undefined ? 'warning' : `line ${line}`)}: ${text}`,
  );
}

/** `ending`: of the result's status. */
export function formatResult(result: RunResult, ending: Ending, style: Style): string {
  const { upper, lower, hypergradient, counts } = result;
  const failed = result.expectations.filter(({ holds }) => !holds);
  const rows: [string, string][] = [
    ['upper objective', `F = ${valueWithBound(upper.objective, upper.objectiveError, style)}`],
    [
      'hypergradient',
      `‖h‖ = ${short(hypergradient.norm)}, ‖h − ∇F‖ ≤ ${bound(hypergradient.error, style)}${relativeWords(hypergradient)}`,
    ],
    ['', hypergradientNotes(result, style)],
    [
      'stationarity',
      `‖P(θ − h) − θ‖ = ${valueWithBound(upper.stationarity, upper.stationarityError, style)}`,
    ],
    ['lower solution', `‖x − x*‖ ≤ ${bound(lower.error, style)}, by ${lower.method}`],
    ...Object.entries(upper.variables).map(([name, array]): [string, string] => [name, preview(array)]),
    ...Object.entries(result.report ?? {}).map(([name, reported]): [string, string] => [
      name,
      reportedText(reported, style),
    ]),
    ...verificationRows(result, style),
    ...(result.expectations.length === 0
      ? []
      : ([
          [
            'expectations',
            `${result.expectations.length - failed.length} of ${result.expectations.length} hold`,
          ],
        ] satisfies [string, string][])),
    [
      'counts',
      `${counts.lowerGradients} ${evaluationWords(lower.kind)}, ${counts.hessianProducts} ${productWords(lower.kind)}, ${counts.upperSteps} upper steps`,
    ],
    ['time', `${result.seconds.toFixed(result.seconds < 1 ? 3 : 1)} s`],
  ];
  const labelWidth = Math.max(...rows.map(([label]) => label.length));
  return [
    `${style(['bold', ending.done ? 'green' : 'yellow'], result.status)}: ${ending.meaning}`,
    ...rows.map(([label, text]) => `  ${style('dim', label.padEnd(labelWidth))}  ${text}`),
    ...formatWarnings(result.warnings, style),
    ...(result.notes ?? []).map((note) => `  ${style('bold', 'note')}: ${note}`),
    ...(result.advice === 'Nothing to do.' ? [] : [`  ${style('bold', 'advice')}: ${result.advice}`]),
    ...failed.map(
      ({ line, text, reason }) =>
        `  ${style(['bold', 'red'], `line ${line}`)}: ${text} does not hold: ${reason}`,
    ),
  ].join('\n');
}

/** A hypergradient that is zero has no relative error. */
function relativeWords({ relativeError }: RunResult['hypergradient']): string {
  return typeof relativeError === 'number' ? `, relative ${upwards(relativeError)}` : '';
}

function hypergradientNotes({ hypergradient }: RunResult, style: Style): string {
  const steps = hypergradient.polishingSteps;
  return [
    hypergradient.descentCertified
      ? style('green', 'descent certified')
      : isZeroBesideRounding(hypergradient)
        ? style('green', 'zero within its bound')
        : style('yellow', 'descent not certified'),
    hypergradient.method,
    ...(steps > 0 ? [`polished ${steps} time${steps === 1 ? '' : 's'}`] : []),
  ].join(', ');
}

function verificationRows({ hypergradient }: RunResult, style: Style): [string, string][] {
  const found = hypergradient.verification;
  if (found === undefined) return [];
  const verdict = found.boundHolds
    ? style('green', 'the bound holds')
    : style('red', 'the bound does not hold');
  return [
    ['verification', `${short(found.exactRelativeError)} relative to the exact hypergradient; ${verdict}`],
    [
      '',
      `${short(found.differenceRelativeError)} relative to finite differences along ${found.differenceDirections} directions`,
    ],
  ];
}

function bound({ bound: value, kind, failureProbability }: JsonBound, style: Style): string {
  const odds =
    failureProbability === undefined ? '' : `, fails with probability ≤ ${upwards(failureProbability)}`;
  const colour = kind === 'certified' ? 'green' : kind === 'estimated' ? 'yellow' : 'cyan';
  return `${upwards(value)} (${style(colour, kind)}${odds})`;
}

/** A value with the digits that its bound leaves, and the bound. */
function valueWithBound(value: JsonNumber, error: JsonBound, style: Style): string {
  const shown = knownDigits(value, error);
  return `${shown.text} ± ${bound(shown.error, style)}`;
}

function reportedText({ value, error, lowerGradients }: ReportedResult, style: Style): string {
  const number =
    typeof value === 'object'
      ? `${preview(value)} ± ${bound(error, style)}`
      : valueWithBound(value, error, style);
  return lowerGradients === undefined ? number : `${number}, after ${lowerGradients} lower gradients`;
}

const previewEntries = 6;

function preview({ shape, data, file }: JsonArray): string {
  const size = shape.length === 0 ? '' : `[${shape.join(', ')}] `;
  if (data === undefined) return `${size}in ${file ?? 'no file'}`;
  const shown = data.slice(0, previewEntries).map(short).join('  ');
  return `${size}${shown}${data.length > previewEntries ? '  …' : ''}`;
}
