/**
 * The names that an expression mentions, in the order of the text, listed once for each expression: nothing
 * that an edit left alone is walked again to find out what its names mean now.
 */
import { functionNamed } from '../../atoms/index.ts';
import type { Span } from '../../base/span.ts';
import { perObject } from '../../base/per-object.ts';
import type { Argument, Expression } from '../../syntax/tree.ts';
import { isChoice } from '../typing/arguments.ts';
import { isTextOption } from '../blocks/source-formats.ts';
import { childrenOf } from '../syntax-walk.ts';

export interface Mention {
  readonly text: string;
  readonly span: Span;
  /** It stands before the bracket of a call. */
  readonly isCalled: boolean;
}

/**
 * Undefined where names are declared inside, or where a name stands for a text unless the function is one of the
 * file: what counts there depends on what stands around it.
 */
export const mentionsIn = perObject((expression: Expression): readonly Mention[] | undefined => {
  const mentions: Mention[] = [];
  return collect(expression, mentions) ? mentions : undefined;
});

function collect(expression: Expression, mentions: Mention[]): boolean {
  switch (expression.kind) {
    case 'name':
      mentions.push({ text: expression.text, span: expression.span, isCalled: false });
      return true;
    case 'comprehension':
      return false;
    case 'call': {
      const { callee } = expression;
      mentions.push({ text: callee.text, span: callee.span, isCalled: true });
      return expression.arguments.every((argument) => {
        const before = mentions.length;
        const isListed = collect(argument.value, mentions);
        return isListed && (mentions.length === before || !isTextArgument(callee.text, argument));
      });
    }
    default:
      return childrenOf(expression).every((child) => collect(child, mentions));
  }
}

/** Whether the language's function of the name takes a text there. */
export function isTextArgument(callee: string, argument: Argument): boolean {
  return (
    (argument.name !== undefined && isTextOption(callee, argument.name.text)) ||
    isChoice(functionNamed(callee), argument)
  );
}
