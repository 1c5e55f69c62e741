/**
 * Typed expressions: what the checker makes of the syntax, with lets inlined, names resolved,
 * every operator an atom and every shape known as symbolic dimensions. Atoms state their facts
 * about these, constants are derived from them, and the compiler lowers them to the graph.
 */
import type { Dimension, Shape } from '../base/dimension.ts';
import { dimensionNames } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { DependenceSet } from '../graph/primitive.ts';
import type { Atom, Parameters, SliceRange } from './atom.ts';

export type Expression = NumberTerm | DimensionTerm | SymbolTerm | SourceTerm | ApplyTerm | ComprehensionTerm;

interface Term {
  readonly shape: Shape;
  readonly dependence: DependenceSet;
  /** Where it is written; a let's body keeps its own place. */
  readonly span: Span;
  /** Its shape has numbers where those of its parts have names. */
  readonly isResized?: true;
}

export interface NumberTerm extends Term {
  readonly kind: 'number';
  readonly value: number;
}

/** A dimension name used as a number, as in `/ n`, or the index of a comprehension. */
export interface DimensionTerm extends Term {
  readonly kind: 'dimension';
  readonly name: string;
}

/** A data array, an upper unknown or a lower unknown. */
export interface SymbolTerm extends Term {
  readonly kind: 'symbol';
  readonly symbol: ArraySymbol;
}

export interface ArraySymbol {
  readonly name: string;
  readonly role: 'data' | 'upper' | 'lower';
  readonly shape: Shape;
  /** Class indices 0..k-1 with k the classes, for `labels[n, k]`; the shape is [n] then. */
  readonly classes?: Shape[number];
  /** The declared set's interval per entry, for range arithmetic; (-inf, inf) without a set. */
  readonly range: Interval;
  /** No member of the declared set has a larger spectral norm (of a vector: 2-norm), where that is known. */
  readonly norm?: number;
  /** Every member of the declared set is a symmetric matrix without negative eigenvalues, or the data is. */
  readonly semidefinite?: true;
  readonly declared: Span;
  /** This is the entry of the first axis of `stack` at the value of the index, as inside `lower each`. */
  readonly slice?: { readonly index: string; readonly stack: ArraySymbol };
}

/** `W`, or `W[i]` for the slice of a stack. */
export function symbolText({ name, slice }: ArraySymbol): string {
  return slice === undefined ? name : `${name}[${slice.index}]`;
}

/** A data source, only inside `data` declarations and starts; read by the data room. */
export interface SourceTerm extends Term {
  readonly kind: 'source';
  readonly source: DataSource;
  /** Holds every entry: by what is generated, or by the type of the file's numbers. */
  readonly range: Interval;
}

/** `format` is csv, npy, npz, mat, matrix_market, idx, image (files) or zeros, ones, eye, linspace, uniform, normal (generated). */
export interface DataSource {
  readonly format: string;
  /** As written, relative to the .bilevel file. */
  readonly path?: string;
  readonly rows?: { readonly from: number; readonly to: number };
  readonly shuffle?: number;
  readonly skip?: number;
  /** One column makes a vector; a list or a range makes a matrix. Numbers count from 1. */
  readonly columns?:
    | ColumnName
    | readonly ColumnName[]
    | { readonly from: ColumnName; readonly to: ColumnName };
  readonly except?: readonly ColumnName[];
  /** The name of the array in a file of several. */
  readonly array?: string;
  /** What a pixel of an image becomes. */
  readonly channels?: 'grey' | 'rgb' | 'rgba';
  /** Of a generated source: low, high (uniform); mean, deviation, seed (normal); from, to (linspace). */
  readonly numbers?: Readonly<Record<string, number>>;
}

export type ColumnName = string | number;

export interface ApplyTerm extends Term {
  readonly kind: 'apply';
  readonly atom: Atom;
  readonly args: readonly Expression[];
  readonly parameters: Parameters;
}

/**
 * `sum(i in s, e)`, `mean(i in s, e)` and `stack(i in s, e)`, for each i from 1 to s. The index occurs in
 * the body as a dimension, in subscripts or as a number, and never in a shape. A stack has s as a new
 * first axis.
 */
export interface ComprehensionTerm extends Term {
  readonly kind: 'comprehension';
  readonly operation: ComprehensionOperation;
  readonly index: string;
  readonly dimension: Dimension;
  readonly body: Expression;
}

export type ComprehensionOperation = 'sum' | 'mean' | 'stack';

export const comprehensionOperations: readonly ComprehensionOperation[] = ['sum', 'mean', 'stack'];

/** The expressions that an expression is made of, in the order of the text. */
export function partsOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'apply') return expression.args;
  return expression.kind === 'comprehension' ? [expression.body] : [];
}

const mentioned = new WeakMap<Expression, ReadonlySet<string>>();

/** The dimension names and indices that occur in an expression as numbers or in subscripts. */
export function namesIn(expression: Expression): ReadonlySet<string> {
  let names = mentioned.get(expression);
  if (names === undefined) {
    names = collectNames(expression);
    mentioned.set(expression, names);
  }
  return names;
}

function collectNames(expression: Expression): ReadonlySet<string> {
  if (expression.kind === 'dimension') return new Set([expression.name]);
  if (expression.kind === 'symbol')
    return new Set(expression.symbol.slice === undefined ? [] : [expression.symbol.slice.index]);
  const names = new Set<string>();
  for (const part of partsOf(expression)) for (const name of namesIn(part)) names.add(name);
  if (expression.kind === 'comprehension') names.delete(expression.index);
  if (expression.kind === 'apply') {
    for (const parameter of Object.values(expression.parameters)) {
      if (!Array.isArray(parameter)) continue;
      for (const slice of parameter as readonly SliceRange[]) {
        for (const end of endsOf(slice)) for (const name of dimensionNames(end)) names.add(name);
      }
    }
  }
  return names;
}

function endsOf(slice: SliceRange): readonly Dimension[] {
  if (slice.kind === 'all') return [];
  return slice.kind === 'entry' ? [slice.at] : [slice.from, slice.to];
}

/** Closed real interval; either end may be infinite. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export const wholeLine: Interval = { lower: -Infinity, upper: Infinity };
