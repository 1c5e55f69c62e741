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
  minimum,
  multiply,
  negate,
  number,
  numberOf,
  one,
  power,
  squareRoot,
  value,
} from '../../atoms/formula.ts';
import { formulaKey, isSameFormula } from '../../atoms/formula-key.ts';
import { over } from '../../atoms/formula-over.ts';
import { sizeOfDimension } from '../../atoms/size.ts';
import { perObject } from '../../base/per-object.ts';
import type { Dimension } from '../../base/dimension.ts';
import { isData, isFixed, rangeOf } from '../curvature.ts';
import { unionOf } from '../dependence.ts';
import type { Order } from './derivative-rules.ts';
import { negativeOf } from './expressions.ts';
import { localised, mostMeeting } from './localise.ts';

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
  return split(
    { expression: objective, coefficient: one, absolute: one, sign: 'nonnegative', over: [] },
    multiples,
  );
}

/** What a sum was split into for its last multiple: parts of an objective that an edit left alone are known. */
const known: Readonly<
  Record<Multiples, WeakMap<Expression, { readonly sum: Term; readonly terms: readonly Term[] }>>
> = { 'without lower unknowns': new WeakMap(), 'of data': new WeakMap() };

function split(term: Term, multiples: Multiples): readonly Term[] {
  const { expression, over: sums } = term;
  const isSum = expression.kind === 'apply' && expression.atom.name === 'add' && sums.length === 0;
  if (!isSum) return splitAnew(term, multiples);
  const before = known[multiples].get(expression);
  if (before !== undefined && isSameMultiple(before.sum, term)) return before.terms;
  const terms = splitAnew(term, multiples);
  known[multiples].set(expression, { sum: term, terms });
  return terms;
}

function isSameMultiple(a: Term, b: Term): boolean {
  return (
    a.sign === b.sign && isSameFormula(a.coefficient, b.coefficient) && isSameFormula(a.absolute, b.absolute)
  );
}

function splitAnew(term: Term, multiples: Multiples): readonly Term[] {
  const splits = multiples === 'of data' ? isData : isFixed;
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
    return split(body, multiples);
  }
  if (expression.kind !== 'apply') return [term];
  const [a, b] = expression.args as readonly [Expression, Expression];
  switch (expression.atom.name) {
    case 'add':
      return [
        ...split({ ...term, expression: a }, multiples),
        ...split({ ...term, expression: b }, multiples),
      ];
    case 'subtract':
      return [
        ...split({ ...term, expression: a }, multiples),
        ...split(negated({ ...term, expression: b }), multiples),
      ];
    case 'negate':
      return split(negated({ ...term, expression: a }), multiples);
    case 'divide':
      return splits(b) && b.shape.length === 0 ? split(scaled(term, a, b, true), multiples) : [term];
    case 'multiply':
    case 'matmul':
      if (a.shape.length > 0 || b.shape.length > 0) return [term];
      if (splits(a)) return split(scaled(term, b, a, false), multiples);
      return splits(b) ? split(scaled(term, a, b, false), multiples) : [term];
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
export const lowerNames = perObject((e: Expression): ReadonlySet<string> => {
  if (e.kind === 'symbol') return new Set(e.symbol.role === 'lower' ? [e.symbol.name] : []);
  return isFixed(e) ? new Set() : unionOf(partsOf(e).map(lowerNames));
});

/** An upper bound of the derivative of the sums of e over indices, the outermost first, from a bound of e. */
export function derivativeOverAll(
  overs: readonly Over[],
  e: Expression,
  order: Order,
  bound: Formula,
): Formula {
  return overs.reduceRight(
    (each, over, at) =>
      derivativeOver(
        over,
        e,
        order,
        each,
        overs.slice(at + 1).map(({ index }) => index),
      ),
    bound,
  );
}

/**
 * An upper bound of the derivative of a scalar sum over the index, from bounds c_i of its terms e. Let each entry
 * of the lower unknowns be met by at most m of the terms (1 where they have their own), so that
 * sum_i ‖P_i x‖² <= m ‖x‖² for the entries P_i that term i meets. Then |sum_i D_i[x, y, …]| is at most
 * m max c_i ‖x‖ ‖y‖ with two directions in x, and √(m sum c_i²) ‖x‖ with one; so it is for the upper unknowns, and
 * for one direction of each. `inner` are the indices of sums between this one and e.
 */
function derivativeOver(
  { index, dimension }: Over,
  e: Expression,
  { x, theta }: Order,
  c: Formula,
  inner: readonly string[],
): Formula {
  const size = sizeOfDimension(dimension);
  const reduce = (how: 'maximum' | 'sum', each: Formula): Formula => over(how, index, dimension, size, each);
  const [ofLower, ofUpper] = [
    x > 0 ? mostMeeting(e, 'lower', index, inner) : undefined,
    theta > 0 ? mostMeeting(e, 'upper', index, inner) : undefined,
  ];
  const meeting = [
    ...(ofLower === undefined ? [] : new Array<number>(x).fill(ofLower)),
    ...(ofUpper === undefined ? [] : new Array<number>(theta).fill(ofUpper)),
  ].sort((a, b) => a - b);
  const [first, second] = meeting;
  const sum = reduce('sum', c);
  if (first === undefined) return sum;
  if (second === undefined) {
    const root = squareRoot(multiply(number(first), reduce('sum', power(c, 2))));
    return first === 1 ? root : minimum(sum, root);
  }
  const most = reduce('maximum', c);
  const share = squareRoot(number(first * second));
  if (numberOf(share) === 1) return most;
  // Of equal terms no more than there are.
  return formulaKey(sum) === formulaKey(multiply(size, c))
    ? multiply(minimum(size, share), c)
    : minimum(sum, multiply(share, most));
}
