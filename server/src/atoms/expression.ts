/**
 * Typed expressions: what the checker makes of the syntax, with lets inlined, names resolved,
 * every operator an atom and every shape known as symbolic dimensions. Atoms state their facts
 * about these, constants are derived from them, and the compiler lowers them to the graph.
 */
import type { Shape } from '../base/dimension.ts';
import type { Span } from '../base/span.ts';
import type { DependenceSet } from '../graph/primitive.ts';
import type { Atom, Parameters } from './atom.ts';

export type Expression = NumberTerm | DimensionTerm | SymbolTerm | SourceTerm | ApplyTerm;

interface Term {
  readonly shape: Shape;
  readonly dependence: DependenceSet;
  /** Where it is written; a let's body keeps its own place. */
  readonly span: Span;
}

export interface NumberTerm extends Term {
  readonly kind: 'number';
  readonly value: number;
}

/** A dimension name used as a number, as in `/ n`. */
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
  readonly declared: Span;
}

/** A data source, only inside `data` declarations and starts; read by the data room. */
export interface SourceTerm extends Term {
  readonly kind: 'source';
  readonly source: DataSource;
}

/** `format` is csv, npy, idx (files) or zeros, ones, eye, linspace, uniform, normal (generated). */
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

/** Closed real interval; either end may be infinite. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export const wholeLine: Interval = { lower: -Infinity, upper: Infinity };
