/**
 * The data stage: sources are read through a callback, dimension names are bound by what was read, and
 * the arrays that the file defines by expressions on top are computed, in the order of the file. From
 * then on these doubles are the data: rounding is counted from them. Every mismatch is a diagnostic.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import { evaluateDimension, formatDimension, formatShape } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { ArraySymbol, DataSource, Expression } from '../atoms/expression.ts';
import { partsOf } from '../atoms/expression.ts';
import { shapeAsDeclared } from '../check/blocks/data-shape.ts';
import type { CheckedProblem, UnknownSet } from '../check/problem.ts';
import { Graph } from '../graph/graph.ts';
import { Dependence } from '../graph/primitive.ts';
import type { NodeId } from '../graph/primitive.ts';
import { sizeOf } from '../graph/shapes.ts';
import { Evaluator } from '../kernels/evaluator.ts';
import { box } from '../sets/box.ts';
import { nonneg } from '../sets/nonneg.ts';
import {
  dataOutsideSet,
  dataShape,
  entryOutsideSet,
  labelOutside,
  notFinite,
  sourceFailure,
  startShape,
  unboundDimension,
} from './diagnostics.ts';
import { ExpressionLowering } from './lower-expression.ts';
import { projectorOfSet } from './sets.ts';

/** Relative to the entries: sums and norms of what was written with fewer digits are a little off. */
const roundedAway = 1e-6;

export interface ConcreteArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float64Array;
}

export interface LoadFailure {
  readonly failure: string;
  readonly reason?: string;
  readonly remedy?: string;
}

/**
 * Reads or generates a source; the caller owns all input and output. `shape` is what the declaration
 * asks for, where every size is known; generated sources need it.
 */
export type SourceLoader = (
  source: DataSource,
  shape: readonly number[] | undefined,
) => ConcreteArray | LoadFailure;

/** The data of a problem with everything bound. */
export class DataStage {
  readonly dimensions = new Map<string, number>();
  /** Where each dimension got its value, for messages: `rows of X`. */
  private readonly origins = new Map<string, string>();
  readonly arrays = new Map<string, ConcreteArray>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly load: SourceLoader;

  constructor(checked: CheckedProblem, load: SourceLoader) {
    this.load = load;
    for (const fact of checked.dimensions.values()) {
      if (fact.value === undefined) continue;
      this.dimensions.set(fact.name, fact.value);
      this.origins.set(fact.name, fact.origin);
    }
    for (const { symbol, value, span, set } of checked.data) {
      const array = this.evaluate(value, symbol, span);
      if (array === undefined) continue;
      this.checkLabels(symbol, array, value.span);
      const isFinite = this.checkFinite(symbol.name, array, value.span);
      if (set !== undefined && isFinite) this.checkPromise(set, symbol, array);
      this.arrays.set(symbol.name, array);
    }
  }

  /** The concrete shape of a symbol; a diagnostic when a size is not known. */
  shapeOf(symbol: ArraySymbol, span: Span): readonly number[] | undefined {
    const shape: number[] = [];
    for (const dimension of symbol.shape) {
      const value = evaluateDimension(dimension, this.dimensions);
      if (value === undefined) {
        this.diagnostics.push(unboundDimension(span, formatDimension(dimension), symbol.name));
        return undefined;
      }
      shape.push(value);
    }
    return shape;
  }

  /** A start or a bound that depends on data at most, spread over the shape of its unknown. */
  evaluateFor(
    expression: Expression,
    symbol: ArraySymbol,
    shape: readonly number[],
    span: Span,
  ): Float64Array | undefined {
    const array = this.compute(expression);
    if (array === undefined) return undefined;
    const spread = spreadOver(array, shape);
    if (spread === undefined) {
      this.diagnostics.push(startShape(span, symbol.name, describe(shape), describe(array.shape)));
    }
    return spread;
  }

  /** The node values of sources inside an expression, for graphs built later. */
  loadSource(term: Extract<Expression, { kind: 'source' }>): ConcreteArray | undefined {
    const wanted = term.shape.map((dimension) => evaluateDimension(dimension, this.dimensions));
    const known = wanted.every((length): length is number => length !== undefined) ? wanted : undefined;
    const loaded = this.load(term.source, known);
    if ('failure' in loaded) {
      this.diagnostics.push(sourceFailure(term.span, loaded.failure, loaded.reason, loaded.remedy));
      return undefined;
    }
    return loaded;
  }

  private evaluate(value: Expression, symbol: ArraySymbol, span: Span): ConcreteArray | undefined {
    const computed = this.compute(value);
    if (computed === undefined) return undefined;
    const array = asDeclared(computed, symbol.shape.length);
    const scalar = array.shape.length === 0 && symbol.shape.length > 0;
    if (!scalar) return this.bind(symbol, array, span) ? array : undefined;
    const shape = this.shapeOf(symbol, span);
    if (shape === undefined) return undefined;
    return { shape, values: new Float64Array(sizeOf(shape)).fill(array.values[0] as number) };
  }

  /** Evaluates an expression over sources and earlier data in a graph of its own, so that its parts are freed. */
  private compute(expression: Expression): ConcreteArray | undefined {
    if (expression.kind === 'source') {
      const read = this.loadSource(expression);
      const loaded = read && asDeclared(read, expression.shape.length);
      return loaded !== undefined && this.bindNames(expression.shape, loaded, expression.span)
        ? loaded
        : undefined;
    }
    if (expression.kind === 'symbol') return this.arrays.get(expression.symbol.name);
    const sources = new Map<Expression, ConcreteArray>();
    for (const term of sourceTerms(expression)) {
      const loaded = this.compute(term);
      if (loaded === undefined) return undefined;
      sources.set(term, loaded);
    }
    if (symbolsOf(expression).some((name) => !this.arrays.has(name))) return undefined;
    const graph = new Graph();
    const inputs: [NodeId, Float64Array][] = [];
    const input = (name: string, { shape, values }: ConcreteArray): NodeId => {
      const node = graph.input(name, shape, Dependence.data);
      inputs.push([node, values]);
      return node;
    };
    const symbols = new Map([...this.arrays].map(([name, array]) => [name, input(`data ${name}`, array)]));
    const nodes = new Map([...sources].map(([term, array], k) => [term, input(`source ${k}`, array)]));
    const lowering = new ExpressionLowering(graph, {
      dimensions: this.dimensions,
      symbols,
      source: (term) => nodes.get(term) as NodeId,
    });
    const node = lowering.lower(expression);
    const evaluator = new Evaluator(graph);
    for (const [id, values] of inputs) evaluator.setInput(id, values);
    const [values] = evaluator.evaluate(evaluator.plan([node])) as [Float64Array];
    return { shape: graph.shape(node), values };
  }

  /** Binds the names in a declared shape by an array; a diagnostic when a size differs. */
  private bind(symbol: ArraySymbol, array: ConcreteArray, span: Span): boolean {
    const clash = this.fit(symbol.shape, array.shape, symbol.name);
    if (clash === undefined) return true;
    this.diagnostics.push(
      dataShape(span, `\`${symbol.name}\``, formatShape(symbol.shape), describe(array.shape), clash),
    );
    return false;
  }

  private bindNames(shape: Shape, array: ConcreteArray, span: Span): boolean {
    const clash = this.fit(shape, array.shape, 'the data');
    if (clash === undefined) return true;
    this.diagnostics.push(dataShape(span, 'this array', formatShape(shape), describe(array.shape), clash));
    return false;
  }

  /** What does not fit, in words; names without a value are bound. */
  private fit(declared: Shape, actual: readonly number[], name: string): string | undefined {
    if (declared.length !== actual.length) {
      return `the declaration has ${axes(declared.length)}, the data ${axes(actual.length)}`;
    }
    for (const [axis, dimension] of declared.entries()) {
      const length = actual[axis] as number;
      const value = evaluateDimension(dimension, this.dimensions);
      if (value === undefined) {
        const free = freeName(dimension);
        if (free !== undefined) {
          this.dimensions.set(free, length);
          this.origins.set(free, `${['rows', 'columns'][axis] ?? `axis ${axis + 1}`} of ${name}`);
        }
        continue;
      }
      if (value === length) continue;
      const text = formatDimension(dimension);
      const origin = this.origins.get(text);
      const why =
        origin === undefined || text === String(value) ? '' : ` (${text} is ${value}, the ${origin})`;
      return `axis ${axis + 1} must have ${value} entries${why} and has ${length}`;
    }
    return undefined;
  }

  private checkLabels(symbol: ArraySymbol, array: ConcreteArray, written: Span): void {
    if (symbol.classes === undefined) return;
    const classes = evaluateDimension(symbol.classes, this.dimensions) ?? 0;
    const row = array.values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= classes);
    if (row < 0) return;
    const label = array.values[row] as number;
    this.diagnostics.push(labelOutside(symbol.declared, symbol.name, row + 1, label, classes, written.end));
  }

  private checkFinite(name: string, array: ConcreteArray, span: Span): boolean {
    const at = array.values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return true;
    this.diagnostics.push(notFinite(span, name, indexText(at, array.shape), array.values[at] as number));
    return false;
  }

  /** The checker drew conclusions from the set, so no entry may lie outside; sums and norms may be rounded. */
  private checkPromise(set: UnknownSet, symbol: ArraySymbol, { shape, values }: ConcreteArray): void {
    const project = projectorOfSet(set, symbol, shape, this);
    if (project === undefined) return;
    const { name, range } = symbol;
    const { point, error } = project(values);
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const isEntrywise = hasEntriesOnly(set);
    const tolerance = isEntrywise ? 0 : error + roundedAway * scale * Math.sqrt(values.length);
    const distance = Math.sqrt(
      values.reduce((sum, value, i) => sum + (value - (point[i] as number)) ** 2, 0),
    );
    const outside = values.findIndex((value) => value < range.lower || value > range.upper);
    if (outside < 0 && distance <= tolerance) return;
    // The entry that is farthest off tells most.
    let at = Math.max(0, outside);
    const off = (k: number): number => Math.abs((values[k] as number) - (point[k] as number));
    for (let k = 0; k < values.length; k++) if (off(k) > off(at)) at = k;
    this.diagnostics.push(
      isEntrywise || outside >= 0
        ? entryOutsideSet(set.span, name, indexText(at, shape), values[at] as number)
        : dataOutsideSet(set.span, name, distance),
    );
  }
}

/** A file of one column or row is read as a matrix; where a vector is declared, a vector is meant. */
function asDeclared({ shape, values }: ConcreteArray, rank: number): ConcreteArray {
  return { shape: shapeAsDeclared(shape, rank, (length) => length === 1), values };
}

/** What a set demands of each entry by itself, or of all together. */
function hasEntriesOnly(set: UnknownSet): boolean {
  switch (set.kind) {
    case 'basic':
      return set.basis === box || set.basis === nonneg;
    case 'rows':
      return hasEntriesOnly(set.of);
    case 'intersection':
      return set.parts.every(hasEntriesOnly);
  }
}

function axes(count: number): string {
  return count === 1 ? 'one axis' : `${count === 0 ? 'no' : count} axes`;
}

/** An array repeated or reshaped to a shape, or undefined when it does not fit. */
function spreadOver(array: ConcreteArray, shape: readonly number[]): Float64Array | undefined {
  const size = sizeOf(shape);
  if (array.values.length === 1) return new Float64Array(size).fill(array.values[0] as number);
  const same =
    array.shape.length === shape.length && array.shape.every((length, axis) => length === shape[axis]);
  return same ? array.values : undefined;
}

function freeName(dimension: Dimension): string | undefined {
  const [[name, coefficient] = ['', 0]] = dimension;
  return dimension.size === 1 && coefficient === 1 && name !== '' && !name.includes('*') ? name : undefined;
}

export function sourceTerms(expression: Expression): Extract<Expression, { kind: 'source' }>[] {
  if (expression.kind === 'source') return [expression];
  return partsOf(expression).flatMap(sourceTerms);
}

function symbolsOf(expression: Expression): string[] {
  if (expression.kind === 'symbol') return [expression.symbol.name];
  return partsOf(expression).flatMap(symbolsOf);
}

/** `300 x 11`, or `one number`. */
function describe(shape: readonly number[]): string {
  if (shape.length === 0) return 'one number';
  return shape.length === 1 ? `a vector of ${shape.join('')}` : shape.join(' x ');
}

/** `row 3, column 2`, 1-based. */
function indexText(offset: number, shape: readonly number[]): string {
  const words = ['row', 'column'];
  let rest = offset;
  const parts: string[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    parts.unshift(`${words[axis] ?? `axis ${axis + 1}:`} ${(rest % length) + 1}`);
    rest = Math.floor(rest / length);
  }
  return parts.join(', ') || 'its only entry';
}
