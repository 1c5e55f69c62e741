/**
 * Expressions that the derivation of constants writes itself: transposes, products and scaled rows
 * of what is in the file, and sizes. They are ordinary typed expressions and lower as such.
 */
import { add as addAtom } from '../../atoms/add.ts';
import type { Atom } from '../../atoms/atom.ts';
import { applied } from '../../atoms/definition.ts';
import { diag } from '../../atoms/diag.ts';
import { divide as divideAtom } from '../../atoms/divide.ts';
import type { Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { largest, largestAbsolute, negate, smallest, zero } from '../../atoms/formula.ts';
import { matmul } from '../../atoms/matmul.ts';
import { multiply as multiplyAtom } from '../../atoms/multiply.ts';
import { negateAtom } from '../../atoms/negate.ts';
import { reshape, reshaping } from '../../atoms/reshape.ts';
import { subtract as subtractAtom } from '../../atoms/subtract.ts';
import { transpose } from '../../atoms/transpose.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import { sameShape } from '../../base/dimension.ts';
import { cover } from '../../base/span.ts';
import { Dependence } from '../../graph/primitive.ts';
import { isData, isFixed, rangeOf } from '../curvature.ts';

/** The atom applied to arguments that are known to fit. */
function apply(atom: Atom, args: readonly Expression[]): Expression {
  return applied(atom, args, args.map((argument) => argument.span).reduce(cover));
}

/** The same entries in another shape, which holds as many. */
export function reshapedTo(e: Expression, shape: Shape): Expression {
  if (sameShape(e.shape, shape)) return e;
  return applied(reshape, [e], e.span, reshaping(shape));
}

export function transposeOf(matrix: Expression): Expression {
  if (matrix.kind === 'apply' && matrix.atom.name === 'transpose') return matrix.args[0] as Expression;
  return apply(transpose, [matrix]);
}

/** A B for a matrix A and a matrix or vector B, or c B for a scalar c. */
export function productOf(a: Expression, b: Expression): Expression {
  return apply(matmul, [a, b]);
}

export function negativeOf(e: Expression): Expression {
  return apply(negateAtom, [e]);
}

export function sumOf(a: Expression, b: Expression): Expression {
  return apply(addAtom, [a, b]);
}

export function differenceOf(a: Expression, b: Expression): Expression {
  return apply(subtractAtom, [a, b]);
}

/** A / c for a scalar c. */
export function quotientBy(a: Expression, c: Expression): Expression {
  return apply(divideAtom, [a, c]);
}

/** The identity matrix, as the diagonal matrix of ones. */
export function identityOf(size: Dimension): Expression {
  return apply(diag, [
    { kind: 'number', value: 1, shape: [size], dependence: 0, span: { start: 0, end: 0 } },
  ]);
}

/** P + P' for a square matrix P = P1 P2 …: the Hessian of x' P x. */
export function symmetrisedOf(matrices: readonly Expression[]): Expression {
  const product = matrices.reduce(productOf);
  return sumOf(product, transposeOf(product));
}

/** diag(c) A for a matrix or a vector A with as many rows as c has entries. */
export function scaleRows(c: Expression, a: Expression): Expression {
  if (a.kind === 'number' && a.shape.length === 0) return a.value === 1 ? c : apply(multiplyAtom, [a, c]);
  if (a.shape.length < 2) return apply(multiplyAtom, [c, a]);
  return transposeOf(apply(multiplyAtom, [transposeOf(a), c]));
}

/** A diag(c). */
export function scaleColumns(a: Expression, c: Expression): Expression {
  return apply(multiplyAtom, [a, c]);
}

/** A column of ones, as the side-by-side functionals read a scalar. */
export const onesColumn: Expression = {
  kind: 'number',
  value: 1,
  shape: [],
  dependence: 0,
  span: { start: 0, end: 0 },
};

/** A lower bound of |c_k| over the entries of c; 0 when the sign is not known. */
export function leastAbsolute(c: Expression): Formula {
  if (c.shape.length === 0) return largestAbsolute(c);
  const { lower, upper } = rangeOf(c);
  if (lower >= 0) return smallest(c);
  return upper <= 0 ? negate(largest(c)) : zero;
}

/** An entrywise product, or quotient, of what moves with the lower unknowns alone and with the upper ones alone. */
export interface Levels {
  readonly lower: Expression;
  readonly upper: Expression;
  /** The lower part is divided by the upper one. */
  readonly divides: boolean;
}

export function levelsOf(e: Expression): Levels | undefined {
  if (e.kind !== 'apply' || !['multiply', 'matmul', 'divide'].includes(e.atom.name)) return undefined;
  if (e.atom.name === 'matmul' && e.args.every(({ shape }) => shape.length > 0)) return undefined;
  const divides = e.atom.name === 'divide';
  const [first, second] = e.args as readonly [Expression, Expression];
  const [lower, upper] = divides || isFixed(second) ? [first, second] : [second, first];
  const isApart =
    isFixed(upper) && !isData(upper) && !isFixed(lower) && (lower.dependence & Dependence.upper) === 0;
  return isApart ? { lower, upper, divides } : undefined;
}

/** 1 / e, entrywise. */
export function reciprocalOf(e: Expression): Expression {
  return apply(divideAtom, [{ kind: 'number', value: 1, shape: [], dependence: 0, span: e.span }, e]);
}
