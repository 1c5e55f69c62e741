/**
 * Formulas over the index of a comprehension: the largest, the smallest or the sum of the values for
 * i = 1, …, s. What does not move with the index is taken out, so that a printed formula stays short
 * and one that does not depend on i at all is the formula itself.
 */
import type { Dimension } from '../base/dimension.ts';
import { namesIn } from './expression.ts';
import type { Formula, OverReduction } from './formula.ts';
import {
  add,
  divide,
  isNonNegative,
  maximum,
  minimum,
  multiply,
  numberOf,
  operandsOf,
  power,
  squareRoot,
} from './formula.ts';

/** True when the index of a comprehension occurs in the formula. */
function moves(formula: Formula, index: string): boolean {
  switch (formula.kind) {
    case 'number':
    case 'radius':
      return false;
    case 'functional':
      return formula.args.some((argument) => namesIn(argument).has(index));
    case 'operation':
      return formula.args.some((argument) => moves(argument, index));
    case 'over':
      return formula.index !== index && moves(formula.body, index);
  }
}

/** What does not move with the index stands in front; `size` is the dimension as a formula. */
export function over(
  reduce: OverReduction,
  index: string,
  dimension: Dimension,
  size: Formula,
  body: Formula,
): Formula {
  if (!moves(body, index)) return reduce === 'sum' ? multiply(size, body) : body;
  const again = (part: Formula): Formula => over(reduce, index, dimension, size, part);
  const factors = operandsOf(body, 'multiply');
  const still = factors.filter((factor) => !moves(factor, index));
  if (still.length > 0 && (reduce === 'sum' || still.every(isNonNegative))) {
    return multiply(...still, again(multiply(...factors.filter((factor) => moves(factor, index)))));
  }
  if (body.kind === 'operation') {
    const [first, second] = body.args as readonly [Formula, Formula];
    if (body.operation === 'add' && reduce !== 'sum') {
      const [apart, moving] = [false, true].map((kind) =>
        body.args.filter((part) => moves(part, index) === kind),
      ) as [Formula[], Formula[]];
      if (apart.length > 0) return add(...apart, again(add(...moving)));
    }
    if (body.operation === 'add' && reduce === 'sum') return add(...body.args.map(again));
    const divides = body.operation === 'divide' && !moves(second, index);
    if (divides && (reduce === 'sum' || isNonNegative(second))) return divide(again(first), second);
    // Increasing functions of what is not negative.
    if (reduce !== 'sum' && body.operation === 'sqrt') return squareRoot(again(first));
    if (reduce !== 'sum' && body.operation === 'power' && isNonNegative(first)) {
      const exponent = numberOf(second) ?? 0;
      if (exponent > 0) return power(again(first), exponent);
    }
    if (body.operation === 'maximum' && reduce === 'maximum') return maximum(...body.args.map(again));
    if (body.operation === 'minimum' && reduce === 'minimum') return minimum(...body.args.map(again));
  }
  return { kind: 'over', reduce, index, dimension, body };
}
