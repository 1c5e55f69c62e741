/**
 * Sums over an index as other languages spell them: `sum(i = 1..n, e)`, `sum(i in 1:n, e)`, `sum(i in range(n), e)`,
 * `sum(i = 1, n, e)`, and the generators `sum(e for i in n)` and `[e for i in n]`. Each is one mistake, with the
 * rewrite; where the index runs over all of a dimension it is read as such, else the whole call stands for nothing.
 */
import type { IToken } from 'chevrotain';
import type { Foreign } from './foreign.ts';
import * as t from './tokens.ts';

const callees = new Set(['sum', 'mean', 'stack', 'prod', 'product', 'average', 'add']);
/** Tokens of the ends of an index, and of what one is written for; they keep the reader linear. */
const longestEnds = 16;
const longestBody = 256;

const reason = 'an index runs over a dimension, from 1 to its size, and comes first: `sum(i in n, …)`';

/** The spelling whose `=`, `in` or `for` is token `i`, if it is one. */
export function foreignLoop(
  text: string,
  tokens: readonly IToken[],
  i: number,
  kept: readonly IToken[],
): Foreign | undefined {
  const token = tokens[i] as IToken;
  return token.image === 'for' ? generator(text, tokens, i, kept) : counted(text, tokens, i, kept);
}

/** The first and the last value, as written. */
interface Ends {
  readonly from: string;
  readonly to: string;
  /** The token after them, a comma. */
  readonly next: number;
}

function counted(
  text: string,
  tokens: readonly IToken[],
  i: number,
  kept: readonly IToken[],
): Foreign | undefined {
  const [callee, open, index] = kept.slice(-3);
  if (open?.tokenType !== t.LeftParenthesis || index?.tokenType !== t.Identifier) return undefined;
  if (callee === undefined || !callees.has(callee.image)) return undefined;
  const ends = endsAfter(text, tokens, i + 1);
  if (ends === undefined) return undefined;
  const start = index.startOffset;
  const end = t.endOf(tokens[ends.next - 1] as IToken);
  const message = `\`${text.slice(start, end)}\` is not how an index is written`;
  if (ends.from === '1' && /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(ends.to)) {
    const written = `${index.image} in ${ends.to}`;
    return {
      taken: ends.next - i,
      tokens: [
        { ...t.emptyToken(t.In, (tokens[i] as IToken).startOffset), image: 'in' },
        { ...t.emptyToken(t.Identifier, end - ends.to.length), image: ends.to },
      ],
      problem: {
        code: 'syntax-character',
        start,
        end,
        message,
        reason,
        fix: { title: `write \`${written}\``, start, end, replacement: written },
      },
    };
  }
  const isCount = ends.from === '1' && /^\d+$/.test(ends.to);
  return {
    taken: closingFrom(tokens, ends.next) - i + 1,
    tokens: [t.emptyToken(t.Missing, callee.startOffset)],
    replaces: 3,
    problem: {
      code: 'syntax-character',
      start,
      end,
      message,
      reason,
      remedy: isCount
        ? `write \`let k = ${ends.to}\` at the top, and \`${callee.image}(${index.image} in k, …)\``
        : 'run over a dimension, or a `let` with a whole number, and shift the subscripts: `x[i + 1]`',
    },
  };
}

/** `1..n`, `1:n`, `range(n)` or `1, n` before a comma. */
function endsAfter(text: string, tokens: readonly IToken[], from: number): Ends | undefined {
  const written = (first: number, last: number): string =>
    text.slice((tokens[first] as IToken).startOffset, t.endOf(tokens[last] as IToken));
  const isRange = tokens[from]?.image === 'range' && tokens[from + 1]?.tokenType === t.LeftParenthesis;
  let [depth, middle] = [0, -1];
  for (let j = isRange ? from + 2 : from; j < Math.min(tokens.length, from + longestEnds); j++) {
    const type = tokens[j]?.tokenType;
    if (type === t.LeftParenthesis || type === t.LeftBracket) depth++;
    if (type === t.RightParenthesis || type === t.RightBracket) depth--;
    if (isRange && depth < 0) {
      if (tokens[j + 1]?.tokenType !== t.Comma || j === from + 2) return undefined;
      // Python counts from 0, and the index here from 1.
      return { from: middle < 0 ? '1' : 'range', to: written(from + 2, j - 1), next: j + 1 };
    }
    if (depth < 0) return undefined;
    const isBetween = type === t.DotDot || type === t.Colon;
    if (depth === 0 && middle < 0 && isBetween && j > from) middle = j;
    if (depth > 0 || type !== t.Comma) continue;
    if (isRange) middle = j;
    else if (middle > 0 && j > middle + 1)
      return { from: written(from, middle - 1), to: written(middle + 1, j - 1), next: j };
    else if (tokens[from]?.image === '1' && j === from + 1) middle = j;
    else return undefined;
  }
  return undefined;
}

/** `(e for i in n)`, of which the whole call or list is replaced. */
function generator(
  text: string,
  tokens: readonly IToken[],
  i: number,
  kept: readonly IToken[],
): Foreign | undefined {
  const [index, word] = [tokens[i + 1], tokens[i + 2]];
  if (index?.tokenType !== t.Identifier || (word?.image !== 'in' && word?.image !== '=')) return undefined;
  const open = openBracket(kept);
  const bracket = kept[open];
  if (bracket === undefined || open === kept.length - 1) return undefined;
  const close = closingFrom(tokens, i + 3);
  if (close <= i + 3) return undefined;
  const over = text
    .slice((tokens[i + 3] as IToken).startOffset, (tokens[close] as IToken).startOffset)
    .trim();
  const isList = bracket.tokenType === t.LeftBracket;
  const callee = isList ? undefined : kept[open - 1];
  if (!isList && (callee === undefined || !callees.has(callee.image))) return undefined;
  const first = callee ?? bracket;
  const body = text.slice(t.endOf(bracket), (tokens[i] as IToken).startOffset).trim();
  const size = /^(?:range\((.*)\)|1\s*(?:\.\.|:)\s*(.*)|(.*))$/su.exec(over);
  const dimension = (size?.[1] ?? size?.[2] ?? size?.[3] ?? '').trim();
  const isName = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(dimension);
  const written = `${callee?.image ?? 'stack'}(${index.image} in ${dimension}, ${body})`;
  const [start, end] = [first.startOffset, t.endOf(tokens[close] as IToken)];
  return {
    taken: close - i + 1,
    tokens: [t.emptyToken(t.Missing, start)],
    replaces: kept.length - (callee === undefined ? open : open - 1),
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: '`for` is not part of the language',
      reason,
      ...(isName
        ? { fix: { title: `write \`${shortened(written)}\``, start, end, replacement: written } }
        : {
            remedy: `write \`${callee?.image ?? 'stack'}(${index.image} in n, …)\` with the name of a dimension`,
          }),
    },
  };
}

/** The bracket around the end of the tokens; -1 where it is too far away. */
function openBracket(kept: readonly IToken[]): number {
  let depth = 0;
  for (let j = kept.length - 1; j >= Math.max(0, kept.length - longestBody); j--) {
    const type = kept[j]?.tokenType;
    if (type === t.RightParenthesis || type === t.RightBracket) depth++;
    else if (type === t.LeftBrace || type === t.RightBrace) return -1;
    else if ((type === t.LeftParenthesis || type === t.LeftBracket) && depth-- === 0) return j;
  }
  return -1;
}

/** The bracket that closes the one around token `from`; the token before it where none does nearby. */
function closingFrom(tokens: readonly IToken[], from: number): number {
  let depth = 0;
  for (let j = from; j < Math.min(tokens.length, from + longestBody); j++) {
    const type = tokens[j]?.tokenType;
    if (type === t.LeftBrace || type === t.RightBrace) break;
    if (type === t.LeftParenthesis || type === t.LeftBracket) depth++;
    else if ((type === t.RightParenthesis || type === t.RightBracket) && depth-- === 0) return j;
  }
  return from - 1;
}

function shortened(written: string): string {
  const line = written.replace(/\s+/gu, ' ');
  return line.length > 50 ? `${line.slice(0, 49)}…` : line;
}
