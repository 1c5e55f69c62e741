/**
 * Scalar terms as sums sum_k w_k phi(inner_k) with fixed weights w and a known least |phi''|: what can be
 * strongly convex beyond squares. Sums, means, inner products, multiples and differences are gone
 * through with the sign that convexity needs there: −entr(x) counts as log(x) does in −log(x). Parts that
 * are affine or fixed curve nothing and are left out.
 */
import { reducedAway } from '../../atoms/axis.ts';
import { definitionOf } from '../../atoms/definition.ts';
import type { ApplyTerm, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { divide, largestAbsolute, multiply, number } from '../../atoms/formula.ts';
import { sizeOf } from '../../atoms/size.ts';
import type { Shape } from '../../base/dimension.ts';
import { argumentFacts, asSquare, asSumOfSquares, curvatureOf, isFixed, rangeOf } from '../curvature.ts';
import { negativeOf } from './expressions.ts';
import { signOf } from './terms.ts';

export type Wanted = 'convex' | 'concave';

export interface WeightedEntries {
  readonly weights: readonly Expression[];
  readonly inner: Expression;
  /** A lower bound of |phi''|. */
  readonly least: Formula;
  readonly term: Expression;
  /** How often the inner array is repeated, and 1/n of a mean. */
  readonly multiple: Formula;
}

/** Splits an array whose entries are summed over `shape`; undefined when a part has no rule. */
export function entriesOf(
  e: Expression,
  wanted: Wanted,
  weights: readonly Expression[] = [],
  shape: Shape = e.shape,
): readonly WeightedEntries[] | undefined {
  if (curvatureOf(e) === 'constant' || curvatureOf(e) === 'affine') return [];
  if (e.kind !== 'apply') return undefined;
  const multiple = divide(sizeOf(shape), sizeOf(e.shape));
  const one = (inner: Expression, least: Formula): WeightedEntries => ({
    weights,
    inner,
    least,
    term: e,
    multiple,
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
      return scaled(entriesOf(a, wanted, weights), multiple);
    case 'mean':
      return scaled(
        entriesOf(a, wanted, weights),
        divide(multiple, sizeOf(reducedAway(a.shape, e.parameters))),
      );
    case 'divide': {
      if (!isFixed(b) || b.shape.length > 0 || signOf(b) !== 'nonnegative') return undefined;
      return scaled(entriesOf(a, wanted, weights, shape), divide(number(1), largestAbsolute(b)));
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

/** phi of each entry, where phi is curved as wanted on the whole range of its argument. */
function ofFunction(
  e: ApplyTerm,
  wanted: Wanted,
  one: (inner: Expression, least: Formula) => WeightedEntries,
): readonly WeightedEntries[] | undefined {
  const { atom, args, parameters } = e;
  const [argument] = args;
  if (atom.leastCurvature === undefined || argument === undefined || args.length !== 1) return undefined;
  if (atom.curvature(argumentFacts(e), parameters) !== wanted) return undefined;
  const { lower, upper } = rangeOf(argument);
  return [one(argument, atom.leastCurvature(number(lower), number(upper), parameters))];
}

/** A fixed factor is a weight; one that is not positive turns convexity around. */
function weighted(
  factor: Expression,
  e: Expression,
  wanted: Wanted,
  weights: readonly Expression[],
  shape: Shape,
): readonly WeightedEntries[] | undefined {
  if (!isFixed(factor)) return undefined;
  return signOf(factor) === 'nonpositive'
    ? entriesOf(e, opposite(wanted), [...weights, negativeOf(factor)], shape)
    : entriesOf(e, wanted, [...weights, factor], shape);
}

function innerProduct(
  a: Expression,
  b: Expression,
  wanted: Wanted,
  weights: readonly Expression[],
  multiple: Formula,
): readonly WeightedEntries[] | undefined {
  const found = weighted(a, b, wanted, weights, b.shape) ?? weighted(b, a, wanted, weights, a.shape);
  return scaled(found, multiple);
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
  by: Formula,
): readonly WeightedEntries[] | undefined {
  return found?.map((each) => ({ ...each, multiple: multiply(each.multiple, by) }));
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
