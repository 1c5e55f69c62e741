/**
 * Where the value of a formula lies whatever the data and wherever the unknowns are in their sets, as an
 * interval of plain numbers: what can be said while one types. `staticRange` does not round its ends outwards, so
 * they decide what to tell the author, never a bound; `outwardRange` does.
 */
import type { Expression, Interval } from '../../atoms/expression.ts';
import { wholeLine } from '../../atoms/expression.ts';
import type { Formula, FormulaOperation } from '../../atoms/formula.ts';
import { constantDimension } from '../../base/dimension.ts';
import { rangeOf } from '../curvature.ts';

export function staticRange(formula: Formula): Interval {
  return evaluated(formula, (interval) => interval);
}

/** The same for a formula of numbers alone, made a little wider after every operation that rounds. */
export function outwardRange(formula: Formula): Interval {
  return isOfNumbers(formula) ? evaluated(formula, widened) : wholeLine;
}

/** Wider by more than a function of the library is off; the whole line where nothing is known. */
export function widened({ lower, upper }: Interval): Interval {
  if (Number.isNaN(lower) || Number.isNaN(upper)) return wholeLine;
  const room = (end: number): number =>
    Number.isFinite(end) ? Math.abs(end) * 8 * Number.EPSILON + Number.MIN_VALUE : 0;
  return { lower: lower - room(lower), upper: upper + room(upper) };
}

function isOfNumbers(formula: Formula): boolean {
  return formula.kind === 'number' || (formula.kind === 'operation' && formula.args.every(isOfNumbers));
}

function evaluated(formula: Formula, round: (interval: Interval) => Interval): Interval {
  switch (formula.kind) {
    case 'number':
      return { lower: formula.value, upper: formula.value };
    case 'radius':
      return { lower: 0, upper: Infinity };
    case 'over': {
      const body = evaluated(formula.body, round);
      if (formula.reduce !== 'sum') return body;
      const count = constantDimension(formula.dimension);
      return {
        lower: Math.min(0, body.lower) * (count ?? Infinity) || 0,
        upper: Math.max(0, body.upper) * (count ?? Infinity) || 0,
      };
    }
    case 'functional': {
      const { functional, args } = formula;
      const [only] = args;
      if (only === undefined) return wholeLine;
      switch (functional) {
        case 'largest':
        case 'smallest':
        case 'value':
          return rangeOf(only);
        case 'largest_absolute':
          return absolute(rangeOf(only));
        case 'spectral_norm':
          return { lower: 0, upper: args.length === 1 ? normOf(only) : Infinity };
        case 'norm':
          return { lower: 0, upper: only.shape.length <= 1 ? normOf(only) : frobeniusOf(only) };
        case 'smallest_eigenvalue':
          return wholeLine;
        default:
          return { lower: 0, upper: Infinity };
      }
    }
    case 'operation':
      return ofOperation(
        formula.operation,
        formula.args.map((argument) => evaluated(argument, round)),
        round,
      );
  }
}

/** An upper bound of the spectral norm over the declared sets; of a vector its 2-norm. */
function normOf(e: Expression): number {
  const entries = frobeniusOf(e);
  if (e.kind === 'symbol') return Math.min(e.symbol.norm ?? Infinity, entries);
  if (e.kind !== 'apply') return entries;
  const [a, b] = e.args as readonly [Expression, Expression];
  const size = (of: Expression): number => (of.shape.length === 0 ? absolute(rangeOf(of)).upper : normOf(of));
  const bound = ((): number => {
    switch (e.atom.name) {
      case 'transpose':
      case 'negate':
        return normOf(a);
      case 'add':
      case 'subtract':
        return a.shape.length === b.shape.length ? normOf(a) + normOf(b) : Infinity;
      case 'matmul':
        return times(size(a), size(b));
      case 'multiply':
        return a.shape.length === 0 || b.shape.length === 0 ? times(size(a), size(b)) : Infinity;
      case 'divide':
        return b.shape.length === 0 ? times(normOf(a), 1 / nearest(rangeOf(b))) : Infinity;
      case 'diag':
        return e.shape.length === 2 ? absolute(rangeOf(a)).upper : Infinity;
      default:
        return Infinity;
    }
  })();
  return Math.min(bound, entries);
}

/** The largest absolute entry times the root of their number, where that is known. */
function frobeniusOf(e: Expression): number {
  const count = e.shape.reduce(
    (product, dimension) => product * (constantDimension(dimension) ?? Infinity),
    1,
  );
  return times(absolute(rangeOf(e)).upper, Math.sqrt(count));
}

function ofOperation(
  operation: FormulaOperation,
  args: readonly Interval[],
  round: (interval: Interval) => Interval,
): Interval {
  const [first, second] = args as readonly [Interval, Interval];
  switch (operation) {
    case 'add':
      return args.reduce((a, b) => round({ lower: a.lower + b.lower, upper: a.upper + b.upper }));
    case 'multiply':
      return args.reduce((a, b) => round(product(a, b)));
    case 'divide': {
      if (second.lower <= 0 && second.upper >= 0) {
        return first.lower >= 0 && second.lower >= 0 ? { lower: 0, upper: Infinity } : wholeLine;
      }
      return round(product(first, round({ lower: 1 / second.upper, upper: 1 / second.lower })));
    }
    case 'maximum':
      return args.reduce((a, b) => ({
        lower: Math.max(a.lower, b.lower),
        upper: Math.max(a.upper, b.upper),
      }));
    case 'minimum':
      return args.reduce((a, b) => ({
        lower: Math.min(a.lower, b.lower),
        upper: Math.min(a.upper, b.upper),
      }));
    case 'negate':
      return { lower: -first.upper, upper: -first.lower };
    case 'sqrt':
      return round({
        lower: Math.sqrt(Math.max(0, first.lower)),
        upper: Math.sqrt(Math.max(0, first.upper)),
      });
    case 'exp':
      return round({ lower: Math.exp(first.lower), upper: Math.exp(first.upper) });
    case 'log':
      return round({ lower: Math.log(Math.max(0, first.lower)), upper: Math.log(Math.max(0, first.upper)) });
    case 'power': {
      const exponent = second.lower;
      const base = Number.isInteger(exponent) && exponent % 2 !== 0 ? first : absolute(first);
      if (exponent < 0 && base.lower < 0 && base.upper > 0) return wholeLine;
      const ends = [base.lower ** exponent, base.upper ** exponent];
      return round({ lower: Math.min(...ends), upper: Math.max(...ends) });
    }
  }
}

/** 0 times infinity is 0, as in formulas. */
function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

function product(a: Interval, b: Interval): Interval {
  const ends = [a.lower, a.upper].flatMap((left) => [b.lower, b.upper].map((right) => times(left, right)));
  return { lower: Math.min(...ends), upper: Math.max(...ends) };
}

function absolute({ lower, upper }: Interval): Interval {
  if (lower >= 0) return { lower, upper };
  return upper <= 0 ? { lower: -upper, upper: -lower } : { lower: 0, upper: Math.max(-lower, upper) };
}

function nearest(interval: Interval): number {
  return absolute(interval).lower;
}
