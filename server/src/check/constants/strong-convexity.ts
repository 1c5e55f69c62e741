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
  formulaKey,
  isNonNegative,
  isZero,
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
import { over } from '../../atoms/formula-over.ts';
import { sizeOfDimension } from '../../atoms/size.ts';
import { asQuadraticForm, asSquare, asSumOfSquares, curvatureOf, isFixed, rangeOf } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import { negativeOf, symmetrisedOf } from './expressions.ts';
import { linearMapOf, mapNorms, piecesOf } from './linear-map.ts';
import type { Cell, Piece } from './pieces.ts';
import { cellsOf, lowerPieces, overCells } from './pieces.ts';
import type { Over, Term } from './terms.ts';
import { signOf, termsOf } from './terms.ts';
import type { WeightedEntries } from './weighted-entries.ts';
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
}

export interface StrongConvexity {
  readonly mu: Formula;
  /** The contributions on each unknown, or on each part of it that has its own. */
  readonly cells: readonly Cell<Contribution>[];
  readonly contributions: readonly Contribution[];
}

/** mu of the objective over all x, at the current theta. */
export function strongConvexityOf(
  objective: Expression,
  unknowns: readonly ArraySymbol[],
  everywhere: Calculus,
): StrongConvexity {
  const contributions = termsOf(objective, 'without lower unknowns')
    .filter((term) => !isFixed(term.expression))
    .flatMap((term) => ofTerm(term, everywhere).map((each) => overIndices(each, term.over)));
  // Not counted on its own piece, an amount is at worst a negative one on the whole unknown.
  const widen = (each: Contribution): Contribution => ({ ...each, amount: minimum(each.amount, zero) });
  const cells = cellsOf(contributions, unknowns, widen);
  const mu = overCells(cells, (each) => each.amount, minimum, false);
  return { mu, cells, contributions };
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

/** Terms never change: what one contributes is known for its last multiple, in whatever objective. */
const known = new WeakMap<
  Expression,
  { readonly multiple: string; readonly found: readonly Contribution[] }
>();

function ofTerm(term: Term, everywhere: Calculus): readonly Contribution[] {
  const multiple = `${term.sign} ${formulaKey(term.coefficient)} ${formulaKey(term.absolute)}`;
  const before = known.get(term.expression);
  if (before?.multiple === multiple) return before.found;
  const found = contributionsOf(term, everywhere);
  known.set(term.expression, { multiple, found });
  return found;
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
  const { weights, inner, least, term, multiple } = entries;
  const map = linearMapOf(inner, 'lower');
  if (map === undefined || map.parts.length === 0) return undefined;
  const squares =
    least.kind === 'number' && least.value === 2 && (asSquare(term) ?? asSumOfSquares(term)) !== undefined;
  const unknownSigns = weights.filter((weight) => signOf(weight) !== 'nonnegative');
  const norms = mapNorms(map);
  const whole = multiply(coefficient, multiple);
  if (unknownSigns.length > 0) {
    // min w may be negative: then D' diag(w phi'') D >= min w · max phi'' · ‖D‖², known for squares only.
    if (!squares || weights.length > 1) return undefined;
    const weight = smallest(weights[0] as Expression);
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
  const smallestWeight = multiply(...weights.map(smallest));
  const amount = multiply(whole, smallestWeight, maximum(least, zero), norms.gram);
  const strength = isPositive(amount) ? 'positive' : 'data';
  return { pieces: piecesOf(map), amount, strength, term };
}

/** exp has the range (0, inf), of which an interval keeps only [0, inf). */
function alwaysPositive(e: Expression): boolean {
  if (e.kind === 'dimension') return true;
  if (e.kind === 'number') return e.value > 0;
  if (rangeOf(e).lower > 0) return true;
  if (e.kind !== 'apply') return false;
  switch (e.atom.name) {
    case 'exp':
    case 'cosh':
    case 'sigmoid':
    case 'softplus':
    case 'logistic_loss':
      return true;
    case 'add':
      return e.args.some(alwaysPositive) && e.args.every((argument) => rangeOf(argument).lower >= 0);
    case 'multiply':
    case 'matmul':
    case 'divide':
    case 'sum':
    case 'mean':
    case 'index':
    case 'transpose':
    case 'reshape':
    case 'concat':
    case 'stack':
    case 'permute_axes':
    case 'flip':
    case 'roll':
    case 'cumsum':
      return e.args.every(alwaysPositive);
    default:
      return false;
  }
}

/** Positive whatever the data: numbers, sizes, exponentials, and their products and quotients. */
export function isPositive(formula: Formula): boolean {
  switch (formula.kind) {
    case 'number':
      return formula.value > 0;
    case 'radius':
      return false;
    case 'functional': {
      const signed = ['largest', 'smallest', 'value', 'largest_absolute'].includes(formula.functional);
      return signed && formula.args.every(alwaysPositive);
    }
    case 'operation': {
      const { operation, args } = formula;
      if (operation === 'exp') return true;
      if (operation === 'negate' || operation === 'log') return false;
      if (operation === 'maximum') return args.some(isPositive);
      if (operation === 'add') return isPositiveSum(args);
      if (operation === 'power') return isPositive(args[0] as Formula);
      return args.every(isPositive);
    }
    case 'over':
      return isPositive(formula.body);
  }
}

/** Numbers whose sum is not a double stand apart; a few roundings are far below the margin. */
function isPositiveSum(args: readonly Formula[]): boolean {
  const numbers = args.flatMap((each) => (each.kind === 'number' ? [each.value] : []));
  const others = args.filter((each) => each.kind !== 'number');
  const total = numbers.reduce((sum, each) => sum + each, 0);
  const margin = 1e-12 * numbers.reduce((sum, each) => sum + Math.abs(each), 0);
  if (!others.every((each) => isNonNegative(each) || isPositive(each))) return false;
  return total > margin || (total >= 0 && numbers.every((each) => each >= 0) && others.some(isPositive));
}
