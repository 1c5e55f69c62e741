/**
 * Scalar terms as sums sum_k w_k phi(inner_k) with fixed weights w and a known least |phi''|: what can be
 * strongly convex beyond squares. Sums, means, inner products, multiples and differences are gone
 * through with the sign that convexity needs there: −entr(x) counts as log(x) does in −log(x). Parts that
 * are affine or fixed curve nothing and are left out.
 */
import { reducedAway } from '../../atoms/axis.ts';
import { applied, definitionOf, sizeTerm } from '../../atoms/definition.ts';
import { knownLeast } from '../../atoms/derivative-profile.ts';
import type { ApplyTerm, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { divide, largestAbsolute, multiply, number } from '../../atoms/formula.ts';
import { formulaKey } from '../../atoms/formula-key.ts';
import { min } from '../../atoms/min.ts';
import { multiply as multiplyAtom } from '../../atoms/multiply.ts';
import { sizeOf } from '../../atoms/size.ts';
import { square } from '../../atoms/square.ts';
import { sum } from '../../atoms/sum.ts';
import { sumsqRows } from '../../atoms/sumsq-rows.ts';
import { sumsq } from '../../atoms/sumsq.ts';
import type { Shape } from '../../base/dimension.ts';
import { sameShape } from '../../base/dimension.ts';
import { argumentFacts, asSquare, asSumOfSquares, curvatureOf, isFixed, rangeOf } from '../curvature.ts';
import { negativeOf, productOf, quotientBy } from './expressions.ts';
import { signOf } from './terms.ts';

export type Wanted = 'convex' | 'concave';

export interface Weight {
  readonly weight: Expression;
  /** True when it stands in front of a sum of the entries, so that it is not entry by entry theirs. */
  readonly isOutside: boolean;
}

export interface WeightedEntries {
  readonly weights: readonly Weight[];
  readonly inner: Expression;
  /** A lower bound of |phi''| where phi is curved as wanted on the whole range of its argument, else 0. */
  readonly least: Formula;
  /** An upper bound of |phi''| where phi is curved the other way; absent where it is so nowhere. */
  readonly against?: Formula;
  readonly term: Expression;
  /** How often the inner array is repeated, and 1/n of a mean. */
  readonly multiple: Formula;
  /**
   * Scalar and quadratic where the inner array is affine: its second derivative along any direction is at most
   * that of these entries in absolute value. Multiples and weights are in it, each entry with its own.
   */
  readonly square: () => Expression;
}

/** A multiple as a formula, and as what it does to an expression. */
interface Multiple {
  readonly formula: Formula;
  readonly times: (e: Expression) => Expression;
}

/** Splits an array whose entries are summed over `shape`; undefined when a part has no rule. */
export function entriesOf(
  e: Expression,
  wanted: Wanted,
  weights: readonly Weight[] = [],
  shape: Shape = e.shape,
): readonly WeightedEntries[] | undefined {
  if (curvatureOf(e) === 'constant' || curvatureOf(e) === 'affine') return [];
  if (e.kind !== 'apply') return undefined;
  const multiple = repetitions(e.shape, shape);
  const one = (inner: Expression, least: Formula, against?: Formula): WeightedEntries => ({
    weights,
    inner,
    least,
    ...(against === undefined ? {} : { against }),
    term: e,
    multiple: multiple.formula,
    square: () => squareOf(e, inner, least, weights, shape),
  });
  const squared = asSquare(e) ?? asSumOfSquares(e);
  if (squared !== undefined) {
    return wanted === 'convex' ? joinedParts(squared).map((inner) => one(inner, number(2))) : undefined;
  }
  const [a, b] = e.args as readonly [Expression, Expression];
  switch (e.atom.name) {
    case 'add':
      return both(entriesOf(a, wanted, weights, shape), entriesOf(b, wanted, weights, shape));
    case 'subtract':
      return both(entriesOf(a, wanted, weights, shape), entriesOf(b, opposite(wanted), weights, shape));
    case 'negate':
      return entriesOf(a, opposite(wanted), weights, shape);
    case 'sum':
      return scaled(entriesOf(a, wanted, outside(weights)), multiple);
    case 'mean': {
      const averaged = reducedAway(a.shape, e.parameters);
      const count = sizeTerm(averaged, e.span);
      return scaled(scaled(entriesOf(a, wanted, outside(weights)), multiple), {
        formula: divide(number(1), sizeOf(averaged)),
        times: (square) => quotientBy(square, count),
      });
    }
    case 'divide': {
      if (!isFixed(b) || b.shape.length > 0 || signOf(b) !== 'nonnegative') return undefined;
      return scaled(entriesOf(a, wanted, weights, shape), {
        formula: divide(number(1), largestAbsolute(b)),
        times: (square) => quotientBy(square, b),
      });
    }
    case 'multiply':
      return weighted(a, b, wanted, weights, shape) ?? weighted(b, a, wanted, weights, shape);
    case 'dot':
      return innerProduct(a, b, wanted, weights, multiple);
    case 'matmul': {
      if (a.shape.length === 0 || b.shape.length === 0) {
        return weighted(a, b, wanted, weights, shape) ?? weighted(b, a, wanted, weights, shape);
      }
      const row = e.shape.length === 0 ? transposedVector(a) : undefined;
      return row === undefined || b.shape.length !== 1
        ? undefined
        : innerProduct(row, b, wanted, weights, multiple);
    }
    case 'sumsq_rows':
      // Sum over the rows of w_i ‖a_i‖²: each weight serves a whole row.
      return wanted === 'convex' ? [one(a, number(2))] : undefined;
    default: {
      const definition = definitionOf(e);
      if (definition !== undefined) return entriesOf(definition, wanted, weights, shape);
      return ofFunction(e, wanted, one);
    }
  }
}

/** phi of each entry, where phi is curved as wanted, or little the other way, on the range of its argument. */
function ofFunction(
  e: ApplyTerm,
  wanted: Wanted,
  one: (inner: Expression, least: Formula, against?: Formula) => WeightedEntries,
): readonly WeightedEntries[] | undefined {
  const { atom, args, parameters } = e;
  const [argument] = args;
  const { derivativeBound, leastCurvature, bend } = atom;
  if (derivativeBound === undefined || argument === undefined || args.length !== 1) return undefined;
  const { lower, upper } = rangeOf(argument);
  const ends = [number(lower), number(upper), parameters] as const;
  if (atom.curvature(argumentFacts(e), parameters) === wanted) {
    return leastCurvature === undefined ? undefined : [one(argument, leastCurvature(...ends))];
  }
  // Where it bends the other way by as much as either way, the norm of the Hessian says the same.
  const against = bend?.(wanted === 'convex' ? 'down' : 'up', ...ends);
  if (against === undefined || formulaKey(against) === formulaKey(derivativeBound(2, ...ends)))
    return undefined;
  return [one(argument, number(0), against)];
}

/** A fixed factor is a weight; one that is not positive turns convexity around. */
function weighted(
  factor: Expression,
  e: Expression,
  wanted: Wanted,
  weights: readonly Weight[],
  shape: Shape,
): readonly WeightedEntries[] | undefined {
  if (!isFixed(factor)) return undefined;
  return signOf(factor) === 'nonpositive'
    ? entriesOf(e, opposite(wanted), [...weights, { weight: negativeOf(factor), isOutside: false }], shape)
    : entriesOf(e, wanted, [...weights, { weight: factor, isOutside: false }], shape);
}

function innerProduct(
  a: Expression,
  b: Expression,
  wanted: Wanted,
  weights: readonly Weight[],
  multiple: Multiple,
): readonly WeightedEntries[] | undefined {
  const before = outside(weights);
  const found = weighted(a, b, wanted, before, b.shape) ?? weighted(b, a, wanted, before, a.shape);
  return scaled(found, multiple);
}

function outside(weights: readonly Weight[]): readonly Weight[] {
  return weights.map(({ weight }) => ({ weight, isOutside: true }));
}

function transposedVector(e: Expression): Expression | undefined {
  const [inner] = e.kind === 'apply' && e.atom.name === 'transpose' ? e.args : [];
  return inner?.shape.length === 1 ? inner : undefined;
}

/** The arrays that are joined end to end or stacked, in which lower unknowns occur. */
function joinedParts(e: Expression): readonly Expression[] {
  if (e.kind !== 'apply' || (e.atom.name !== 'concat' && e.atom.name !== 'stack')) return [e];
  return e.args.filter((part) => !isFixed(part)).flatMap(joinedParts);
}

function scaled(
  found: readonly WeightedEntries[] | undefined,
  { formula, times }: Multiple,
): readonly WeightedEntries[] | undefined {
  return found?.map((each) => ({
    ...each,
    multiple: multiply(each.multiple, formula),
    square: () => times(each.square()),
  }));
}

/** How often each entry occurs where an array is spread over a larger shape. */
function repetitions(from: Shape, to: Shape): Multiple {
  const formula = divide(sizeOf(to), sizeOf(from));
  return {
    formula,
    times: (e) =>
      sameShape(from, to) ? e : productOf(quotientBy(sizeTerm(to, e.span), sizeTerm(from, e.span)), e),
  };
}

/** sum of w · (least / 2) · inner², over the shape that the entries are summed over. */
function squareOf(
  term: Expression,
  inner: Expression,
  least: Formula,
  weights: readonly Weight[],
  shape: Shape,
): Expression {
  const { span } = term;
  const isOfRows = term.kind === 'apply' && term.atom.name === 'sumsq_rows';
  const entries = isOfRows
    ? applied(sumsqRows, [inner], span)
    : sameShape(inner.shape, term.shape)
      ? applied(square, [inner], span)
      : applied(sumsq, [inner], span);
  // Of parts of an array each entry has the weight of some entry of the whole.
  const isWhole = sameShape(entries.shape, term.shape);
  const product = weights
    .map(({ weight, isOutside }) =>
      weight.shape.length === 0 || (isWhole && !isOutside) ? weight : applied(min, [weight], span),
    )
    .reduce<Expression>((all, weight) => applied(multiplyAtom, [weight, all], span), entries);
  const total = product.shape.length === 0 ? product : applied(sum, [product], span);
  const repeated = isWhole ? repetitions(product.shape, shape).times(total) : total;
  const half = knownLeast(least) / 2;
  if (half === 1) return repeated;
  return productOf({ kind: 'number', value: Math.max(0, half), shape: [], dependence: 0, span }, repeated);
}

function both(
  first: readonly WeightedEntries[] | undefined,
  second: readonly WeightedEntries[] | undefined,
): readonly WeightedEntries[] | undefined {
  return first === undefined || second === undefined ? undefined : [...first, ...second];
}

function opposite(wanted: Wanted): Wanted {
  return wanted === 'convex' ? 'concave' : 'convex';
}
