/**
 * What stands around an expression inside `sum(i in s, …)` and `lower each i in s`: indices with their
 * dimensions, and lower unknowns of which one problem has a slice. Scopes are immutable and grow inwards.
 */
import type { SliceRange } from '../../atoms/atom.ts';
import type { ArraySymbol } from '../../atoms/expression.ts';
import type { Dimension } from '../../base/dimension.ts';
import { fixedDimension, formatDimension, substituteDimension } from '../../base/dimension.ts';

export interface IndexScope {
  /** Index names and what they run to, from 1. */
  readonly indices: ReadonlyMap<string, Dimension>;
  /** The index that a text means: where a definition put in place brings one of the same name, that has another name. */
  readonly called: ReadonlyMap<string, string>;
  /** Lower unknowns that stand for one problem's slice. */
  readonly slices: ReadonlyMap<string, ArraySymbol>;
}

export const noIndices: IndexScope = { indices: new Map(), called: new Map(), slices: new Map() };

/** The scope inside, and the name of the index there, which no argument from outside can mean. */
export function withIndex(
  scope: IndexScope,
  name: string,
  dimension: Dimension,
): { readonly scope: IndexScope; readonly index: string } {
  let index = name;
  while (scope.indices.has(index)) index += '′';
  const indices = new Map(scope.indices).set(index, dimension);
  return { scope: { ...scope, indices, called: new Map(scope.called).set(name, index) }, index };
}

/** Equal for scopes in which the same text means the same. */
export function scopeKey({ indices, called, slices }: IndexScope): string {
  const names = [...indices].map(([name, dimension]) => `${name} in ${formatDimension(dimension)}`);
  const others = [...called].flatMap(([text, index]) => (text === index ? [] : [`${text} is ${index}`]));
  return [...names, ...others, ...slices.keys()].sort().join(', ');
}

/** One problem's part of an unknown whose stack has the dimension of the index in front. */
export function sliceOf(stack: ArraySymbol, index: string): ArraySymbol {
  return { ...stack, shape: stack.shape.slice(1), slice: { index, stack } };
}

/**
 * A dimension with every index at its first and its last value, in all combinations. A subscript is a
 * polynomial that is affine in each index (`isAffineIn`), so its extremes are among these.
 */
export function cornersOf(
  dimension: Dimension,
  indices: ReadonlyMap<string, Dimension>,
): readonly Dimension[] {
  let corners: readonly Dimension[] = [dimension];
  for (const [name, last] of indices) {
    corners = corners.flatMap((each) =>
      [...each.keys()].some((key) => key.split('*').includes(name))
        ? [substituteDimension(each, name, fixedDimension(1)), substituteDimension(each, name, last)]
        : [each],
    );
  }
  return corners;
}

export function isAffineIn(dimension: Dimension, index: string): boolean {
  return [...dimension.keys()].every((key) => key.split('*').filter((name) => name === index).length <= 1);
}

/** Does the first subscript of one problem's unknown name the problem, as for a row of data? */
export function isOwnIndex({ slice }: ArraySymbol, [first]: readonly SliceRange[]): boolean {
  return slice !== undefined && first?.kind === 'entry' && formatDimension(first.at) === slice.index;
}
