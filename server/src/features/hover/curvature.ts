/**
 * Why an expression has the curvature that it has, in the words of the composition rules: which atom, how it
 * moves, what its argument is; and where the rules fail, the smallest subexpression that broke one, with a link.
 */
import type { ApplyTerm, Expression } from '../../atoms/expression.ts';
import { formatExpression } from '../../atoms/formula-text.ts';
import {
  argumentFacts,
  asQuadraticForm,
  asRootOfSquares,
  asSquare,
  asSumOfSquares,
  curvatureOf,
  isFixed,
  whyNotConvex,
} from '../../check/curvature.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { inCode, placeLink } from '../markdown.ts';

/** A longer part is named by its beginning. */
const longestPart = 80;

/** `convex: …` with the rule; empty for what has no lower unknown. */
export function curvatureText(expression: Expression, snapshot: Snapshot): string {
  const curvature = curvatureOf(expression);
  if (curvature === 'constant') return '';
  if (curvature === 'none') return failureText(expression, snapshot);
  const reason = reasonOf(expression);
  const words = `${curvature} in the lower unknowns`;
  return reason === '' ? words : `${words}: ${reason}`;
}

function failureText(expression: Expression, snapshot: Snapshot): string {
  const words = 'not known to be convex or concave in the lower unknowns';
  const offence = whyNotConvex(expression);
  if (offence === undefined) {
    return asQuadraticForm(expression) === undefined
      ? words
      : `${words}: a quadratic form, whose matrix the data decides`;
  }
  const { span } = offence.expression;
  return `${words}: in ${part(offence.expression)} (${placeLink(snapshot, span)}), ${offence.rule}`;
}

function reasonOf(expression: Expression): string {
  if (expression.kind !== 'apply') return '';
  const square = asSquare(expression) ?? asSumOfSquares(expression);
  if (square !== undefined) return `a square of ${part(square)}, which is ${curvatureOf(square)}`;
  const root = asRootOfSquares(expression);
  if (root !== undefined) return 'a root of squares and a positive number';
  return compositionText(expression);
}

/** `exp` is convex and increasing, and its argument `t` is convex. */
function compositionText(term: ApplyTerm): string {
  const { atom, args, parameters } = term;
  const facts = argumentFacts(term);
  const own = atom.curvature(facts, parameters);
  const moves = atom.monotonicity(facts, parameters);
  const name = inCode(atom.notation ?? atom.name);
  const free = args.flatMap((argument, index) =>
    isFixed(argument) ? [] : [{ argument, move: moves[index] }],
  );
  if (own === 'affine' && free.every(({ argument }) => curvatureOf(argument) === 'affine')) {
    return `${name} is affine, and so is what moves in it`;
  }
  const [only, ...others] = free;
  if (only === undefined) return '';
  if (others.length > 0) {
    const each = free.map(({ argument }) => `${part(argument)} ${curvatureOf(argument)}`).join(', ');
    return `${name} is ${own}, and of what moves in it ${each}`;
  }
  const moving = only.move === undefined || only.move === 'none' ? '' : ` and ${only.move} here`;
  return `${name} is ${own}${moving}, and ${part(only.argument)} is ${curvatureOf(only.argument)}`;
}

function part(expression: Expression): string {
  const text = formatExpression(expression);
  return inCode(text.length > longestPart ? `${text.slice(0, longestPart)}…` : text);
}
