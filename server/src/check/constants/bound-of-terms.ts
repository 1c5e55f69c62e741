/**
 * The bound of a derivative of an objective from bounds of its terms: terms in different unknowns have their
 * derivatives in different blocks, so there the largest counts, not the sum. On the ball a constant keeps the
 * shares of its terms, so that what is left of it without a term that has no bound can be told.
 */
import type { Span } from '../../base/span.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { add, isInfinite, isZero, maximum, multiply, power, squareRoot, zero } from '../../atoms/formula.ts';
import { formatExpression, formatFormula } from '../../atoms/formula-text.ts';
import type { ConstantShares, DerivedConstant } from '../problem.ts';
import { Calculus } from './calculus.ts';
import type { Order } from './derivative-rules.ts';
import { cellsOf, lowerPieces, overCells } from './pieces.ts';
import type { Term } from './terms.ts';
import { derivativeOverAll, lowerNames, termsOf } from './terms.ts';

/** A scalar in the lower unknowns `unknowns`, and the place to blame where no term is. */
export interface Whole {
  readonly objective: Expression;
  readonly unknowns: readonly ArraySymbol[];
  readonly span: Span;
}

interface TermBound {
  readonly term: Term;
  readonly formula: Formula;
}

/** An upper bound of the derivative of this order, over the region of the calculus; `what` names it. */
export function boundOfTerms(
  { objective, unknowns, span }: Whole,
  calculus: Calculus,
  order: Order,
  what: string,
): DerivedConstant {
  const bounds = splitFor(objective, order)
    .map((term) => ({ term, formula: boundOfTerm(term, calculus, order) }))
    .filter(({ formula }) => !isZero(formula));
  const formula = combine(bounds, unknowns, order);
  const responsible = bounds.find((bound) => isInfinite(bound.formula)) ?? bounds[0];
  const from = responsible?.term.expression.span ?? span;
  if (responsible === undefined)
    return { formula, kind: 'certified', from, because: `${what} is constant or zero` };
  const words = (bound: TermBound): string =>
    `${formatFormula(bound.formula)} by \`${formatExpression(bound.term.expression)}\``;
  const because = isInfinite(formula)
    ? `no finite bound of ${what} is known for \`${formatExpression(responsible.term.expression)}\``
    : `${what} is at most ${bounds.map(words).join('; ')}`;
  return { formula, kind: 'certified', from, because };
}

/** The same on the ball, with the shares of the terms. */
export function boundOnBall(
  whole: Whole,
  ball: Calculus,
  order: Order,
  what: string,
): DerivedConstant & { readonly shares: () => ConstantShares } {
  const shares = (): ConstantShares => {
    const terms = splitFor(whole.objective, order);
    const smooth = new Calculus('ball', { leavesKinksOut: true });
    return {
      terms: terms.map((term) => ({
        name: formatExpression(unboundedPart(term.expression, ball, order)),
        bound: boundOfTerm(term, ball, order),
        smoothPart: boundOfTerm(term, smooth, order),
      })),
      combine: (formulas) => {
        const bounds = terms.map((term, at) => ({ term, formula: formulas[at] ?? zero }));
        return combine(
          bounds.filter(({ formula }) => !isZero(formula)),
          whole.unknowns,
          order,
        );
      },
    };
  };
  return { ...boundOfTerms(whole, ball, order, what), shares };
}

/** The innermost part that has no bound whatever the data, or all of it. */
export function unboundedPart(e: Expression, calculus: Calculus, order: Order): Expression {
  const part = partsOf(e).find((each) => isInfinite(calculus.bound(each, order, 'euclid')));
  return part === undefined ? e : unboundedPart(part, calculus, order);
}

function splitFor(objective: Expression, order: Order): readonly Term[] {
  return termsOf(objective, order.theta > 0 ? 'of data' : 'without lower unknowns');
}

function boundOfTerm({ absolute, expression, over }: Term, calculus: Calculus, order: Order): Formula {
  return derivativeOverAll(over, expression, order, multiply(absolute, calculus.bound(expression, order)));
}

function combine(bounds: readonly TermBound[], unknowns: readonly ArraySymbol[], order: Order): Formula {
  return order.x >= 2 ? combineCells(bounds, unknowns) : combineBlocks(bounds);
}

/**
 * A term has derivatives in the entries S_t of the unknowns that occur in it. For order 2 and more in
 * x, |sum_t T_t[v, w]| <= sum_t c_t ‖P_t v‖ ‖P_t w‖ with c_t = ‖T_t‖, by Cauchy-Schwarz at most
 * √(sum_t c_t ‖P_t v‖²) √(sum_t c_t ‖P_t w‖²), and sum_t c_t P_t is diagonal: the largest entry counts.
 */
function combineCells(bounds: readonly TermBound[], unknowns: readonly ArraySymbol[]): Formula {
  const placed = bounds.map((bound) => ({ ...bound, pieces: lowerPieces(bound.term.expression) }));
  const cells = cellsOf(placed, unknowns, (bound) => bound);
  return overCells(cells, (bounds) => add(...bounds.map(({ formula }) => formula)), maximum, true);
}

/**
 * The Jacobian: terms in one unknown only have their derivatives in its block of rows, and blocks that
 * are stacked combine by the root of the sum of squares. Terms that couple unknowns add.
 */
function combineBlocks(bounds: readonly TermBound[]): Formula {
  const blocks = new Map<string, Formula>();
  let coupled: Formula = zero;
  for (const { term, formula } of bounds) {
    const [name, ...others] = lowerNames(term.expression);
    if (name === undefined || others.length > 0) coupled = add(coupled, formula);
    else blocks.set(name, add(blocks.get(name) ?? zero, formula));
  }
  const separate = [...blocks.values()];
  if (separate.length <= 1) return add(coupled, ...separate);
  return add(coupled, squareRoot(add(...separate.map((block) => power(block, 2)))));
}
