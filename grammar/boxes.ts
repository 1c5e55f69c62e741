/**
 * A box whose ends are written in round brackets, `in (0, 1)` or `in [0, 1)`: its brackets are made
 * square, so that it is read as the box that was meant, and this is the one thing reported.
 */
import type { IToken } from 'chevrotain';
import type { SyntaxProblem } from './problems.ts';
import type { TokenReader } from './token-reader.ts';
import * as t from './tokens.ts';

/** Far more tokens than the two ends of a box have; keeps the reader linear. */
const longestBox = 64;

/** Retags the brackets of the box that opens at token `open`; the problem, if one was round. */
export function squareBox(source: TokenReader, open: number): SyntaxProblem | undefined {
  const first = source.tokens[open] as IToken;
  let depth = 0;
  let comma = false;
  for (let j = open; j < open + longestBox; j++) {
    const type = source.typeAt(j);
    if (type === undefined || type === t.LeftBrace || type === t.RightBrace) return undefined;
    if (type === t.LeftParenthesis || type === t.LeftBracket) depth++;
    else if (type === t.Comma && depth === 1) comma = true;
    else if ((type === t.RightParenthesis || type === t.RightBracket) && --depth === 0) {
      const last = source.tokens[j] as IToken;
      const square = first.tokenType === t.LeftBracket && last.tokenType === t.RightBracket;
      if (!comma || square) return undefined;
      t.retag(first, t.LeftBracket);
      t.retag(last, t.RightBracket);
      const start = first.startOffset;
      const end = t.endOf(last);
      const written = `[${source.text.slice(t.endOf(first), last.startOffset)}]`;
      const shown = written.length > 40 || /[\r\n]/.test(written) ? '[lower, upper]' : written;
      return {
        code: 'syntax-expected',
        start,
        end,
        message: `a box is written in square brackets: \`${shown}\``,
        reason: 'the ends belong to the box; an open interval is no set of an unknown',
        remedy: `write \`${shown}\``,
        fix: { title: `write \`${shown}\``, start, end, replacement: written },
      };
    }
  }
  return undefined;
}
