/**
 * An objective as a sum of scalar terms: through +, −, multiples and quotients by scalars in which
 * no lower unknown occurs. Each term keeps its coefficient as a signed formula. Where derivatives in
 * theta are wanted, only multiples in which no unknown at all occurs may be split off.
 */
import type { Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { divide, largestAbsolute, multiply, negate, one, value } from '../../atoms/formula.ts';
import { isData, isFixed, rangeOf } from '../curvature.ts';

export type Sign = 'nonnegative' | 'nonpositive' | 'unknown';

export interface Term {
  readonly expression: Expression;
  /** The signed value of what stands in front. */
  readonly coefficient: Formula;
  readonly absolute: Formula;
  readonly sign: Sign;
}

type Multiples = 'without lower unknowns' | 'of data';

export function termsOf(objective: Expression, multiples: Multiples): readonly Term[] {
  const splits = multiples === 'of data' ? isData : isFixed;
  return split({ expression: objective, coefficient: one, absolute: one, sign: 'nonnegative' }, splits);
}

function split(term: Term, splits: (e: Expression) => boolean): readonly Term[] {
  const { expression } = term;
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

function negated(term: Term): Term {
  return { ...term, coefficient: negate(term.coefficient), sign: opposite(term.sign) };
}

function scaled(term: Term, expression: Expression, factor: Expression, reciprocal: boolean): Term {
  const apply = reciprocal ? divide : multiply;
  return {
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
  if (e.kind !== 'apply' || isFixed(e)) return new Set();
  return e.args.map(lowerNames).reduce((union, names) => union.union(names), new Set<string>());
}
