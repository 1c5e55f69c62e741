/** The children of a syntax expression, in the order of the text. */
import type { Expression } from '../syntax/tree.ts';

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'name':
    case 'missing':
      return [];
    case 'call':
      return expression.arguments.map((argument) => argument.value);
    case 'unary':
    case 'transpose':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'index':
      return [
        expression.base,
        ...expression.subscripts.flatMap((subscript) =>
          subscript.kind === 'expression' ? [subscript.value] : [],
        ),
      ];
    case 'range':
      return [expression.from, expression.to];
    case 'list':
      return expression.items;
    case 'comprehension':
      return [expression.body];
    case 'group':
      return [expression.inner];
  }
}

/** The expression without the parentheses around it. */
export function ungrouped(expression: Expression): Expression {
  return expression.kind === 'group' ? ungrouped(expression.inner) : expression;
}
