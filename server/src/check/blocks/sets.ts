/**
 * The set after `in`: one of the registered sets, `rows` of one, or an intersection with `&`. Arguments
 * depend on data at most; the range of the entries follows from theirs. What numbers alone decide (an empty
 * set, a start outside) is decided here, the rest when the data is there, by the same projections.
 */
import type { Shape } from '../../base/dimension.ts';
import { constantDimension, formatShape, sameDimension } from '../../base/dimension.ts';
import { nearNames } from '../../base/near-names.ts';
import type { ArraySymbol, Expression, Interval } from '../../atoms/expression.ts';
import { wholeLine } from '../../atoms/expression.ts';
import { intersect as intersectIntervals } from '../../atoms/interval.ts';
import { broadcastShapes, isShapeProblem } from '../../atoms/shape-rules.ts';
import { Dependence } from '../../graph/primitive.ts';
import { box, rowsDocumentation, setKindNamed, setKinds } from '../../sets/index.ts';
import { demandsOf } from '../../sets/written.ts';
import { projectorOf } from '../../sets/projector.ts';
import type { Projector, SetArgument, SetKind } from '../../sets/set.ts';
import { isEmpty, sizeOf } from '../../sets/set.ts';
import type { Argument, Expression as Syntax } from '../../syntax/tree.ts';
import { rangeOf } from '../curvature.ts';
import { checkDependence } from '../dependence.ts';
import * as report from '../diagnostics.ts';
import { foldNumber } from '../typing/fold.ts';
import type { UnknownSet } from '../problem.ts';
import type { Typist } from '../typing/shape.ts';
import { ungrouped } from '../syntax-walk.ts';

export interface ReadSet {
  readonly set?: UnknownSet;
  readonly range: Interval;
  /** Of every member, where it is known. */
  readonly norm?: number;
  /** Every member is a symmetric matrix without negative eigenvalues. */
  readonly semidefinite?: true;
}

/** What may be written after `in`, for completion and hover. */
export const writtenSets: readonly {
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
  readonly formula: string;
}[] = [
  ...setKinds.map(({ name, documentation }) => ({ name, ...documentation })),
  { name: 'rows', ...rowsDocumentation },
];

const free: ReadSet = { range: wholeLine };
/** Sets of more entries are looked at in a run only. */
const mostChecked = 100_000;

/** The set of an unknown of this shape; the whole space where the set has a mistake. */
export function readSet(syntax: Syntax | undefined, shape: Shape, typist: Typist): ReadSet {
  if (syntax === undefined || ungrouped(syntax).kind === 'missing') return free;
  const set = readPart(syntax, shape, typist);
  if (set === undefined) return free;
  const empty = whyEmpty(set, shape, typist);
  if (empty !== undefined) {
    typist.findings.add(report.emptySet(set.span, empty));
    return free;
  }
  const norm = normOfSet(set, typist);
  return {
    set,
    range: rangeOfSet(set, typist),
    ...(norm === Infinity ? {} : { norm }),
    ...(isSemidefiniteSet(set, typist) ? { semidefinite: true } : {}),
  };
}

function readPart(syntax: Syntax, shape: Shape, typist: Typist): UnknownSet | undefined {
  const set = ungrouped(syntax);
  const { span } = set;
  switch (set.kind) {
    case 'missing':
      return undefined;
    case 'list':
      return readBox(set.items, span, shape, typist);
    case 'name':
      return readNamed(set.text, span, [], span, shape, typist);
    case 'call':
      return set.callee.text === 'rows'
        ? readRows(set.arguments, span, shape, typist)
        : readNamed(set.callee.text, set.callee.span, set.arguments, span, shape, typist);
    case 'binary': {
      if (set.operator !== '&') break;
      const parts = [set.left, set.right].map((part) => readPart(part, shape, typist));
      const whole = parts.filter((part) => part !== undefined);
      return whole.length < parts.length ? undefined : { kind: 'intersection', parts: whole, span };
    }
    default:
  }
  typist.findings.add(report.badSet(span, 'this is no set', signatures()));
  return undefined;
}

function signatures(): string {
  return `write ${writtenSets.map(({ signature }) => `\`in ${signature.split('  ')[0] ?? ''}\``).join(', ')}, or join two with \`&\``;
}

function readBox(
  items: readonly Syntax[],
  span: Syntax['span'],
  shape: Shape,
  typist: Typist,
): UnknownSet | undefined {
  if (items.some((item) => item.kind === 'missing')) return undefined;
  if (items.length !== 2) {
    typist.findings.add(report.badSet(span, 'a box has two ends', 'write `in [lo, hi]` or `in nonneg`'));
    return undefined;
  }
  return readArguments(box, items, span, shape, typist);
}

function readNamed(
  name: string,
  nameSpan: Syntax['span'],
  given: readonly Argument[],
  span: Syntax['span'],
  shape: Shape,
  typist: Typist,
): UnknownSet | undefined {
  const kind = setKindNamed(name);
  if (kind === undefined) {
    const known = writtenSets.filter((each) => each.name !== box.name).map((each) => each.name);
    typist.findings.add(
      name === 'rows'
        ? report.setArguments(nameSpan, name, rowsDocumentation.signature)
        : report.unknownSet(nameSpan, name, nearNames(name, known), signatures()),
    );
    return undefined;
  }
  if (kind.matrixOnly === true && shape.length !== 2) {
    typist.findings.add(
      report.setShape(nameSpan, `only matrices lie in a \`${name}\`, and this is ${formatShape(shape)}`),
    );
    return undefined;
  }
  if (kind.squareOnly === true && !isSquare(typist.dimensions.numeric(shape))) {
    typist.findings.add(
      report.setShape(nameSpan, `only square matrices lie in \`${name}\`, and this is ${formatShape(shape)}`),
    );
    return undefined;
  }
  const values = orderedArguments(kind, given);
  if (values === undefined) {
    if (!given.some(({ value }) => value.kind === 'missing')) {
      typist.findings.add(report.setArguments(span, name, kind.documentation.signature));
    }
    return undefined;
  }
  return readArguments(kind, values, span, shape, typist);
}

function isSquare([rows, columns]: Shape): boolean {
  return rows !== undefined && columns !== undefined && sameDimension(rows, columns);
}

/** By place or by name; `undefined` where there are too few, too many or other ones. */
function orderedArguments(kind: SetKind, given: readonly Argument[]): readonly Syntax[] | undefined {
  const values: Syntax[] = [];
  if (given.length > kind.arguments.length) return undefined;
  for (const [position, argument] of kind.arguments.entries()) {
    const found =
      given.find(({ name }) => name?.text === argument.name) ??
      (given[position]?.name === undefined ? given[position] : undefined);
    if (found !== undefined && found.value.kind !== 'missing') values.push(found.value);
    else if (argument.default === undefined || found !== undefined) return undefined;
  }
  const named = given.filter(({ name }) => name !== undefined);
  return named.every(({ name }) => kind.arguments.some((each) => each.name === name?.text))
    ? values
    : undefined;
}

function readRows(
  given: readonly Argument[],
  span: Syntax['span'],
  shape: Shape,
  typist: Typist,
): UnknownSet | undefined {
  const [only, ...others] = given;
  if (only === undefined || only.name !== undefined || others.length > 0) {
    typist.findings.add(report.setArguments(span, 'rows', rowsDocumentation.signature));
    return undefined;
  }
  if (shape.length < 2) {
    typist.findings.add(report.setShape(span, `${formatShape(shape)} has no rows`));
    return undefined;
  }
  const of = readPart(only.value, shape.slice(-1), typist);
  return of && { kind: 'rows', of, span };
}

function readArguments(
  basis: SetKind,
  values: readonly Syntax[],
  span: Syntax['span'],
  shape: Shape,
  typist: Typist,
): UnknownSet | undefined {
  const args = values.map((value, position) =>
    readArgument(value, basis.arguments[position] as SetArgument, shape, typist),
  );
  const whole = args.filter((argument) => argument !== undefined);
  return whole.length < args.length ? undefined : { kind: 'basic', basis, args: whole, span };
}

function readArgument(
  syntax: Syntax,
  argument: SetArgument,
  shape: Shape,
  typist: Typist,
): Expression | undefined {
  const value = typist.infer(syntax, { data: false });
  if (value === undefined) return undefined;
  const what = argument.kind === 'entries' ? 'the end of a set' : `\`${argument.name}\` of a set`;
  if (!checkDependence(value, Dependence.data, what, typist.findings)) return undefined;
  const numeric = (each: Shape): Shape => typist.dimensions.numeric(each);
  const wanted = argument.kind === 'entries' ? shape : [];
  const fits = broadcastShapes(numeric(value.shape), numeric(wanted));
  if (!isShapeProblem(fits) && fits.length === wanted.length) return value;
  const { reason, related } = typist.dimensions.explain([wanted, value.shape]);
  const words =
    argument.kind === 'entries'
      ? `the end of a set is a number or as large as its unknown, ${formatShape(shape)}, not ${formatShape(value.shape)}`
      : `${what} is one number, not ${formatShape(value.shape)}`;
  const remedy =
    argument.kind === 'entries'
      ? 'write a number, or an array of the same shape'
      : 'write a number, or take an entry of it';
  typist.findings.add(report.shapeMismatch(syntax.span, words, reason, remedy, related, []));
  return undefined;
}

/** An interval that holds every entry of every member. */
function rangeOfSet(set: UnknownSet, typist: Typist): Interval {
  switch (set.kind) {
    case 'basic':
      return set.basis.range(argumentRanges(set, typist));
    case 'rows':
      return rangeOfSet(set.of, typist);
    case 'intersection':
      return set.parts.map((part) => rangeOfSet(part, typist)).reduce(intersectIntervals);
  }
}

function isSemidefiniteSet(set: UnknownSet, typist: Typist): boolean {
  if (set.kind === 'basic') return set.basis.semidefinite?.(argumentRanges(set, typist)) ?? false;
  return set.kind === 'intersection' && set.parts.some((part) => isSemidefiniteSet(part, typist));
}

/** A bound of the spectral norm of every member; Infinity where it is not known. */
function normOfSet(set: UnknownSet, typist: Typist): number {
  switch (set.kind) {
    case 'basic':
      return set.basis.norm?.(argumentRanges(set, typist)) ?? Infinity;
    case 'rows':
      return Infinity;
    case 'intersection':
      return Math.min(...set.parts.map((part) => normOfSet(part, typist)));
  }
}

function argumentRanges(
  { basis, args }: UnknownSet & { kind: 'basic' },
  typist: Typist,
): readonly Interval[] {
  const numbers = args.map((argument) => {
    const value = foldNumber(argument, typist.dimensions.values);
    return value === undefined ? rangeOf(argument) : { lower: value, upper: value };
  });
  return withDefaults(basis, numbers, (value) => ({ lower: value, upper: value }));
}

/** Ends for each entry and nothing else: what a proximal step or a projected map can be differentiated through. */
export function isBox(set: UnknownSet): boolean {
  switch (set.kind) {
    case 'basic':
      return set.basis.name === box.name || set.basis.name === 'nonneg';
    case 'rows':
      return isBox(set.of);
    case 'intersection':
      return set.parts.every(isBox);
  }
}

function withDefaults<Value>(
  { arguments: known }: SetKind,
  given: readonly Value[],
  usual: (value: number) => Value,
): readonly Value[] {
  return known.map(({ default: value = 0 }, position) => given[position] ?? usual(value));
}

/** A start that is one number is projected where the numbers of the set and the sizes are known. */
export function checkStart(
  start: Expression,
  { name, range, shape }: ArraySymbol,
  set: UnknownSet | undefined,
  typist: Typist,
): void {
  const value = foldNumber(start, typist.dimensions.values);
  if (value === undefined || set === undefined) return;
  const projector = knownProjector(set, shape, typist);
  if (projector === undefined) {
    if (value >= range.lower && value <= range.upper) return;
    const nearest = Math.min(Math.max(value, range.lower), range.upper);
    typist.findings.add(report.startOutsideSet(start.span, name, value, `, ${nearest}`));
    return;
  }
  const { point, error } = projector.project(new Float64Array(projector.size).fill(value));
  // Rounding moves no start that anyone would call outside.
  const tolerance = error + 1e-12 * Math.abs(value);
  if (point.every((entry) => Math.abs(entry - value) <= tolerance)) return;
  const [first = 0] = point;
  const isOne = point.every((entry) => Math.abs(entry - first) <= tolerance);
  const words = isOne ? `, ${Number(first.toPrecision(6))}${point.length > 1 ? ' in every entry' : ''}` : '';
  typist.findings.add(report.startOutsideSet(start.span, name, value, words));
}

/** The projection onto a set whose arguments and sizes are numbers already; undefined otherwise. */
function knownProjector(
  set: UnknownSet,
  shape: Shape,
  typist: Typist,
): { readonly project: Projector; readonly size: number } | undefined {
  const numbers = knownShape(shape, typist);
  if (numbers === undefined) return undefined;
  const demands = demandsOf(set, numbers, (argument) => known(argument, typist));
  if (demands === undefined || isEmpty(demands)) return undefined;
  const project = projectorOf(demands, numbers);
  return isEmpty(project) ? undefined : { project, size: sizeOf(numbers) };
}

function whyEmpty(set: UnknownSet, shape: Shape, typist: Typist): string | undefined {
  // Numbers in place of arrays decide whatever the size is.
  const numbers = set.kind === 'basic' ? [1] : knownShape(shape, typist);
  if (numbers === undefined) return undefined;
  const demands = demandsOf(set, numbers, (argument) => known(argument, typist));
  if (demands === undefined || isEmpty(demands)) return demands?.empty;
  const project = projectorOf(demands, numbers);
  return isEmpty(project) ? project.empty : undefined;
}

function known(argument: Expression, typist: Typist): Float64Array | undefined {
  const value = foldNumber(argument, typist.dimensions.values);
  return value === undefined ? undefined : Float64Array.of(value);
}

function knownShape(shape: Shape, typist: Typist): readonly number[] | undefined {
  const sizes = typist.dimensions.numeric(shape).map(constantDimension);
  const numbers = sizes.filter((size) => size !== undefined);
  return numbers.length === sizes.length && sizeOf(numbers) <= mostChecked ? numbers : undefined;
}
