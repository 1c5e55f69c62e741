/**
 * Prints an expression on one line, in the formatter's style. Parentheses are printed where the tree
 * has a group, and where it has none but needs one to be read back the same, so that trees made by
 * substitution print correctly too.
 */
import { bindings, signStrength } from '../../../grammar/parser.ts';
import { says } from '../../../grammar/tokens.ts';
import type { Argument, Expression, Subscript } from './tree.ts';

/** Strength and direction by the operator's text, from the grammar's own table. */
const bindingOf = new Map([...bindings].map(([type, binding]) => [says.get(type)?.slice(1, -1), binding]));
/** What follows an atom (a call, a subscript, a transpose) binds tighter than any operator. */
const atomStrength = 7;

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'string':
      return `"${expression.value}"`;
    case 'name':
      return expression.text;
    case 'missing':
      return '';
    case 'call':
      return `${expression.callee.text}(${expression.arguments.map(printArgument).join(', ')})`;
    case 'comprehension': {
      const { callee, index, dimension, body } = expression;
      return `${callee.text}(${index.text} in ${dimension.text}, ${printExpression(body)})`;
    }
    case 'group':
      return `(${printExpression(expression.inner)})`;
    case 'list':
      return `[${expression.items.map(printExpression).join(', ')}]`;
    case 'index':
      return `${printAt(expression.base, atomStrength)}[${expression.subscripts.map(printSubscript).join(', ')}]`;
    case 'transpose':
      // After text `'` is no transpose.
      if (expression.operand.kind === 'string') return `(${printExpression(expression.operand)})'`;
      return `${printAt(expression.operand, atomStrength)}'`;
    case 'unary':
      return `${expression.operator}${printAt(expression.operand, signStrength)}`;
    case 'range':
      return printBinary(expression.from, '..', expression.to);
    case 'binary':
      return printBinary(expression.left, expression.operator, expression.right);
  }
}

function printBinary(left: Expression, operator: string, right: Expression): string {
  const { strength, right: fromRight } = bindingOf.get(operator) ?? { strength: 0, right: false };
  const space = operator === '..' ? '' : ' ';
  const before = printAt(left, fromRight ? strength + 1 : strength);
  // A sign right after an operator needs no parentheses: `2 ^ -1`, `a * -b`.
  const after =
    right.kind === 'unary' && reachesAtMost(right, strength)
      ? printExpression(right)
      : printAt(right, fromRight ? strength : strength + 1);
  // `2. .. 3`: without the space its point would belong to the range.
  const apart = before.endsWith('.') ? ' ' : space;
  return `${before}${apart}${operator}${space}${after}`;
}

/** Whether a signed operand on the right stays one operand there: the sign takes only powers. */
function reachesAtMost(right: Expression, strength: number): boolean {
  return right.kind === 'unary' && strength <= signStrength + 1;
}

function printAt(expression: Expression, least: number): string {
  const text = printExpression(expression);
  return strengthOf(expression) < least ? `(${text})` : text;
}

function strengthOf(expression: Expression): number {
  switch (expression.kind) {
    case 'binary':
      return bindingOf.get(expression.operator)?.strength ?? 0;
    case 'range':
      return bindingOf.get('..')?.strength ?? 0;
    case 'unary':
      return signStrength;
    case 'number':
      // A negative or exponent form is still one token; only its transposition needs nothing.
      return expression.text.startsWith('-') ? signStrength : atomStrength;
    default:
      return atomStrength;
  }
}

function printArgument({ name, value }: Argument): string {
  return name === undefined ? printExpression(value) : `${name.text} = ${printExpression(value)}`;
}

function printSubscript(subscript: Subscript): string {
  return subscript.kind === 'all' ? ':' : printExpression(subscript.value);
}
