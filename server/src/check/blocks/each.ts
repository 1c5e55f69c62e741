/** `lower each i in s`: many problems, one for each value of the index, read as one. */
import type { Dimension } from '../../base/dimension.ts';
import type { Expression } from '../../atoms/expression.ts';
import type { LevelBlock } from '../../syntax/tree.ts';
import type { IndexScope } from '../typing/index-scope.ts';
import { noIndices, sliceOf, withIndex } from '../typing/index-scope.ts';
import type { DeclaredUnknown } from './levels.ts';
import type { Typist } from '../typing/shape.ts';

/** The index of `lower each i in s`, what it runs to, and what the unknowns are to one problem. */
export interface Each {
  readonly index: string;
  readonly dimension: Dimension;
  readonly scope: IndexScope;
}

export function readEach(
  { each }: LevelBlock,
  declared: readonly DeclaredUnknown[],
  typist: Typist,
): Each | undefined {
  if (each === undefined || each.index.text === '') return undefined;
  const index = each.index.text;
  const dimension = typist.indexDimension(each.index, each.dimension);
  if (dimension === undefined) return undefined;
  const slices = new Map(declared.map(({ symbol }) => [symbol.name, sliceOf(symbol, index)]));
  const { scope } = withIndex({ ...noIndices, slices }, index, dimension);
  return { index, dimension, scope };
}

/** What one problem has, for all problems: their sum, or the stack of their arrays. */
export function overProblems(
  body: Expression,
  operation: 'sum' | 'stack',
  each: Each | undefined,
): Expression {
  if (each === undefined) return body;
  const { index, dimension } = each;
  const shape = operation === 'stack' ? [dimension, ...body.shape] : body.shape;
  const { dependence, span } = body;
  return { kind: 'comprehension', operation, index, dimension, body, shape, dependence, span };
}
