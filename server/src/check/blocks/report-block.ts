/**
 * `report`: numbers of the result and expressions at the solution, as they are or `with` other data (or other
 * upper unknowns). A replacement is another typing of the same text: the replaced names mean other
 * expressions, and where a dimension of theirs differs, its name means the new size everywhere. Where
 * that makes another lower level, it is checked like the first one and solved again at the end.
 */
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { Expression } from '../../atoms/expression.ts';
import { expressionKey } from '../../atoms/formula-key.ts';
import { Dependence } from '../../graph/primitive.ts';
import type { LevelBlock, ReportBlock, ReportEntry } from '../../syntax/tree.ts';
import { dependenceOnLower } from '../constants/derive.ts';
import * as report from '../diagnostics.ts';
import { Findings } from '../facts.ts';
import type { DeclaredUnknown } from './levels.ts';
import { declareUnknowns, readLevel } from './levels.ts';
import type { PartialLevel, ReportedValue, UnknownSet } from '../problem.ts';
import { sizesAlike } from '../typing/numeric-sizes.ts';
import { withProximalTerms } from './proximal.ts';
import { isResultName, quantityOf } from './results.ts';
import { objectivePlace, Typist } from '../typing/shape.ts';
import { readSubstitution } from '../typing/substitution.ts';

/** What the file's own levels are, and how constants of other ones are derived. */
export interface ReportContext {
  readonly typist: Typist;
  readonly lowerBlock: LevelBlock | undefined;
  readonly upperBlock: LevelBlock | undefined;
  readonly upper: PartialLevel;
  readonly lower: PartialLevel;
  readonly lowerUnknowns: readonly DeclaredUnknown[];
  /** Another lower level with its constants; undefined where something is wrong, which is reported to `typist`. */
  readonly complete: (
    levels: Pick<ReportContext, 'upper' | 'lower'>,
    unknowns: readonly DeclaredUnknown[],
    typist: Typist,
  ) => LowerAgain | undefined;
}

type LowerAgain = Extract<ReportedValue, { kind: 'expression' }>['again'] & object;

/** Results that are expressions of the file, and can be had with other data. */
const objectives = ['upper_objective', 'lower_objective'];

export function readReports(
  blocks: readonly ReportBlock[],
  context: ReportContext,
): readonly ReportedValue[] {
  const entries = blocks.flatMap((block) => block.entries);
  // What the levels have wrong would be told once more for each entry.
  const isSound = !context.typist.findings.diagnostics.some(({ severity }) => severity === 'error');
  return entries.flatMap((entry) => (isSound ? (readEntry(entry, context) ?? []) : []));
}

function readEntry(entry: ReportEntry, context: ReportContext): ReportedValue | undefined {
  const { name, value, span, substitutions } = entry;
  const { typist } = context;
  if (name.text === '' || value.kind === 'missing') return undefined;
  if (isResultName(name.text)) {
    typist.findings.add(report.reservedName(name.span, name.text));
    return undefined;
  }
  const alone = quantityOf(value);
  if (alone !== undefined && isResultName(alone.name.text) && !typist.names.has(alone.name.text)) {
    const quantity = alone.name.text;
    if (quantity === 'lower_objective' && context.lower.kind === 'fixed_point') {
      typist.findings.add(noObjective(alone.name.span));
      return undefined;
    }
    if (substitutions.length === 0) return { name: name.text, span, kind: 'result', quantity };
    if (!objectives.includes(quantity)) {
      typist.findings.add(report.notWithOtherData(alone.name.span, quantity));
      return undefined;
    }
  }
  return readExpression(entry, context);
}

/** The expression typed by a typist of its own, whose findings are told where the entry is. */
function readExpression(entry: ReportEntry, context: ReportContext): ReportedValue | undefined {
  const { typist: main } = context;
  const own = new Typist(main.names, main.dimensions, new Findings(), main.environment, main.indexNames);
  for (const [name, symbol] of main.symbols.all) own.symbols.set(name, symbol);
  if (!readSubstitution(entry.substitutions, main, own)) return undefined;
  const isReplaced = entry.substitutions.length > 0;
  const levels = isReplaced ? replacedLevels(context, own) : context;
  const known = levels ?? context;
  own.replacements.set('upper_objective', known.upper.objective);
  own.replacements.set('lower_objective', known.lower.objective);
  const expression = levels && own.infer(entry.value, objectivePlace);
  const isSilent = expression === undefined && own.findings.diagnostics.length === 0;
  if (isSilent && context.lower.kind === 'fixed_point') own.findings.add(noObjective(entry.value.span));
  // What does not contain the lower solution is not worth solving for.
  const needsSolution = expression !== undefined && (expression.dependence & Dependence.lower) !== 0;
  const isOther = isReplaced && needsSolution && differs(known.lower, context.lower);
  const other = isOther ? levels : undefined;
  const again =
    other &&
    context.complete(
      { upper: { ...other.upper, ...constant(entry.span) }, lower: other.lower },
      other.lowerUnknowns,
      own,
    );
  if (!tellErrors(entry, own.findings, main.findings) || expression === undefined) return undefined;
  const { name, span } = entry;
  const unknowns = known.lowerUnknowns.map(({ symbol }) => symbol);
  const sizes = sizesAlike([expression], own.dimensions);
  if (other !== undefined && again === undefined) return undefined;
  return {
    name: name.text,
    span,
    kind: 'expression',
    expression,
    dependence: dependenceOnLower(
      sizes.expression(expression),
      unknowns.map((symbol) => sizes.symbol(symbol)),
    ),
    ...(again === undefined ? {} : { again }),
  };
}

function noObjective(span: Span): Diagnostic {
  const remedy = 'a fixed point has no objective: report an expression of its unknowns';
  return report.notAValue(span, '`lower_objective`', remedy);
}

type Levels = Pick<ReportContext, 'upper' | 'lower' | 'lowerUnknowns'>;

/** Both levels with the replacements in place; upper unknowns keep their types and values. */
function replacedLevels(context: ReportContext, own: Typist): Levels | undefined {
  const { upperBlock, lowerBlock } = context;
  const lowerUnknowns = declareUnknowns(lowerBlock, own);
  const lower = withProximalTerms(readLevel(lowerBlock, lowerUnknowns, own), own.application);
  const written = upperBlock?.objectives[0]?.expression;
  const objective = written && own.infer(written, objectivePlace);
  const { objective: _own, ...upper } = context.upper;
  const isWhole = lower.objective !== undefined || lower.maps !== undefined;
  return objective === undefined || !isWhole
    ? undefined
    : { upper: { ...upper, objective }, lower, lowerUnknowns };
}

function differs(a: PartialLevel, b: PartialLevel): boolean {
  const key = ({ objective, maps = [], unknowns }: PartialLevel): string =>
    [
      objective,
      ...maps.map(({ expression }) => expression),
      ...unknowns.flatMap(({ start, set }) => [start, ...(set === undefined ? [] : argumentsOf(set))]),
    ]
      .map((each) => (each === undefined ? '' : expressionKey(each)))
      .join('\n');
  return key(a) !== key(b);
}

function argumentsOf(set: UnknownSet): readonly Expression[] {
  switch (set.kind) {
    case 'basic':
      return set.args;
    case 'rows':
      return argumentsOf(set.of);
    case 'intersection':
      return set.parts.flatMap(argumentsOf);
  }
}

/** An upper level in which nothing is minimised, for a lower level that is only solved. */
function constant(span: Span): { readonly objective: Expression } {
  return { objective: { kind: 'number', value: 0, shape: [], dependence: 0, span } };
}

/** Mistakes in the entry are told there; those elsewhere come of the replacements, which are to blame. */
function tellErrors(entry: ReportEntry, own: Findings, main: Findings): boolean {
  const inside = ({ start, end }: Span): boolean => entry.span.start <= start && end <= entry.span.end;
  const { expressions, calls } = own.facts;
  for (const { span, expression } of expressions) if (inside(span)) main.addExpression(span, expression);
  for (const { span, callee } of calls) if (inside(span)) main.addCall(span, callee);
  const errors = own.diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors.filter(({ span }) => !inside(span));
  for (const error of errors) if (inside(error.span)) main.add(error);
  if (first !== undefined) main.add(doesNotFit(entry, first));
  return errors.length === 0;
}

function doesNotFit(entry: ReportEntry, { message, reason, span, related = [] }: Diagnostic): Diagnostic {
  const [first] = entry.substitutions;
  const place = { start: first?.name.span.start ?? entry.span.start, end: entry.span.end };
  const there = { span, message: 'here, with the replacements in place' };
  return report.replacementDoesNotFit(place, message, reason, [there, ...related]);
}
