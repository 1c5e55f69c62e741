/**
 * Lower bounds of the Hessian of the lower objective in x, block by block of the unknowns. A term
 * contributes an amount a on a set S of unknowns when its Hessian is >= a P_S, with P_S the
 * projector on these unknowns. Contributions add, and as the P_S are diagonal,
 * mu = min over unknowns b of the sum of all contributions with b in S.
 * Rules: sum_k w_k phi(e_k) with e = D x + c affine has Hessian D' diag(w phi'') D, so that it
 * contributes min w · min phi'' · lambda_min(D'D) on the unknowns of D; terms that are convex by
 * composition contribute at least 0; any other term at least −‖its Hessian‖, everywhere.
 */
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import {
  add,
  divide,
  isNonNegative,
  isZero,
  largestAbsolute,
  maximum,
  minimum,
  multiply,
  negate,
  number,
  one,
  smallest,
  zero,
} from '../../atoms/formula.ts';
import type { Shape } from '../../base/dimension.ts';
import { argumentFacts, asSquare, asSumOfSquares, curvatureOf, isFixed, rangeOf } from '../curvature.ts';
import type { Calculus } from './calculus.ts';
import { sizeOf } from './expressions.ts';
import { linearMapOf, mapNorms, unknownsOf } from './linear-map.ts';
import type { Term } from './terms.ts';
import { lowerNames, signOf, termsOf } from './terms.ts';

/** What is known of a contribution's sign before the data are seen. */
export type Strength = 'positive' | 'data' | 'negative';

export interface Contribution {
  readonly unknowns: ReadonlySet<string>;
  readonly amount: Formula;
  readonly strength: Strength;
  readonly term: Expression;
  /** True when the term could not be shown convex and is counted against the others. */
  readonly nonConvex?: boolean;
}

export interface StrongConvexity {
  readonly mu: Formula;
  /** The contributions on each unknown. */
  readonly blocks: ReadonlyMap<string, readonly Contribution[]>;
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
    .flatMap((term) => ofTerm(term, everywhere));
  const blocks = new Map(
    unknowns.map(({ name }) => [name, contributions.filter((each) => each.unknowns.has(name))] as const),
  );
  // What counts in every unknown stands outside the minimum.
  const isCommon = (each: Contribution): boolean => unknowns.every(({ name }) => each.unknowns.has(name));
  const total = (parts: readonly Contribution[]): Formula => add(...parts.map((each) => each.amount));
  const sums = [...blocks.values()].map((block) => total(block.filter((each) => !isCommon(each))));
  const mu = sums.length === 0 ? zero : add(total(contributions.filter(isCommon)), minimum(...sums));
  return { mu, blocks, contributions };
}

function ofTerm(term: Term, everywhere: Calculus): readonly Contribution[] {
  const { expression, coefficient, sign } = term;
  const summed = asSumOfSquares(expression);
  let entries: readonly WeightedEntries[] = [];
  if (summed !== undefined)
    entries = [{ weights: [], inner: summed, least: number(2), term: expression, multiple: one }];
  else if (expression.kind === 'apply' && ['sum', 'mean', 'dot'].includes(expression.atom.name)) {
    entries = entriesOfSum(expression);
  } else if (expression.shape.length === 0) entries = entriesOf(expression, [], expression.shape);
  if (entries.length > 0 && sign === 'nonnegative') {
    const found = entries.map((each) => contributionOf(each, coefficient));
    if (found.every((each) => each !== undefined)) return found;
  }
  return [fallback(term, everywhere)];
}

/** Convex by composition: nothing is taken away; otherwise the norm of the Hessian is. */
function fallback({ expression, absolute, sign }: Term, everywhere: Calculus): Contribution {
  const curvature = curvatureOf(expression);
  const unknowns = lowerNames(expression);
  const helps =
    curvature === 'affine' ||
    (curvature === 'convex' && sign === 'nonnegative') ||
    (curvature === 'concave' && sign === 'nonpositive');
  if (helps) return { unknowns, amount: zero, strength: 'data', term: expression };
  const amount = negate(multiply(absolute, everywhere.bound(expression, { x: 2, theta: 0 })));
  return {
    unknowns,
    amount,
    strength: isZero(amount) ? 'data' : 'negative',
    term: expression,
    nonConvex: true,
  };
}

/** sum_k w_k phi(inner_k) with phi'' >= least and the weights a product of fixed arrays. */
interface WeightedEntries {
  readonly weights: readonly Expression[];
  readonly inner: Expression;
  readonly least: Formula;
  readonly term: Expression;
  /** How often the inner array is repeated, and 1/n of a mean. */
  readonly multiple: Formula;
}

function entriesOfSum(e: Expression & { kind: 'apply' }): readonly WeightedEntries[] {
  const [a, b] = e.args as readonly [Expression, Expression | undefined];
  if (e.atom.name === 'dot' && b !== undefined) {
    if (isFixed(a)) return entriesOf(b, [a], b.shape);
    return isFixed(b) ? entriesOf(a, [b], a.shape) : [];
  }
  const found = entriesOf(a, [], a.shape);
  if (e.atom.name !== 'mean') return found;
  const count = sizeOf(a.shape);
  return found.map((each) => ({ ...each, multiple: divide(each.multiple, count) }));
}

/** Splits an array whose entries are summed over `shape`; empty when a part has no rule. */
function entriesOf(e: Expression, weights: readonly Expression[], shape: Shape): readonly WeightedEntries[] {
  if (isFixed(e)) return [];
  const multiple = divide(sizeOf(shape), sizeOf(e.shape));
  const squared = asSquare(e);
  if (squared !== undefined) return [{ weights, inner: squared, least: number(2), term: e, multiple }];
  if (e.kind !== 'apply') return [];
  const [a, b] = e.args as readonly [Expression, Expression];
  switch (e.atom.name) {
    case 'add': {
      const parts = [a, b].filter((part) => !isFixed(part)).map((part) => entriesOf(part, weights, shape));
      return parts.some((part) => part.length === 0) ? [] : parts.flat();
    }
    case 'subtract':
      return isFixed(b) ? entriesOf(a, weights, shape) : [];
    case 'divide': {
      if (!isFixed(b) || b.shape.length > 0 || signOf(b) !== 'nonnegative') return [];
      const parts = entriesOf(a, weights, shape);
      return parts.map((part) => ({ ...part, multiple: divide(part.multiple, largestAbsolute(b)) }));
    }
    case 'multiply':
    case 'matmul':
      if (e.atom.name === 'matmul' && a.shape.length > 0 && b.shape.length > 0) return [];
      if (isFixed(a)) return entriesOf(b, [...weights, a], shape);
      return isFixed(b) ? entriesOf(a, [...weights, b], shape) : [];
    case 'sumsq_rows':
      // Sum over the rows of w_i ‖a_i‖²: each weight serves a whole row.
      return [{ weights, inner: a, least: number(2), term: e, multiple }];
    default: {
      const { leastCurvature } = e.atom;
      // The bound is one of convex atoms: t³ has it for t >= 0 only.
      const isConvex = e.atom.curvature(argumentFacts(e), e.parameters) === 'convex';
      if (leastCurvature === undefined || e.args.length !== 1 || !isConvex) return [];
      const { lower, upper } = rangeOf(a);
      const least = leastCurvature(number(lower), number(upper), e.parameters);
      return [{ weights, inner: a, least, term: e, multiple }];
    }
  }
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
      unknowns: lowerNames(inner),
      amount: multiply(whole, amount),
      strength: 'data',
      term,
      nonConvex: true,
    };
  }
  const smallestWeight = multiply(...weights.map(smallest));
  const amount = multiply(whole, smallestWeight, maximum(least, zero), norms.gram);
  const strength = isPositive(amount) ? 'positive' : 'data';
  return { unknowns: unknownsOf(map), amount, strength, term };
}

/** exp has the range (0, inf), of which an interval keeps only [0, inf). */
function alwaysPositive(e: Expression): boolean {
  if (e.kind === 'dimension') return true;
  if (e.kind === 'number') return e.value > 0;
  if (rangeOf(e).lower > 0) return true;
  if (e.kind !== 'apply') return false;
  switch (e.atom.name) {
    case 'exp':
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
      if (operation === 'negate') return false;
      if (operation === 'maximum') return args.some(isPositive);
      if (operation === 'add') return isPositiveSum(args);
      if (operation === 'power') return isPositive(args[0] as Formula);
      return args.every(isPositive);
    }
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
