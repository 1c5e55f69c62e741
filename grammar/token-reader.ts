/**
 * The tokens of a text made ready for the statement reader: characters that belong to no token are
 * reported and left out, and each token knows whether it is the first of its line.
 */
import type { IToken, TokenType } from 'chevrotain';
import { unknownCharacter } from './problems.ts';
import type { SyntaxProblem } from './problems.ts';
import { endOf, lex, Unknown, UnterminatedString } from './tokens.ts';

export interface TokenReader {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly problems: SyntaxProblem[];
  typeAt(index: number): TokenType | undefined;
  /** Whether the token is the first of its line. */
  isFirst(index: number): boolean;
}

export function readTokens(text: string): TokenReader {
  const lexed = lex(text);
  const problems: SyntaxProblem[] = [];
  const tokens: IToken[] = [];
  const first: boolean[] = [];
  let end = 0;
  let newLine = true;
  for (const token of lexed.tokens) {
    newLine ||= hasLineBreak(text, end, token.startOffset);
    end = endOf(token);
    if (token.tokenType === Unknown) {
      problems.push(unknownCharacter(token.image, token.startOffset));
      continue;
    }
    if (token.tokenType === UnterminatedString) {
      problems.push({
        code: 'syntax-unterminated-text',
        start: token.startOffset,
        end,
        message: 'this text has no closing `"`',
        reason: 'text ends on the line on which it begins',
        remedy: 'close it with `"`',
        fix: { title: 'insert `"`', start: end, end, replacement: '"' },
      });
    }
    tokens.push(token);
    first.push(newLine);
    newLine = false;
  }
  return {
    tokens,
    comments: lexed.comments,
    problems,
    typeAt: (index) => tokens[index]?.tokenType,
    isFirst: (index) => first[index] ?? false,
  };
}

function hasLineBreak(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return true;
  }
  return false;
}
