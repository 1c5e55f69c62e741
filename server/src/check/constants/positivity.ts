/** Which formulas are positive whatever the data are: what lets mu > 0 be seen while one types. */
import type { Expression } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { isNonNegative } from '../../atoms/formula.ts';
import { perObject } from '../../base/per-object.ts';
import { rangeOf } from '../curvature.ts';

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
export const isPositive = perObject((formula: Formula): boolean => {
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
});

/** Numbers whose sum is not a double stand apart; a few roundings are far below the margin. */
function isPositiveSum(args: readonly Formula[]): boolean {
  const numbers = args.flatMap((each) => (each.kind === 'number' ? [each.value] : []));
  const others = args.filter((each) => each.kind !== 'number');
  const total = numbers.reduce((sum, each) => sum + each, 0);
  const margin = 1e-12 * numbers.reduce((sum, each) => sum + Math.abs(each), 0);
  if (!others.every((each) => isNonNegative(each) || isPositive(each))) return false;
  return total > margin || (total >= 0 && numbers.every((each) => each >= 0) && others.some(isPositive));
}
