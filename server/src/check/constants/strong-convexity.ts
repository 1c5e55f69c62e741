/**
 * Lower bounds of the Hessian of the lower objective in x, piece by piece of the unknowns. A term
 * contributes an amount a on a set S of entries (unknowns, or index ranges of them) when its Hessian
 * is >= a P_S, with P_S the projector on these entries. Contributions add, and as the P_S are
 * diagonal, mu = min over entries b of the sum of all contributions with b in S.
 * Rules: sum_k w_k phi(e_k) with e = D x + c affine has Hessian D' diag(w phi'') D, so that it
 * contributes min w · min phi'' · lambda_min(D'D) on the entries that D moves with; e' P e has the
 * Hessian D' (P + P') D, see `ofQuadraticForm`; terms that are convex by
 * composition contribute at least 0; any other term at least −‖its Hessian‖, everywhere.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  add,
  isNonNegative,
  isZero,
  largestAbsolute,
  maximum,
  minimum,
  multiply,
  negate,
  number,
  power,
  smallest,
  smallestEigenvalue,
  zero,
} from '../../atoms/formula.ts';
import { formulaKey } from '../../atoms/formula-key.ts';
import { over } from '../../atoms/formula-over.ts';
import { sizeOfDimension } from '../../atoms/size.ts';
import { asQuadraticForm, asSquare, asSumOfSquares, curvatureOf, isFixed } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import { negativeOf, symmetrisedOf } from './expressions.ts';
import { jointly } from './joint-convexity.ts';
import { isIdentity, linearMapOf, mapNorms, piecesOf } from './linear-map.ts';
import type { Cell, Piece } from './pieces.ts';
import { cellsOf, lowerPieces, overCells } from './pieces.ts';
import { isPositive } from './positivity.ts';
import type { Over, Term } from './terms.ts';
import { signOf, termsOf } from './terms.ts';
import type { Weight, WeightedEntries } from './weighted-entries.ts';
import { entriesOf } from './weighted-entries.ts';

/** What is known of a contribution's sign before the data are seen. */
export type Strength = 'positive' | 'data' | 'negative';

export interface Contribution {
  readonly pieces: readonly Piece[];
  readonly amount: Formula;
  readonly strength: Strength;
  readonly term: Expression;
  /** True when the term could not be shown convex and is counted against the others. */
  readonly nonConvex?: boolean;
  /** Of squares of an affine array: the array, the least second derivative, and a quadratic below the term. */
  readonly inner?: Expression;
  readonly multiple?: Formula;
  readonly square?: () => Expression;
  /** True for a multiple of the square of one unknown, all of it: every direction is as curved as any other. */
  readonly isIsotropic?: boolean;
  /** The amount is positive whatever the data, though its formula does not show it. */
  readonly isSurelyPositive?: boolean;
}

export interface StrongConvexity {
  readonly mu: Formula;
  /** The contributions on each unknown, or on each part of it that has its own. */
  readonly cells: readonly Cell<Contribution>[];
  readonly contributions: readonly Contribution[];
  /** True when mu is positive whatever the data. */
  readonly isPositive: boolean;
}

/** mu of the objective over all x, at the current theta. */
export function strongConvexityOf(
  objective: Expression,
  unknowns: readonly ArraySymbol[],
  everywhere: Calculus,
): StrongConvexity {
  const terms = termsOf(objective, 'without lower unknowns')
    .filter((term) => !isFixed(term.expression))
    .map((term) => ({ term, contributions: ofTerm(term, everywhere) }));
  const apart = addedUp(
    terms.flatMap(({ contributions }) => contributions),
    unknowns,
  );
  if (isPositive(apart.mu)) return apart;
  const joined = jointly(objective, unknowns, terms);
  return joined === undefined ? apart : addedUp(joined, unknowns);
}

function addedUp(contributions: readonly Contribution[], unknowns: readonly ArraySymbol[]): StrongConvexity {
  // Not counted on its own piece, an amount is at worst a negative one on the whole unknown.
  const widen = (each: Contribution): Contribution => ({ ...each, amount: minimum(each.amount, zero) });
  const cells = cellsOf(contributions, unknowns, widen);
  const mu = overCells(cells, sumOf, minimum, false);
  return { mu, cells, contributions, isPositive: isPositive(mu) || cells.every(isSurelyPositive) };
}

function isSurelyPositive({ bounds }: Cell<Contribution>): boolean {
  const [sure, others] = [true, false].map((kind) =>
    bounds.filter((each) => (each.isSurelyPositive === true) === kind),
  ) as [Contribution[], Contribution[]];
  const rest = add(...others.map(({ amount }) => amount));
  return isPositive(rest) || (sure.length > 0 && isNonNegative(rest));
}

/**
 * a_i P_i for each i, summed. Where the pieces are those of slices that belong to i they are disjoint, so
 * the least counts; where they are the same for all i the amounts add; where there are both, the least
 * positive amount is there in any case, and negative amounts add.
 */
function overIndices(contribution: Contribution, sums: readonly Over[]): Contribution {
  return sums.reduceRight((each, { index, dimension }) => {
    const reduce = (how: 'minimum' | 'sum', amount: Formula): Formula =>
      over(how, index, dimension, sizeOfDimension(dimension), amount);
    const own = each.pieces.filter(({ symbol }) => symbol.slice?.index === index);
    const { amount } = each;
    if (own.length === each.pieces.length) return { ...each, amount: reduce('minimum', amount) };
    if (own.length === 0) return { ...each, amount: reduce('sum', amount) };
    return {
      ...each,
      amount: add(reduce('minimum', maximum(amount, zero)), reduce('sum', minimum(amount, zero))),
    };
  }, contribution);
}

/** Terms never change: what one contributes is known, in whatever objective, with its sums. */
const known = new WeakMap<Term, readonly Contribution[]>();

function ofTerm(term: Term, everywhere: Calculus): readonly Contribution[] {
  let found = known.get(term);
  if (found === undefined) {
    found = contributionsOf(term, everywhere).map((each) => overIndices(each, term.over));
    known.set(term, found);
  }
  return found;
}

/** Of a cell: contributions that an edit left alone have the same sum as before. */
const sums = new WeakMap<Contribution, { readonly of: readonly Contribution[]; readonly sum: Formula }>();

function sumOf(contributions: readonly Contribution[]): Formula {
  const [first] = contributions;
  if (first === undefined) return zero;
  const before = sums.get(first);
  const isSame = before?.of.length === contributions.length;
  if (before !== undefined && isSame && before.of.every((each, at) => each === contributions[at]))
    return before.sum;
  const sum = add(...contributions.map(({ amount }) => amount));
  sums.set(first, { of: contributions, sum });
  return sum;
}

function contributionsOf(term: Term, everywhere: Calculus): readonly Contribution[] {
  const { expression, coefficient, absolute, sign } = term;
  const form = ofQuadraticForm(term, everywhere);
  if (form !== undefined) return [form];
  const entries =
    sign === 'unknown' ? undefined : entriesOf(expression, sign === 'nonnegative' ? 'convex' : 'concave');
  if (entries !== undefined && entries.length > 0) {
    const multiple = sign === 'nonnegative' ? coefficient : absolute;
    const found = entries.map((each) => contributionOf(each, multiple));
    if (found.every((each) => each !== undefined)) return found;
  }
  return [fallback(term, everywhere)];
}

/**
 * How far the eigenvalues of a term's Hessian are below 0 at most, for all x; `norm` bounds its norm, which is
 * the answer where the signs of its parts are not known.
 */
export function mostNegative(term: Term, everywhere: Calculus, norm: Formula): Formula {
  const unknown = contributionsOf(term, everywhere).filter(({ amount }) => !isNonNegative(amount));
  if (unknown.some(({ strength }) => strength !== 'negative')) return norm;
  return add(...unknown.map(({ amount }) => negate(amount)));
}

/**
 * ± e' P e with e = D x + c: the Hessian is D' S D, S = ±(P + P'), and for s = lambda_min(S)
 * D' S D >= s D'D, which is >= s lambda_min(D'D) P_S when s >= 0 and >= s ‖D‖² P_S when s < 0.
 */
function ofQuadraticForm(
  { expression, absolute, sign }: Term,
  everywhere: Calculus,
): Contribution | undefined {
  const form = asQuadraticForm(expression);
  if (form === undefined || sign === 'unknown' || curvatureOf(form.inner) !== 'affine') return undefined;
  const symmetric = symmetrisedOf(form.matrices);
  const least = smallestEigenvalue(sign === 'nonnegative' ? symmetric : negativeOf(symmetric));
  const map = linearMapOf(form.inner, 'lower');
  const square = power(everywhere.bound(form.inner, { x: 1, theta: 0 }, 'euclid'), 2);
  const gram = map === undefined ? zero : mapNorms(map).gram;
  const bound =
    formulaKey(gram) === formulaKey(square)
      ? multiply(least, gram)
      : add(multiply(maximum(least, zero), gram), multiply(minimum(least, zero), square));
  return {
    pieces: map === undefined ? lowerPieces(form.inner) : piecesOf(map),
    amount: multiply(absolute, bound),
    strength: 'data',
    term: expression,
  };
}

/** Convex by composition: nothing is taken away; otherwise the norm of the Hessian is. */
function fallback({ expression, absolute, sign }: Term, everywhere: Calculus): Contribution {
  const curvature = curvatureOf(expression);
  const pieces = lowerPieces(expression);
  const helps =
    curvature === 'affine' ||
    (curvature === 'convex' && sign === 'nonnegative') ||
    (curvature === 'concave' && sign === 'nonpositive');
  if (helps) return { pieces, amount: zero, strength: 'data', term: expression };
  const amount = negate(multiply(absolute, everywhere.bound(expression, { x: 2, theta: 0 })));
  return {
    pieces,
    amount,
    strength: isZero(amount) ? 'data' : 'negative',
    term: expression,
    nonConvex: true,
  };
}

function contributionOf(entries: WeightedEntries, coefficient: Formula): Contribution | undefined {
  const { weights, inner, least, against, term, multiple } = entries;
  const map = linearMapOf(inner, 'lower');
  if (map === undefined ? curvatureOf(inner) !== 'affine' : map.parts.length === 0) return undefined;
  const squares =
    least.kind === 'number' && least.value === 2 && (asSquare(term) ?? asSumOfSquares(term)) !== undefined;
  const unknownSigns = weights.filter(({ weight }) => signOf(weight) !== 'nonnegative');
  const whole = multiply(coefficient, multiple);
  if (map === undefined) {
    return unknownSigns.length > 0 || against !== undefined
      ? undefined
      : { pieces: lowerPieces(inner), amount: zero, strength: 'data', term, square: entries.square };
  }
  const norms = mapNorms(map);
  if (unknownSigns.length > 0) {
    // min w may be negative: then D' diag(w phi'') D >= min w · max phi'' · ‖D‖², known for squares only.
    if (!squares || weights.length > 1) return undefined;
    const weight = smallest((weights[0] as Weight).weight);
    const amount = add(
      multiply(maximum(weight, zero), number(2), norms.gram),
      multiply(minimum(weight, zero), number(2), norms.euclid, norms.euclid),
    );
    return {
      pieces: piecesOf(map),
      amount: multiply(whole, amount),
      strength: 'data',
      term,
      nonConvex: true,
    };
  }
  if (against !== undefined) {
    const largestWeight = multiply(...weights.map(({ weight }) => largestAbsolute(weight)));
    const amount = negate(multiply(whole, largestWeight, against, power(norms.euclid, 2)));
    const strength = isZero(amount) ? 'data' : 'negative';
    return { pieces: piecesOf(map), amount, strength, term, nonConvex: true };
  }
  const smallestWeight = multiply(...weights.map(({ weight }) => smallest(weight)));
  const curved = multiply(whole, smallestWeight, maximum(least, zero));
  const amount = multiply(curved, norms.gram);
  const strength = isPositive(amount) ? 'positive' : 'data';
  const found = { pieces: piecesOf(map), amount, strength, term } as const;
  if (isZero(curved)) return found;
  const isIsotropic = isIdentity(map) && weights.every(({ weight }) => weight.shape.length === 0);
  return { ...found, inner, multiple: curved, square: entries.square, isIsotropic };
}
