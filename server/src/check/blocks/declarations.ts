/**
 * Types of declarations, and the data arrays in an order in which each is made of earlier ones.
 * Data binds dimensions: the shape of a value is fitted to the declared type.
 */
import { isSemidefinite } from '../../atoms/semidefinite.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import { constantDimension, formatShape } from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import type { ArraySymbol, Expression, Interval } from '../../atoms/expression.ts';
import { wholeLine } from '../../atoms/expression.ts';
import type { Declaration, Expression as Syntax, TypeExpression } from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import { intersect } from '../../atoms/interval.ts';
import { rangeOf } from '../curvature.ts';
import { shapeAsDeclared } from './data-shape.ts';
import { nearNames } from '../../base/near-names.ts';
import type { DataDefinition } from '../problem.ts';
import type { DeclaredName } from '../names/resolve.ts';
import { mentionsIn } from '../names/mentions.ts';
import { declaredIn, inWords, isFunction } from '../names/kinds.ts';
import type { ReadSet } from './sets.ts';
import { readSet } from './sets.ts';
import type { Typist } from '../typing/shape.ts';
import { childrenOf } from '../syntax-walk.ts';

interface ArrayType {
  readonly shape: Shape;
  readonly classes?: Dimension;
}

/** How many dimensions each type takes, in words for the error. */
const types: Readonly<
  Record<string, { readonly least: number; readonly most: number; readonly words: string }>
> = {
  scalar: { least: 0, most: 0, words: 'no dimensions' },
  vector: { least: 1, most: 1, words: 'one dimension' },
  matrix: { least: 2, most: 2, words: 'two dimensions' },
  tensor: { least: 3, most: Infinity, words: 'three or more dimensions' },
  labels: { least: 2, most: 3, words: 'its length and the number of classes' },
};

/** The shape that a type says; undefined when it has a mistake, which is reported. */
export function readType(type: TypeExpression, typist: Typist): ArrayType | undefined {
  const { name, dimensions } = type;
  if (name.text === '') return undefined;
  const rule = types[name.text];
  if (rule === undefined) {
    const candidates = nearNames(name.text, Object.keys(types));
    typist.findings.add(report.unknownType(name.span, name.text, candidates));
    return undefined;
  }
  const missing = dimensions.some((dimension) => dimension.kind === 'missing');
  if (dimensions.length < rule.least || dimensions.length > rule.most) {
    if (!missing) typist.findings.add(report.typeArity(type.span, name.text, rule.words, dimensions.length));
    return undefined;
  }
  const shape: Dimension[] = [];
  for (const syntax of dimensions) {
    const dimension = readDimension(syntax, typist);
    if (dimension === undefined) return undefined;
    shape.push(dimension);
  }
  if (name.text !== 'labels') return { shape };
  return { shape: shape.slice(0, -1), classes: shape.at(-1) as Dimension };
}

function readDimension(syntax: Syntax, typist: Typist): Dimension | undefined {
  if (syntax.kind === 'missing') return undefined;
  // A name that data declares as an array and as a dimension has been reported.
  if (syntax.kind === 'name' && typist.names.get(syntax.text)?.clashes === true) return undefined;
  const unbound = firstUnbound(syntax, typist);
  if (unbound !== undefined) {
    const known = [...typist.names.all.values()]
      .filter(({ kind }) => kind === 'dimension')
      .map(({ name }) => name);
    typist.findings.add(report.unboundDimension(unbound.span, unbound.text, nearNames(unbound.text, known)));
    return undefined;
  }
  const dimension = typist.dimension(syntax);
  const size = dimension === undefined ? undefined : constantDimension(dimension);
  if (dimension !== undefined && (size === undefined || size >= 1)) return dimension;
  const words =
    syntax.kind === 'name'
      ? `\`${syntax.text}\` is no dimension`
      : syntax.kind === 'number'
        ? `${syntax.text} is no dimension`
        : 'this is no dimension';
  typist.findings.add(report.badDimension(syntax.span, words));
  return undefined;
}

function firstUnbound(
  syntax: Syntax,
  typist: Typist,
): { readonly text: string; readonly span: Span } | undefined {
  if (syntax.kind === 'name') return typist.names.has(syntax.text) ? undefined : syntax;
  for (const child of childrenOf(syntax)) {
    const unbound = firstUnbound(child, typist);
    if (unbound !== undefined) return unbound;
  }
  return undefined;
}

/** The declaration that a name stands for, and not a second one of the same name. */
export function isFirst(
  declaration: Declaration,
  names: Pick<ReadonlyMap<string, DeclaredName>, 'get'>,
): boolean {
  return names.get(declaration.name.text)?.declaration === declaration;
}

/** Types and values of all data, each after the data that it mentions. */
export function readData(declarations: readonly Declaration[], typist: Typist): readonly DataDefinition[] {
  const definitions: DataDefinition[] = [];
  for (const declaration of inOrder(declarations, typist)) {
    const { symbol, definition } = typist.once(declaration, 'data', [], () => readDatum(declaration, typist));
    if (symbol === undefined) continue;
    const declared = typist.declare(symbol);
    if (definition !== undefined)
      definitions.push(declared === definition.symbol ? definition : { ...definition, symbol: declared });
  }
  return definitions;
}

function inOrder(declarations: readonly Declaration[], typist: Typist): readonly Declaration[] {
  const ordered: Declaration[] = [];
  const visited = new Set<Declaration>();
  const visit = (declaration: Declaration): void => {
    if (visited.has(declaration)) return;
    visited.add(declaration);
    for (const part of [declaration.set, declaration.value]) if (part !== undefined) visitNames(part);
    ordered.push(declaration);
  };
  const seenLets = new Set<string>();
  const visitNames = (syntax: Syntax): void => {
    const mentions = mentionsIn(syntax);
    if (mentions === undefined) {
      visitName(declaredIn(syntax, typist.names));
      for (const child of childrenOf(syntax)) visitNames(child);
      return;
    }
    for (const { text, isCalled } of mentions) {
      const declared = typist.names.get(text);
      if (!isCalled || isFunction(declared)) visitName(declared);
    }
  };
  const visitName = (declared: DeclaredName | undefined): void => {
    if (declared?.kind === 'data' && declared.declaration !== undefined) visit(declared.declaration);
    if (declared?.definition !== undefined && declared.recursive !== true && !seenLets.has(declared.name)) {
      seenLets.add(declared.name);
      visitNames(declared.definition.value);
    }
  };
  for (const declaration of declarations) visit(declaration);
  return ordered;
}

interface ReadDatum {
  /** To be declared. */
  readonly symbol?: ArraySymbol;
  readonly definition?: DataDefinition;
}

function readDatum(declaration: Declaration, typist: Typist): ReadDatum {
  const { name, type, value: syntax } = declaration;
  const declared = typist.names.get(name.text);
  if (type === undefined) return {};
  const read = readType(type, typist);
  if (syntax === undefined) {
    typist.findings.add(report.missingSource(name.span, name.text));
  }
  const poisoned =
    declared?.recursive === true || (syntax !== undefined && mentionsUnknown(syntax, name.text, typist));
  const value =
    syntax === undefined || poisoned
      ? undefined
      : typist.infer(syntax, { data: true, expected: read?.shape });
  if (read === undefined) return {};
  const fits = value !== undefined && fitShape(declaration, read, value, typist);
  const promise = readPromise(declaration, read, typist);
  const symbol: ArraySymbol = {
    name: name.text,
    role: 'data',
    shape: read.shape.map((dimension) => typist.dimensions.resolve(dimension)),
    range: intersect(rangeOfData(read, value), promise.range),
    declared: name.span,
    ...(read.classes === undefined ? {} : { classes: read.classes }),
    ...(promise.semidefinite === true || (value !== undefined && isSemidefinite(value))
      ? { semidefinite: true }
      : {}),
  };
  // A value that contradicts its declaration leaves the name without a shape: no errors follow from it.
  const contradicted = value !== undefined && !fits;
  if (!isFirst(declaration, typist.names) || contradicted) return {};
  if (!fits || value === undefined) return { symbol };
  const set = promise.set === undefined ? {} : { set: promise.set };
  return { symbol, definition: { symbol, value, span: declaration.span, ...set } };
}

/** The set after `in`: what the author promises of the data, verified when it is loaded. */
function readPromise(declaration: Declaration, type: ArrayType, typist: Typist): ReadSet {
  const { set, name } = declaration;
  if (set === undefined) return { range: wholeLine };
  if (type.classes !== undefined) {
    const remedy = 'remove it: labels of k classes are the whole numbers 0 to k − 1';
    typist.findings.add(report.badSet(set.span, 'labels have no set', remedy));
    return { range: wholeLine };
  }
  if (mentionsUnknown(set, name.text, typist)) return { range: wholeLine };
  return readSet(set, type.shape, typist);
}

/** Data is read before there are unknowns; the first unknown in it, also inside a `let`, is reported. */
function mentionsUnknown(syntax: Syntax, owner: string, typist: Typist): boolean {
  const seen = new Set<string>();
  const visit = (expression: Syntax): boolean => {
    const declared = declaredIn(expression, typist.names);
    const name = declared?.name ?? '';
    if (declared !== undefined && (declared.kind === 'upper' || declared.kind === 'lower')) {
      const what = `the data array \`${owner}\``;
      typist.findings.add(
        report.dependence(expression.span, name, inWords(declared.kind), what, 'other data only'),
      );
      return true;
    }
    if (declared?.definition !== undefined && declared.recursive !== true && !seen.has(name)) {
      seen.add(name);
      if (visit(declared.definition.value)) return true;
    }
    return childrenOf(expression).some(visit);
  };
  return visit(syntax);
}

/** Labels lie between 0 and k − 1; other data where interval arithmetic says. */
function rangeOfData(type: ArrayType, value: Expression | undefined): Interval {
  if (type.classes !== undefined) {
    const classes = constantDimension(type.classes);
    return { lower: 0, upper: classes === undefined ? Infinity : classes - 1 };
  }
  return value === undefined ? wholeLine : rangeOf(value);
}

const axisWords: readonly (readonly string[])[] = [[], ['entries'], ['rows', 'columns']];

/** `rows of X`: what an axis of a declared array is called. */
function axisName(rank: number, axis: number, name: string): string {
  return `${axisWords[rank]?.[axis] ?? `axis ${axis + 1}`} of \`${name}\``;
}

/** Fits the value to the declared type and binds dimensions; a number fills any shape. */
function fitShape(declaration: Declaration, type: ArrayType, value: Expression, typist: Typist): boolean {
  const { name } = declaration;
  const { dimensions, findings } = typist;
  if (value.shape.length === 0 && type.classes === undefined && value.kind !== 'source') return true;
  const wanted = type.shape;
  const given = shapeAsDeclared(value.shape, wanted.length, (length) => constantDimension(length) === 1);
  let fits = given.length === wanted.length;
  if (fits) {
    for (const [axis, dimension] of wanted.entries()) {
      const origin = axisName(wanted.length, axis, name.text);
      const span = declaration.type?.dimensions[axis]?.span ?? name.span;
      if (!dimensions.fit(dimension, given[axis] as Dimension, span, origin)) fits = false;
    }
  }
  if (fits) return true;
  const { reason, related } = dimensions.explain([wanted, given]);
  const place = declaration.value?.span ?? name.span;
  findings.add(
    report.declaredShape(place, name.text, formatShape(wanted), formatShape(given), reason, related),
  );
  return false;
}
