/**
 * An atom applied to typed arguments: its shape rule with names and then with numbers, its domain,
 * its labels. A refusal names both sides and where each dimension came from.
 */
import type { Fix } from '../../base/diagnostic.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import {
  constantDimension,
  dimensionNames,
  formatDimension,
  formatShape,
  sameDimension,
  sameShape,
} from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import type { Atom, Parameters, ShapeProblem, SliceRange } from '../../atoms/atom.ts';
import type { ApplyTerm, Expression, Interval } from '../../atoms/expression.ts';
import { applied } from '../../atoms/definition.ts';
import { atomNamed } from '../../atoms/index.ts';
import { subscriptsOf } from '../../atoms/indexing.ts';
import { log } from '../../atoms/log.ts';
import { broadcastAll, isShapeProblem, rowProblem } from '../../atoms/shape-rules.ts';
import { Dependence } from '../../graph/primitive.ts';
import { rangeOf } from '../curvature.ts';
import { outsideInWords, outsidePoint } from '../example-point.ts';
import * as report from '../diagnostics.ts';
import type { Dimensions } from './dimensions.ts';
import { singleName } from './dimensions.ts';
import type { Findings } from '../facts.ts';
import { cornersOf } from './index-scope.ts';

/** Far above what a person writes; definitions that double each other would never end without it. */
const mostParts = 5000;

/** As deep as expressions may be written; every stage after this one is recursive. */
const deepestTerm = 500;

/** How many parts a term has when shared parts count each time, and how deep it is. */
interface Extent {
  readonly parts: number;
  readonly depth: number;
}
const extents = new WeakMap<Expression, Extent>();
const single: Extent = { parts: 1, depth: 1 };

function extentOf(expression: Expression): Extent {
  if (expression.kind === 'comprehension') {
    const { parts, depth } = extentOf(expression.body);
    return { parts: parts + 1, depth: depth + 1 };
  }
  return extents.get(expression) ?? single;
}

/** The same values, their sizes written as numbers. */
function resized(expression: Expression, shape: Shape): Expression {
  if (sameShape(expression.shape, shape)) return expression;
  const copy: Expression = { ...expression, shape, isResized: true };
  const extent = extents.get(expression);
  if (extent !== undefined) extents.set(copy, extent);
  return copy;
}

/** After these nothing is known of the size of a data array. */
const sourceMistakes: ReadonlySet<string> = new Set([
  'data-file',
  'source-argument',
  'unknown-argument',
  'missing-source',
]);

export class Application {
  private readonly dimensions: Dimensions;
  private readonly findings: Findings;
  /** Pairs of dimensions that were reported as equal by chance. */
  private readonly coincidences = new Set<string>();

  constructor(dimensions: Dimensions, findings: Findings) {
    this.dimensions = dimensions;
    this.findings = findings;
  }

  /** The term, or undefined when the arguments do not fit, which is reported. */
  apply(
    name: string,
    written: readonly Expression[],
    given: Parameters,
    span: Span,
    fixes: readonly Fix[] = [],
  ): ApplyTerm | undefined {
    const atom = atomNamed(name) as Atom;
    let args = written;
    const named = args.map((argument) => argument.shape);
    const numeric = named.map((shape) => this.dimensions.numeric(shape));
    let shape = atom.shape(named, given);
    let decided = named;
    if (isShapeProblem(shape)) {
      const byNumbers =
        shape.final === true ? shape : atom.shape(numeric, this.numericDimensions(atom, given));
      if (isShapeProblem(byNumbers)) {
        if (!this.mayFit(numeric)) this.reportShape(shape, args, span, fixes);
        return undefined;
      }
      this.reportCoincidence(named, span);
      shape = byNumbers;
      decided = numeric;
      // Definitions and constants are made of the arguments, and do not know for which numbers names stand.
      args = args.map((argument, position) => resized(argument, numeric[position] ?? argument.shape));
    } else if (name === 'index') {
      // Subscripts may lie outside an axis whose size only the data tells.
      const outside = atom.shape(numeric, this.numericSubscripts(given));
      if (isShapeProblem(outside)) {
        this.reportShape(outside, args, span, fixes);
        return undefined;
      }
    }
    // Names may hide that a matrix has the one column that the vector is.
    const column = decided === named && name !== 'index' ? atom.shape(numeric, given) : shape;
    if (isShapeProblem(column) && column.final === true) {
      this.reportShape(column, args, span, fixes);
      return undefined;
    }
    if (atom.shape === broadcastAll) {
      const row = rowProblem(named);
      if (row !== undefined) {
        this.reportShape(row, args, span, fixes);
        return undefined;
      }
      this.reportSquare(atom, args, span);
    }
    const parameters = { ...atom.attributes?.(decided, args), ...given };
    const dependence = args.reduce((union, argument) => union | argument.dependence, 0);
    const term: ApplyTerm = { kind: 'apply', atom, args, parameters, shape, dependence, span };
    let [parts, depth] = [1, 0];
    for (const argument of args) {
      const inner = extentOf(argument);
      parts += inner.parts;
      depth = Math.max(depth, inner.depth);
    }
    if (parts > mostParts) {
      this.findings.add(report.tooLarge(span, mostParts));
      return undefined;
    }
    if (depth >= deepestTerm) {
      this.findings.add(report.nestedTooDeep(span, deepestTerm, 'operations'));
      return undefined;
    }
    extents.set(term, { parts, depth: depth + 1 });
    return this.checkDomain(term) ? term : undefined;
  }

  /** base^exponent = exp(exponent .* log base) for an exponent that is no number; the base must be positive. */
  exponential(base: Expression, exponent: Expression, span: Span): ApplyTerm | undefined {
    const range = rangeOf(base);
    const isFree = (base.dependence & (Dependence.upper | Dependence.lower)) !== 0;
    if (range.upper <= 0 || (isFree && range.lower <= 0)) {
      this.findings.add(report.constantExponent(base.span, rangeWords(range)));
      return undefined;
    }
    const product = this.apply('multiply', [exponent, applied(log, [base], base.span)], {}, span);
    return product && this.apply('exp', [product], {}, span);
  }

  /** Subscripts with indices in them must lie inside for the first and the last values of these. */
  applyIndex(
    base: Expression,
    subscripts: readonly SliceRange[],
    indices: ReadonlyMap<string, Dimension>,
    span: Span,
  ): ApplyTerm | undefined {
    const term = this.apply('index', [base], { subscripts }, span);
    if (term === undefined || indices.size === 0) return term;
    const moving = [...new Set(term.shape.flatMap((size) => [...dimensionNames(size)]))];
    const index = moving.find((name) => indices.has(name));
    if (index !== undefined) {
      this.findings.add(report.indexInShape(span, index));
      return undefined;
    }
    for (const [axis, subscript] of subscripts.entries()) {
      if (subscript.kind === 'all') continue;
      const ends = subscript.kind === 'entry' ? [subscript.at] : [subscript.from, subscript.to];
      for (const at of ends.flatMap((end) => cornersOf(end, indices))) {
        const before = subscripts.slice(0, axis).map((): SliceRange => ({ kind: 'all' }));
        const given = this.numericSubscripts({ subscripts: [...before, { kind: 'entry', at }] });
        const outside = term.atom.shape([this.dimensions.numeric(base.shape)], given);
        if (!isShapeProblem(outside)) continue;
        this.reportShape(outside, [base], span, []);
        return undefined;
      }
    }
    return term;
  }

  /** Whether a size is missing because a source has a mistake, which is told: then nothing follows from it. */
  private mayFit(numeric: readonly Shape[]): boolean {
    const sizes = numeric.flat().map(constantDimension);
    const open = sizes.includes(undefined) && sizes.some((size) => size !== undefined);
    const may = open && this.findings.diagnostics.some(({ code }) => sourceMistakes.has(code));
    // What is not said depends on what was said elsewhere.
    if (may) this.findings.attempts++;
    return may;
  }

  /** The parameters with numbers for the dimensions that are written as arguments, as in a reshape. */
  private numericDimensions(atom: Atom, parameters: Parameters): Parameters {
    const entries = atom.dimensions === undefined ? undefined : parameters[atom.dimensions];
    if (atom.dimensions === undefined || !Array.isArray(entries)) return parameters;
    const numeric = this.numericSubscripts({ subscripts: entries as readonly SliceRange[] });
    return { ...parameters, [atom.dimensions]: subscriptsOf(numeric) };
  }

  private numericSubscripts(parameters: Parameters): Parameters {
    const numeric = (dimension: Dimension): Dimension => this.dimensions.numeric([dimension])[0] ?? dimension;
    const subscripts = subscriptsOf(parameters).map((subscript): SliceRange => {
      if (subscript.kind === 'all') return subscript;
      if (subscript.kind === 'entry') return { kind: 'entry', at: numeric(subscript.at) };
      return { kind: 'range', from: numeric(subscript.from), to: numeric(subscript.to) };
    });
    return { subscripts };
  }

  private reportShape(
    wrong: ShapeProblem,
    args: readonly Expression[],
    span: Span,
    fixes: readonly Fix[],
  ): void {
    const blamed = wrong.argument === undefined || args.length === 1 ? undefined : args[wrong.argument];
    // The argument may come from a `let` elsewhere; then the whole is marked, where it is written.
    const inside = blamed !== undefined && span.start <= blamed.span.start && blamed.span.end <= span.end;
    const { reason, related } = this.dimensions.explain(args.map((argument) => argument.shape));
    this.findings.add(
      report.shapeMismatch(inside ? blamed.span : span, wrong.problem, reason, wrong.remedy, related, fixes),
    );
  }

  /** Shapes that fit by their numbers only: a warning, once, where two names are taken for each other. */
  private reportCoincidence(shapes: readonly Shape[], span: Span): void {
    const all = shapes.flat();
    if (all.some((dimension) => (constantDimension(dimension) ?? 1) !== 1)) return;
    const names = [...new Set(all.map(singleName).filter((name) => name !== undefined))];
    const facts = names.map((name) => this.dimensions.facts.get(name)).filter((fact) => fact !== undefined);
    const pair = facts
      .flatMap((a, i) => facts.slice(i + 1).map((b) => [a, b] as const))
      .find(([a, b]) => a.value === b.value);
    if (pair === undefined) return;
    const [a, b] = pair;
    const key = `${a.name} ${b.name}`;
    if (this.coincidences.has(key)) {
      this.findings.attempts++;
      return;
    }
    this.coincidences.add(key);
    this.findings.add(
      report.dimensionCoincidence(span, `${a.name} and ${b.name} are both ${a.value ?? ''}`, [
        { span: a.span, message: `${a.name}: ${a.origin}` },
        { span: b.span, message: `${b.name}: ${b.origin}` },
      ]),
    );
  }

  /** A vector beside a square matrix of its size would fit the rows as well as the columns, which it meets. */
  private reportSquare(atom: Atom, args: readonly Expression[], span: Span): void {
    const vector = args.find(({ shape }) => shape.length === 1);
    const [entries] = vector?.shape ?? [];
    if (vector === undefined || entries === undefined || constantDimension(entries) === 1) return;
    const square = args.find(
      ({ shape }) => shape.length === 2 && shape.every((size) => sameDimension(size, entries)),
    );
    if (square === undefined) return;
    const inside = span.start <= vector.span.start && vector.span.end <= span.end;
    const isWhole = vector.kind === 'symbol' || (vector.kind === 'apply' && isClosed(vector.atom));
    const { end } = vector.span;
    const fixes = [
      { title: "Write the vector as a row, with '", span: { start: end, end }, replacement: "'" },
    ];
    this.findings.add(
      report.ambiguousSpreading(
        inside ? vector.span : span,
        formatShape(square.shape),
        atom.name === 'multiply',
        inside && isWhole ? fixes : [],
      ),
    );
  }

  private checkDomain(term: ApplyTerm): boolean {
    const rules = term.atom.domain?.(term.parameters) ?? [];
    for (const [position, rule] of rules.entries()) {
      const argument = term.args[position];
      if (rule === undefined || argument === undefined) continue;
      const range = rangeOf(argument);
      const name = term.atom.notation ?? term.atom.name;
      if (range.upper < rule.interval.lower || range.lower > rule.interval.upper) {
        this.findings.add(report.outsideDomain(argument.span, name, rule.words, rangeWords(range)));
        return false;
      }
      const free = (argument.dependence & (Dependence.upper | Dependence.lower)) !== 0;
      if (free && (range.lower < rule.interval.lower || range.upper > rule.interval.upper)) {
        const outside = outsidePoint(argument, rule);
        const example = outside === undefined ? undefined : outsideInWords(outside);
        this.findings.add(
          report.domainNotProved(argument.span, name, rule.words, rangeWords(range), example),
        );
      }
    }
    return true;
  }

  /** Class labels where the atom wants them, as many classes as the scores have columns. */
  checkLabels(atom: Atom, args: readonly Expression[]): boolean {
    if (atom.labels === undefined) return true;
    const labels = args[atom.labels.argument];
    const scores = args[atom.labels.classesOf];
    if (labels === undefined || scores === undefined) return true;
    const classes = classesOf(labels);
    if (classes === undefined) {
      this.findings.add(report.notLabels(labels.span, atom.name));
      return false;
    }
    const columns = scores.shape.at(-1);
    if (scores.shape.length !== 2 || columns === undefined || this.same(columns, classes)) return true;
    const { reason, related } = this.dimensions.explain([[columns], [classes]]);
    this.findings.add(
      report.labelClasses(labels.span, formatDimension(columns), formatDimension(classes), reason, related),
    );
    return false;
  }

  /** A dimension as a scalar: a sum of products of names. */
  size(dimension: Dimension, span: Span): Expression | undefined {
    const number = (value: number): Expression => ({
      kind: 'number',
      value,
      shape: [],
      dependence: Dependence.none,
      span,
    });
    const parts = [...dimension].map(([key, coefficient]) =>
      key
        .split('*')
        .filter((name) => name !== '')
        .map((name): Expression => ({
          kind: 'dimension',
          name,
          shape: [],
          dependence: Dependence.none,
          span,
        }))
        .reduce<Expression | undefined>(
          (product, factor) =>
            product === undefined ? factor : this.apply('multiply', [product, factor], {}, span),
          coefficient === 1 && key !== '' ? undefined : number(coefficient),
        ),
    );
    return parts.reduce((sum, each) =>
      sum === undefined || each === undefined ? undefined : this.apply('add', [sum, each], {}, span),
    );
  }

  /** Equal as written, or by their numbers. */
  same(a: Dimension, b: Dimension): boolean {
    if (sameDimension(a, b)) return true;
    const value = this.dimensions.evaluate(a);
    return value !== undefined && value === this.dimensions.evaluate(b);
  }
}

/** The number of classes when the expression is labels, or entries of labels. */
function classesOf(expression: Expression): Dimension | undefined {
  if (expression.kind === 'symbol') return expression.symbol.classes;
  if (expression.kind !== 'apply' || expression.atom.name !== 'index') return undefined;
  const [base] = expression.args;
  return base === undefined ? undefined : classesOf(base);
}

/** Written as a call or with subscripts, so that `'` after it belongs to the whole. */
function isClosed({ notation, name }: Atom): boolean {
  return notation === undefined || name === 'index';
}

function rangeWords({ lower, upper }: Interval): string {
  const left = lower === -Infinity ? '(−∞' : `[${lower}`;
  return `${left}, ${upper === Infinity ? '∞)' : `${upper}]`}`;
}
