/**
 * The contract of a set that unknowns range over. A kind (one file each, registered in index.ts) tells the
 * checker its arguments and the range of its entries, and says what it demands of an array; the demands
 * of an intersection are those of its parts together. projector.ts makes a projection of demands.
 */

import type { Projected } from '../base/projected.ts';

export type { Projected } from '../base/projected.ts';

/** Closed; either end may be infinite. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** What a convex set demands of an array of one shape; all that is given must hold at once. */
export interface Demands {
  /** Ends for each entry. */
  readonly box?: Box;
  /** The sum of all entries. */
  readonly total?: number;
  /** Not below the 2-norm of all entries. */
  readonly radius?: number;
  /** Not below the largest singular value; of a matrix only. */
  readonly spectral?: number;
  /** A square matrix that equals its transpose. */
  readonly symmetric?: true;
  /** Not above the smallest eigenvalue; of a symmetric matrix only. */
  readonly least?: number;
  /** What each row (along the last axis) must fulfil, one for each. */
  readonly rows?: readonly Demands[];
}

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** No array fulfils the demands; the words complete a sentence. */
export interface Empty {
  readonly empty: string;
}

export function isEmpty(found: object): found is Empty {
  return 'empty' in found;
}

/** The Euclidean projection onto one set; the point lies in its box exactly. Entries that are not finite give entries that are not finite. */
export type Projector = (y: Float64Array) => Projected;

export interface SetArgument {
  readonly name: string;
  /** One number, or an array of the unknown's shape as well. */
  readonly kind: 'number' | 'entries';
  readonly default?: number;
}

export interface SetKind {
  /** As written after `in`; `box` is written `[lo, hi]`. */
  readonly name: string;
  readonly documentation: {
    readonly signature: string;
    /** One line. */
    readonly summary: string;
    /** Unicode mathematics. */
    readonly formula: string;
  };
  readonly arguments: readonly SetArgument[];
  /** True when only a matrix can lie in it. */
  readonly matrixOnly?: boolean;
  /** True when only a square matrix can. */
  readonly squareOnly?: boolean;
  /** An interval that holds every entry, given those of the arguments. */
  readonly range: (args: readonly Range[]) => Range;
  /** Not below the spectral norm (of a vector: the 2-norm) of any member; absent: not known from the arguments. */
  readonly norm?: (args: readonly Range[]) => number;
  /** Whether every member is a symmetric matrix without negative eigenvalues. */
  readonly semidefinite?: (args: readonly Range[]) => boolean;
  /** Each argument one number, or as many as the shape has entries. */
  readonly demands: (args: readonly Float64Array[], shape: readonly number[]) => Demands | Empty;
}

/** An argument as one value for each entry. */
export function perEntry(argument: Float64Array, size: number): Float64Array {
  return argument.length === size ? argument : new Float64Array(size).fill(argument[0] as number);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
