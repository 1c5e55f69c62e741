/**
 * An objective as a sum of scalar terms: through +, −, sums over an index, multiples and quotients by
 * scalars in which no lower unknown occurs. Each term keeps its coefficient as a signed formula. Where derivatives in
 * theta are wanted, only multiples in which no unknown at all occurs may be split off.
 */
import type { Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  divide,
  largestAbsolute,
  multiply,
  negate,
  one,
  power,
  squareRoot,
  value,
} from '../../atoms/formula.ts';
import { over } from '../../atoms/formula-over.ts';
import { sizeOfDimension } from '../../atoms/size.ts';
import type { Dimension } from '../../base/dimension.ts';
import { isData, isFixed, rangeOf } from '../curvature.ts';
import type { Order } from './derivative-rules.ts';
import { negativeOf } from './expressions.ts';
import { localised, ownsAll } from './localise.ts';

export type Sign = 'nonnegative' | 'nonpositive' | 'unknown';

export interface Term {
  readonly expression: Expression;
  /** The signed value of what stands in front. */
  readonly coefficient: Formula;
  readonly absolute: Formula;
  readonly sign: Sign;
  /** The sums around the term, the outermost first; expression and coefficient may move with their indices. */
  readonly over: readonly Over[];
}

/** An index that a term is summed over. */
export interface Over {
  readonly index: string;
  readonly dimension: Dimension;
}

type Multiples = 'without lower unknowns' | 'of data';

export function termsOf(objective: Expression, multiples: Multiples): readonly Term[] {
  const splits = multiples === 'of data' ? isData : isFixed;
  return split(
    { expression: objective, coefficient: one, absolute: one, sign: 'nonnegative', over: [] },
    splits,
  );
}

function split(term: Term, splits: (e: Expression) => boolean): readonly Term[] {
  const { expression } = term;
  if (expression.kind === 'comprehension') {
    const { operation, index, dimension } = expression;
    const count = operation === 'mean' ? sizeOfDimension(dimension) : one;
    const body: Term = {
      ...term,
      expression: localised(expression),
      coefficient: divide(term.coefficient, count),
      absolute: divide(term.absolute, count),
      over: [...term.over, { index, dimension }],
    };
    return split(body, splits);
  }
  if (expression.kind !== 'apply') return [term];
  const [a, b] = expression.args as readonly [Expression, Expression];
  switch (expression.atom.name) {
    case 'add':
      return [...split({ ...term, expression: a }, splits), ...split({ ...term, expression: b }, splits)];
    case 'subtract':
      return [
        ...split({ ...term, expression: a }, splits),
        ...split(negated({ ...term, expression: b }), splits),
      ];
    case 'negate':
      return split(negated({ ...term, expression: a }), splits);
    case 'divide':
      return splits(b) && b.shape.length === 0 ? split(scaled(term, a, b, true), splits) : [term];
    case 'multiply':
    case 'matmul':
      if (a.shape.length > 0 || b.shape.length > 0) return [term];
      if (splits(a)) return split(scaled(term, b, a, false), splits);
      return splits(b) ? split(scaled(term, a, b, false), splits) : [term];
    default:
      return [term];
  }
}

/** The objective with some of its terms replaced and the others left out; undefined where none is left. */
export function withTerms(
  objective: Expression,
  replacements: ReadonlyMap<Expression, Expression>,
): Expression | undefined {
  const replacement = replacements.get(objective);
  if (replacement !== undefined) return replacement;
  if (objective.kind === 'comprehension') {
    const body = withTerms(localised(objective), replacements);
    return body && { ...objective, body };
  }
  if (objective.kind !== 'apply') return undefined;
  const { atom } = objective;
  const [a, b] = objective.args as readonly [Expression, Expression];
  const again = (...args: readonly Expression[]): Expression => ({ ...objective, args });
  switch (atom.name) {
    case 'add':
    case 'subtract': {
      const [left, right] = [withTerms(a, replacements), withTerms(b, replacements)];
      if (left === undefined || right === undefined)
        return left ?? (right && atom.name === 'subtract' ? negativeOf(right) : right);
      return again(left, right);
    }
    case 'negate': {
      const inner = withTerms(a, replacements);
      return inner && again(inner);
    }
    case 'divide':
    case 'multiply':
    case 'matmul': {
      const movesFirst = atom.name === 'divide' || !isFixed(a);
      const moving = withTerms(movesFirst ? a : b, replacements);
      return moving && (movesFirst ? again(moving, b) : again(a, moving));
    }
    default:
      return undefined;
  }
}

export function negated(term: Term): Term {
  return { ...term, coefficient: negate(term.coefficient), sign: opposite(term.sign) };
}

function scaled(term: Term, expression: Expression, factor: Expression, reciprocal: boolean): Term {
  const apply = reciprocal ? divide : multiply;
  return {
    ...term,
    expression,
    coefficient: apply(term.coefficient, value(factor)),
    absolute: apply(term.absolute, largestAbsolute(factor)),
    sign: times(term.sign, signOf(factor)),
  };
}

export function signOf(e: Expression): Sign {
  const { lower, upper } = rangeOf(e);
  return lower >= 0 ? 'nonnegative' : upper <= 0 ? 'nonpositive' : 'unknown';
}

function opposite(sign: Sign): Sign {
  return sign === 'unknown' ? sign : sign === 'nonnegative' ? 'nonpositive' : 'nonnegative';
}

function times(a: Sign, b: Sign): Sign {
  if (a === 'unknown' || b === 'unknown') return 'unknown';
  return a === b ? 'nonnegative' : 'nonpositive';
}

/** The names of the lower unknowns in an expression. */
export function lowerNames(e: Expression): ReadonlySet<string> {
  if (e.kind === 'symbol') return new Set(e.symbol.role === 'lower' ? [e.symbol.name] : []);
  if (isFixed(e)) return new Set();
  return partsOf(e)
    .map(lowerNames)
    .reduce((union, names) => union.union(names), new Set<string>());
}

/**
 * An upper bound of the derivative of a scalar sum over the index, from bounds c_i of its terms e. Where
 * the terms have their own lower unknowns x_i, |sum_i D_i[x_i, y_i, …]| with two of the directions in x is
 * at most max c_i ‖x‖ ‖y‖, and with one of them √(sum c_i²) ‖x‖; where they have their own upper unknowns
 * too, the latter counts as a second one.
 */
export function derivativeOver(
  { index, dimension }: Over,
  e: Expression,
  { x, theta }: Order,
  c: Formula,
): Formula {
  const reduce = (how: 'maximum' | 'sum', each: Formula): Formula =>
    over(how, index, dimension, sizeOfDimension(dimension), each);
  const apart = (ownsAll(e, 'lower', index) ? x : 0) + (theta > 0 && ownsAll(e, 'upper', index) ? theta : 0);
  if (apart >= 2) return reduce('maximum', c);
  return apart === 1 ? squareRoot(reduce('sum', power(c, 2))) : reduce('sum', c);
}
