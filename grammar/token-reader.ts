/**
 * The tokens of a text made ready for the statement reader: characters that belong to no token are
 * reported and left out, spellings of other languages are replaced (foreign.ts), and each token knows whether it is the first of its line.
 */
import type { IToken, TokenType } from 'chevrotain';
import { foreignAt } from './foreign.ts';
import { unknownCharacter } from './problems.ts';
import type { SyntaxProblem } from './problems.ts';
import { blockWords } from './statement-tables.ts';
import * as t from './tokens.ts';

export interface TokenReader {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
  readonly problems: SyntaxProblem[];
  readonly text: string;
  typeAt(index: number): TokenType | undefined;
  /** Whether the token is the first of its line. */
  isFirst(index: number): boolean;
}

export function readTokens(text: string): TokenReader {
  const lexed = t.lex(text);
  const problems: SyntaxProblem[] = [];
  const tokens: IToken[] = [];
  const first: boolean[] = [];
  let end = 0;
  let newLine = true;
  let next = 0;
  while (next < lexed.tokens.length) {
    const token = lexed.tokens[next] as IToken;
    newLine ||= hasLineBreak(text, end, token.startOffset);
    const foreign = foreignAt(text, lexed.tokens, next, tokens);
    if (foreign !== undefined) {
      problems.push(foreign.problem);
      next += foreign.taken;
      end = t.endOf(lexed.tokens[next - 1] as IToken);
      for (let count = 0; count < (foreign.replaces ?? 0); count++) {
        tokens.pop();
        newLine = first.pop() ?? newLine;
      }
      for (const meant of foreign.tokens) {
        tokens.push(meant);
        first.push(newLine);
        newLine = false;
      }
      continue;
    }
    next++;
    end = t.endOf(token);
    if (token.tokenType === t.Unknown) {
      problems.push(unknownCharacter(token.image, token.startOffset));
      continue;
    }
    if (token.tokenType === t.UnterminatedString) {
      const rest = restAfterText(token, tokens.at(-1));
      lexed.tokens.splice(next, 0, ...rest);
      end = t.endOf(token);
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
    text,
    typeAt: (index) => tokens[index]?.tokenType,
    isFirst: (index) => first[index] ?? false,
  };
}

/**
 * Text that is never closed runs to the end of its line; as an argument it was meant to end before the
 * next `,` or bracket. The token is cut there, and what follows it is returned.
 */
function restAfterText(token: IToken, before: IToken | undefined): readonly IToken[] {
  if (before === undefined || !beforeArguments.has(before.tokenType)) return [];
  const found = /\s*[,)\]].*$/.exec(token.image);
  if (found === null) return [];
  const from = t.endOf(token) - found[0].length;
  const rest = t.lex(found[0]).tokens;
  token.image = token.image.slice(0, found.index);
  return rest.map((each) => ({ ...each, startOffset: each.startOffset + from }));
}

const beforeArguments: ReadonlySet<TokenType> = new Set([
  t.LeftParenthesis,
  t.LeftBracket,
  t.Comma,
  t.Equals,
  t.DotDot,
]);

function hasLineBreak(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return true;
  }
  return false;
}

/** So many stray tokens between keyword and `{` are taken for a slip; a bound keeps the reader linear. */
const mostJunk = 8;

/** The `{` of a block header, when it stands on the header's line with at most junk before it. */
export function findBrace(source: TokenReader, from: number): number | undefined {
  for (let j = from; j < from + mostJunk; j++) {
    const type = source.typeAt(j);
    if (type === t.LeftBrace) return j;
    if (type === undefined || type === t.RightBrace || type === t.Colon || type === t.Equals)
      return undefined;
    if (source.isFirst(j)) return undefined;
  }
  return undefined;
}

/** The index after the `{ … }` at or after `from`; before the next block, in case the `}` is missing. */
export function afterBraces(source: TokenReader, from: number): number {
  let depth = 0;
  for (let j = from; j < source.tokens.length; j++) {
    const type = source.typeAt(j);
    if (type === t.LeftBrace) depth++;
    else if (type === t.RightBrace && --depth <= 0) return j + 1;
    else if (type === t.Identifier && source.typeAt(j + 1) === t.LeftBrace) {
      if (blockWords.includes((source.tokens[j] as IToken).image)) return j;
    }
  }
  return source.tokens.length;
}
