/**
 * The result of a run at the statements it belongs to: the lower solver at the lower objective, the
 * hypergradient where it is asked for or at the first upper unknown, the upper level at its objective,
 * failed expectations at their lines. Every number is the result's own, with its kind.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { Annotation, AnnotationKind } from '../protocol/editor.ts';
import type { JsonBound, JsonNumber, ReportedResult, RunResult, RunWarning } from '../protocol/result.ts';
import {
  downwards,
  evaluationWords,
  isZeroBesideRounding,
  knownDigits,
  productWords,
  short,
  upwards,
} from '../protocol/result-text.ts';
import type { LevelBlock, SyntaxTree } from '../syntax/tree.ts';
import { statuses } from '../solve/outcome.ts';
import type { Snapshot } from '../workspace/document.ts';
import { wordsOf } from './diagnostics.ts';

/** An annotation and the range of its statement, for the diagnostic of the same words. */
export interface PlacedAnnotation extends Annotation {
  readonly span: Span;
  /** Of the diagnostic, where it says more than fits the end of a line. */
  readonly message?: string;
}

type Details = Pick<PlacedAnnotation, 'level' | 'text' | 'message' | 'kind' | 'severity' | 'hoverMarkdown'>;

export function annotationsOf(result: RunResult, snapshot: Snapshot): PlacedAnnotation[] {
  const places = placesOf(snapshot);
  const place = (span: Span, details: Details): PlacedAnnotation => ({
    line: roomyLine(snapshot, span, details),
    span,
    ...details,
  });
  return [
    place(places.lower, lowerDetails(result)),
    place(places.hypergradient, hypergradientDetails(result)),
    place(places.upper, upperDetails(result)),
    ...Object.entries(result.report ?? {}).map(([name, reported]) =>
      place(lineSpan(snapshot, reported.line - 1), reportDetails(name, reported)),
    ),
    ...(result.warnings ?? []).map((warning) =>
      place(warningSpan(warning, snapshot), {
        level: 'problem',
        text: warning.summary,
        message: warning.text,
        kind: 'given',
        severity: 'warning',
        hoverMarkdown: warning.text,
      }),
    ),
    ...result.expectations.map((expectation) => {
      const { line, text, holds, reason } = expectation;
      return place(lineSpan(snapshot, line - 1), {
        level: 'expectation',
        text: holds ? 'holds' : `does not hold: ${reason}`,
        message: `\`${text}\` ${holds ? 'holds' : `does not hold: ${reason}`}`,
        kind: holds ? 'plain' : 'failed',
        severity: holds ? 'information' : 'error',
        hoverMarkdown: `\`${text}\` ${holds ? 'holds' : 'does not hold'}: ${reason}`,
      });
    }),
  ];
}

/** The line that a warning is about; what was given from outside the file concerns the lower objective. */
export function warningSpan({ line }: RunWarning, snapshot: Snapshot): Span {
  return line === undefined ? placesOf(snapshot).lower : lineSpan(snapshot, line - 1);
}

/** A value with other data carries what it cost; an array shows its first entries. */
function reportDetails(name: string, { value, error, lowerGradients }: ReportedResult): Details {
  const known = typeof value === 'object' ? { text: '', error } : knownDigits(value, error);
  const shown =
    typeof value === 'object'
      ? `[${(value.data ?? []).slice(0, 4).map(short).join(', ')}${(value.data?.length ?? 5) > 4 ? ', …' : ''}]`
      : known.text;
  return {
    level: 'report',
    text: `${shown} ± ${boundText(known.error)}`,
    kind: kindOf(error),
    severity: 'information',
    hoverMarkdown: table(`\`${name}\``, [
      ['value', shown],
      ['error', boundText(known.error)],
      ...(lowerGradients === undefined
        ? []
        : ([['lower level solved again', `${lowerGradients} lower gradients`]] satisfies [string, string][])),
    ]),
  };
}

/** A diagnostic of a stage that only a run reaches, such as a number in the data that is not finite. */
export function rejectionAnnotation(snapshot: Snapshot, diagnostic: Diagnostic): PlacedAnnotation {
  const { span, message, severity } = diagnostic;
  const words = wordsOf(diagnostic);
  return {
    line: snapshot.position(span.start).line,
    span,
    level: 'problem',
    text: message,
    message: words,
    kind: 'failed',
    severity: severity === 'error' ? 'error' : 'warning',
    hoverMarkdown: words.replaceAll('\n', '\n\n'),
  };
}

/** What to say where a run ended without a result. */
export function problemAnnotation(
  snapshot: Snapshot,
  text: string,
  severity: Annotation['severity'],
): PlacedAnnotation {
  const span = problemPlace(snapshot);
  return {
    line: snapshot.position(span.start).line,
    span,
    level: 'problem',
    text,
    kind: severity === 'error' ? 'failed' : 'plain',
    severity,
    hoverMarkdown: text,
  };
}

/** Columns of a line that most windows show. */
const columnsShown = 120;
/** What the constants beside `minimize` take of it. */
const columnsOfHint = 36;

/**
 * Where the text is drawn: at the end of its statement's line, or, where that line is too long for it to be seen,
 * at the line on which the block of the statement begins.
 */
function roomyLine(snapshot: Snapshot, span: Span, { text, level }: Details): number {
  const own = snapshot.position(span.start).line;
  const block = snapshot.parsed.tree.items.find(
    (item) => item.kind !== 'problem' && item.span.start <= span.start && span.end <= item.span.end,
  );
  if (block === undefined) return own;
  const header = snapshot.position(block.span.start).line;
  const hint = level === 'lower' ? columnsOfHint : 0;
  const needed = lengthOf(snapshot, own) + hint + text.length;
  return needed > columnsShown && lengthOf(snapshot, header) < lengthOf(snapshot, own) ? header : own;
}

function lengthOf(snapshot: Snapshot, line: number): number {
  const start = snapshot.offset({ line, character: 0 });
  return snapshot.text.slice(start, snapshot.offset({ line: line + 1, character: 0 })).trimEnd().length;
}

function lowerDetails({ lower, counts, constants }: RunResult): Details {
  const { method, error } = lower;
  return {
    level: 'lower',
    text: `${method}: ${counts.lowerGradients} ${evaluationWords(lower.kind)}, ‖x − x*‖ ≤ ${boundText(error)}`,
    kind: kindOf(error),
    severity: Number.isFinite(Number(error.bound)) ? 'information' : 'warning',
    hoverMarkdown: table('Lower level', [
      ['method', method],
      ['distance to the lower solution', `‖x − x*‖ ≤ ${boundText(error)}`],
      ...(lower.objective === undefined
        ? []
        : ([['lower objective', `g = ${short(lower.objective)}`]] satisfies [string, string][])),
      [evaluationWords(lower.kind), String(counts.lowerGradients)],
      ...constantRows(lower.kind, constants),
    ]),
  };
}

/** mu and L, or the contraction factor of a fixed point. */
function constantRows(
  kind: RunResult['lower']['kind'],
  { mu, L }: RunResult['constants'],
): [string, string][] {
  if (mu === undefined || L === undefined) return [];
  if (kind === 'fixed_point')
    return [['contraction factor', `q = ${upwards(1 - Number(mu.value))} (${mu.kind})`]];
  return [
    ['mu', `${downwards(mu.value)} (${mu.kind})`],
    ['L', `${upwards(L.value)} (${L.kind})`],
  ];
}

function hypergradientDetails({ status, lower, hypergradient, counts }: RunResult): Details {
  const { error, relativeError, descentCertified, verification } = hypergradient;
  // At a stationary point no direction descends, and nothing has to be certified.
  const isZero = isZeroBesideRounding(hypergradient);
  const isNeedless = !descentCertified && (status === 'converged' || isZero);
  const descent = isNeedless
    ? isZero
      ? ', zero within its bound'
      : ''
    : descentCertified
      ? ', descent certified'
      : ', descent not certified';
  // A hypergradient that is zero has no relative error.
  const relative = typeof relativeError === 'number' ? `relative ${upwards(relativeError)}` : undefined;
  const remedy =
    'The bound is too large to certify that −h descends: remove the tolerances in `solve` so that the certificate drives them, or tighten them.';
  const checked =
    verification === undefined
      ? ''
      : `, ${upwards(verification.exactRelativeError)} from the exact one, ${verification.boundHolds ? 'the bound holds' : 'the bound does NOT hold'}`;
  return {
    level: 'hypergradient',
    text: `‖h − ∇F‖ ≤ ${boundText(error, relative)}${descent}${checked}`,
    kind: kindOf(error),
    severity:
      verification?.boundHolds === false
        ? 'error'
        : descentCertified || isNeedless
          ? 'information'
          : 'warning',
    hoverMarkdown: [
      table('Hypergradient', [
        ['method', hypergradient.method],
        ['norm', `‖h‖ = ${short(hypergradient.norm)}`],
        ['error', `‖h − ∇F‖ ≤ ${boundText(error)}`],
        ['relative', upwards(relativeError)],
        ['rounding floor', short(hypergradient.roundingFloor)],
        ['polishing steps', String(hypergradient.polishingSteps)],
        [productWords(lower.kind), String(counts.hessianProducts)],
        ...(verification === undefined
          ? []
          : ([
              ['from the exact hypergradient', `${upwards(verification.exactRelativeError)} relative`],
              [
                'from finite differences',
                `${upwards(verification.differenceRelativeError)} relative, along ${verification.differenceDirections} directions`,
              ],
            ] satisfies [string, string][])),
      ]),
      ...(descentCertified || isNeedless ? [] : [remedy]),
    ].join('\n\n'),
  };
}

function upperDetails({ upper, status, advice, counts, seconds, notes = [] }: RunResult): Details {
  const known = status in statuses ? statuses[status as keyof typeof statuses] : undefined;
  const value = `F = ${withBound(upper.objective, upper.objectiveError)}`;
  const done = known?.done ?? false;
  const word = status.replaceAll('_', ' ');
  const ended = known === undefined ? word : `${word}: ${known.meaning}`;
  return {
    level: 'upper',
    text: `${value}; ${advice === 'Nothing to do.' ? word : ended}`,
    kind: status === 'diverged' || status === 'not_finite' ? 'diverged' : kindOf(upper.objectiveError),
    severity: done || status === 'cancelled' ? 'information' : 'warning',
    hoverMarkdown: [
      table('Upper level', [
        ['objective', value],
        ['stationarity', `‖P(θ − h) − θ‖ = ${withBound(upper.stationarity, upper.stationarityError)}`],
        ['ended', ended],
        ['upper steps', String(counts.upperSteps)],
        ['time', `${short(seconds)} s`],
      ]),
      advice,
      ...notes.map((note) => `Note: ${note}.`),
    ].join('\n\n'),
  };
}

function withBound(value: JsonNumber, error: JsonBound): string {
  const shown = knownDigits(value, error);
  return `${shown.text} ± ${boundText(shown.error)}`;
}

function boundText({ bound, kind, failureProbability }: JsonBound, more?: string): string {
  const odds =
    failureProbability === undefined ? '' : `, fails with probability ≤ ${upwards(failureProbability)}`;
  return `${upwards(bound)}${more === undefined ? '' : `, ${more}`} (${kind}${odds})`;
}

function kindOf({ bound, kind }: JsonBound): AnnotationKind {
  return Number.isFinite(Number(bound)) ? kind : 'diverged';
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [
    `**${title}**`,
    '',
    '| | |',
    '|:--|:--|',
    ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`),
  ].join('\n');
}

interface Places {
  readonly lower: Span;
  readonly hypergradient: Span;
  readonly upper: Span;
}

function placesOf(snapshot: Snapshot): Places {
  const { tree } = snapshot.parsed;
  const otherwise = problemPlace(snapshot);
  const objective = (level: 'upper' | 'lower'): Span =>
    levelOf(tree, level)?.objectives[0]?.keyword ?? otherwise;
  const solve = tree.items.find((item) => item.kind === 'solve');
  const asked = solve?.entries.find(({ name }) => name.text === 'hypergradient');
  return {
    lower: objective('lower'),
    hypergradient: asked?.name.span ?? levelOf(tree, 'upper')?.unknowns[0]?.name.span ?? otherwise,
    upper: objective('upper'),
  };
}

function levelOf(tree: SyntaxTree, level: 'upper' | 'lower'): LevelBlock | undefined {
  return tree.items.find((item): item is LevelBlock => item.kind === level);
}

/** Of the title, or of the first block; the beginning of an empty file. */
function problemPlace({ parsed }: Snapshot): Span {
  const { items } = parsed.tree;
  const title = items.find((item) => item.kind === 'problem');
  if (title !== undefined) return title.titleSpan;
  const first = items.find((item) => item.kind !== 'problem');
  return first?.keyword ?? { start: 0, end: 0 };
}

/** Of the text on a line, without the space around it. */
function lineSpan(snapshot: Snapshot, line: number): Span {
  const start = snapshot.offset({ line, character: 0 });
  const end = snapshot.offset({ line: line + 1, character: 0 });
  const text = snapshot.text.slice(start, end);
  const written = text.replace(/\s*(#.*)?\s*$/u, '');
  const indent = written.length - written.trimStart().length;
  return { start: start + indent, end: start + written.length };
}
