/**
 * Spellings of other languages (Python, NumPy, MATLAB, Julia) that the token reader knows: each is
 * one mistake, reported once with what to write instead, and replaced by the token that was meant,
 * so that the rest of the statement is read as if it had been written right. Invariant: a
 * replacement stands where the foreign text stood, and takes at least one token.
 */
import type { IToken, TokenType } from 'chevrotain';
import { foreignLoop } from './foreign-loops.ts';
import { unknownCharacter } from './problems.ts';
import type { SyntaxProblem } from './problems.ts';
import { operandEnds } from './statement-tables.ts';
import * as t from './tokens.ts';

export interface Foreign {
  /** How many of the tokens read it takes. */
  readonly taken: number;
  /** What stands for them, and for so many of the tokens before them. */
  readonly tokens: readonly IToken[];
  readonly replaces?: number;
  readonly problem: SyntaxProblem;
}

/** Names under which libraries are imported; the part before the point says nothing here. */
const libraries = new Set([
  'np',
  'numpy',
  'jnp',
  'jax',
  'math',
  'Math',
  'torch',
  'tf',
  'cp',
  'cvxpy',
  'scipy',
  'LinearAlgebra',
]);

/** What arrays are asked for their sizes by. */
const sizeWords = new Set(['shape', 'size', 'length', 'ndim']);

/** Operators of printed mathematics. */
const operators: ReadonlyMap<string, TokenType> = new Map([
  ['×', t.Star],
  ['·', t.Star],
  ['⋅', t.Star],
  ['∙', t.Star],
  ['⊙', t.DotStar],
  ['÷', t.Slash],
  ['−', t.Minus],
  ['–', t.Minus],
]);

/** The foreign spelling that begins at token `i`, if one does; `kept` is what was read before it. */
export function foreignAt(
  text: string,
  tokens: readonly IToken[],
  i: number,
  kept: readonly IToken[],
): Foreign | undefined {
  const token = tokens[i] as IToken;
  if (token.tokenType === t.Slash || token.image === '%') return foreignComment(text, tokens, i);
  if (token.tokenType === t.Star) return doubleStar(tokens, i);
  if (token.tokenType === t.Equals || token.image === 'in' || token.image === 'for')
    return foreignLoop(text, tokens, i, kept);
  if (token.tokenType === t.Identifier) return libraryPrefix(tokens, i);
  if (token.tokenType === t.Colon) return colonRange(text, token, tokens[i + 1], kept);
  if (token.tokenType !== t.Unknown) return undefined;
  if (token.image === '@') return matrixProduct(token);
  if (token.image === "'") return singleQuoted(text, tokens, i, kept.at(-1));
  const operator = operators.get(token.image);
  if (operator !== undefined) {
    const { image, startOffset } = token;
    const tokens = [replacement(operator, image, startOffset)];
    return { taken: 1, tokens, problem: unknownCharacter(image, startOffset) };
  }
  if (token.image === '.') return pointedSign(tokens, i) ?? member(text, tokens, i, kept);
  return undefined;
}

/** `a .- b` of Julia: sums are entry by entry without a point. */
function pointedSign(tokens: readonly IToken[], i: number): Foreign | undefined {
  const point = tokens[i] as IToken;
  const sign = tokens[i + 1];
  if (sign?.tokenType !== t.Minus && sign?.tokenType !== t.Plus) return undefined;
  if (sign.startOffset !== t.endOf(point)) return undefined;
  const [start, end] = [point.startOffset, t.endOf(sign)];
  return {
    taken: 2,
    tokens: [sign],
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: `\`.${sign.image}\` is not part of the language`,
      reason: 'sums and differences are entry by entry; a point stands before `*`, `/` and `^` only',
      fix: { title: `write \`${sign.image}\``, start, end, replacement: sign.image },
    },
  };
}

/** `// …`, `% …` and the first line of `/* …`: a comment to the end of its line. */
function foreignComment(text: string, tokens: readonly IToken[], i: number): Foreign | undefined {
  const start = (tokens[i] as IToken).startOffset;
  const mark = text[start] === '%' ? '%' : text.slice(start, start + 2);
  if (mark !== '%' && mark !== '//' && mark !== '/*') return undefined;
  let taken = 1;
  let last = start;
  for (; i + taken < tokens.length; taken++) {
    const next = (tokens[i + taken] as IToken).startOffset;
    if (/[\r\n]/.test(text.slice(last, next))) break;
    last = next;
  }
  const end = start + mark.length;
  return {
    taken,
    tokens: [],
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: `a comment begins with \`#\`, not with \`${mark}\``,
      reason: 'from `#` to the end of its line a text is a comment; there is no other one',
      remedy: 'write `#`',
      fix: { title: 'write `#`', start, end, replacement: '#' },
    },
  };
}

/** `X @ w` of NumPy. */
function matrixProduct(token: IToken): Foreign {
  const start = token.startOffset;
  const end = t.endOf(token);
  return {
    taken: 1,
    tokens: [replacement(t.Star, '@', start)],
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: '`@` is not part of the language: the product of matrices and vectors is `*`',
      reason: '`*` is the product of linear algebra, `.*` the one entry by entry',
      fix: { title: 'write `*`', start, end, replacement: '*' },
    },
  };
}

/** `x ** 2` of Python; read as `.^`, which is right for numbers and arrays alike. */
function doubleStar(tokens: readonly IToken[], i: number): Foreign | undefined {
  const start = (tokens[i] as IToken).startOffset;
  const second = tokens[i + 1];
  if (second?.tokenType !== t.Star || second.startOffset !== start + 1) return undefined;
  return {
    taken: 2,
    tokens: [replacement(t.DotCaret, '**', start)],
    problem: {
      code: 'syntax-character',
      start,
      end: start + 2,
      message: '`**` is not part of the language: a power is `^`',
      reason: 'a number has the power `x^2`; an array has powers entry by entry, `x .^ 2`',
      remedy: 'write `^` for a number, `.^` for an array',
      fix: { title: 'write `.^`', start, end: start + 2, replacement: '.^' },
    },
  };
}

/** `A[1:3, :]` of NumPy and MATLAB; a colon alone takes a whole axis. */
function colonRange(
  text: string,
  token: IToken,
  next: IToken | undefined,
  kept: readonly IToken[],
): Foreign | undefined {
  const before = kept.at(-1);
  if (before === undefined || next === undefined || !isInSubscripts(text, token, kept)) return undefined;
  const hasFirst = operandEnds.has(before.tokenType);
  const hasLast = next.tokenType !== t.RightBracket && next.tokenType !== t.Comma;
  if (!hasFirst && !hasLast) return undefined;
  const start = token.startOffset;
  const end = t.endOf(token);
  const range = replacement(t.DotDot, ':', start);
  const first = hasFirst ? [] : [t.emptyToken(t.Missing, start)];
  const last = hasLast ? [] : [t.emptyToken(t.Missing, end)];
  const written = hasFirst ? '..' : '1..';
  return {
    taken: 1,
    tokens: [...first, range, ...last],
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: 'a range of subscripts is written with `..`, not with `:`',
      reason: 'subscripts count from 1, a range includes both ends, and `:` alone takes a whole axis',
      ...(hasLast
        ? { fix: { title: `write \`${written}\``, start, end, replacement: written } }
        : { remedy: 'write `..` and the last subscript, such as the name of the dimension: `x[2..n]`' }),
    },
  };
}

/** Subscripts are short; further back it would be no range of them. */
const longestSubscripts = 64;

/** Whether the token stands inside square brackets that open on its line; on another one it may be a declaration's. */
function isInSubscripts(text: string, token: IToken, kept: readonly IToken[]): boolean {
  let closed = 0;
  for (let at = kept.length - 1; at >= Math.max(0, kept.length - longestSubscripts); at--) {
    const { tokenType, startOffset } = kept[at] as IToken;
    if (tokenType === t.RightBracket || tokenType === t.RightParenthesis) closed++;
    else if (tokenType === t.LeftParenthesis && closed-- === 0) return false;
    else if (tokenType === t.LeftBracket && closed-- === 0)
      return !/[\r\n]/.test(text.slice(startOffset, token.startOffset));
    else if (tokenType === t.LeftBrace || tokenType === t.RightBrace) return false;
  }
  return false;
}

/** `np.exp(a)`, `np.linalg.norm(a)`: the functions of the language have no prefix. */
function libraryPrefix(tokens: readonly IToken[], i: number): Foreign | undefined {
  const first = tokens[i] as IToken;
  if (!libraries.has(first.image)) return undefined;
  let last = i;
  while (isPoint(tokens, last + 1) && adjoins(tokens, last + 1, t.Identifier)) last += 2;
  const name = tokens[last] as IToken;
  if (last === i) return undefined;
  const start = first.startOffset;
  const prefix = tokens.slice(i, last).map(({ image }) => image);
  return {
    taken: last - i + 1,
    tokens: [name],
    problem: {
      code: 'syntax-character',
      start,
      end: name.startOffset,
      message: `\`${prefix.join('')}\` is not needed: functions have no prefix`,
      reason: 'the functions of the language belong to no library and nothing is imported',
      remedy: `write \`${name.image}\` alone`,
      fix: { title: `write \`${name.image}\``, start, end: name.startOffset, replacement: '' },
    },
  };
}

/** `X.T`, `x.sum()`, `p.q`: there are no members. */
function member(
  text: string,
  tokens: readonly IToken[],
  i: number,
  kept: readonly IToken[],
): Foreign | undefined {
  const { startOffset: point } = tokens[i] as IToken;
  const before = kept.at(-1);
  if (before === undefined || t.endOf(before) !== point || !operandEnds.has(before.tokenType))
    return undefined;
  if (!adjoins(tokens, i, t.Identifier)) return undefined;
  const name = tokens[i + 1] as IToken;
  const open = tokens[i + 2];
  const called = open?.tokenType === t.LeftParenthesis && open.startOffset === t.endOf(name);
  if (name.image === 'T' && !called) return transposed(point, t.endOf(name));
  const from = operandStart(kept);
  const start = (kept[from] as IToken).startOffset;
  const receiver = text.slice(start, point);
  const close = called ? closing(tokens, i + 2) : i + 1;
  const end = t.endOf(tokens[close] as IToken);
  const whole = {
    taken: close - i + 1,
    tokens: [t.emptyToken(t.Missing, start)],
    replaces: kept.length - from,
  };
  const problem = { code: 'syntax-character', start, end, reason: 'nothing has members or methods' } as const;
  if (!called) {
    return {
      ...whole,
      problem: {
        ...problem,
        message: `\`${shortened(receiver)}.${name.image}\` is no name: there is no point in a name`,
        remedy: sizeWords.has(name.image)
          ? 'the sizes of arrays are the names in their types: write `n` for `vector[n]`'
          : 'write one plain name',
      },
    };
  }
  const rest = text.slice(t.endOf(open), (tokens[close] as IToken).startOffset).trim();
  const grouped = (kept[from] as IToken).tokenType === t.LeftParenthesis && receiver.endsWith(')');
  const argument = grouped ? receiver.slice(1, -1) : receiver;
  const written = `${name.image}(${rest === '' ? argument : `${argument}, ${rest}`})`;
  const title = `write \`${shortened(written)}\``;
  return {
    ...whole,
    problem: {
      ...problem,
      message: 'there are no methods: a function stands before its arguments',
      remedy: title,
      ...(close > i + 2 ? { fix: { title, start, end, replacement: written } } : {}),
    },
  };
}

/** `X.T` of NumPy. */
function transposed(start: number, end: number): Foreign {
  return {
    taken: 2,
    tokens: [replacement(t.Transpose, '.T', start)],
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: "`.T` is not part of the language: a transpose is `'`",
      reason: "`'` stands directly after what it transposes, as in `X' * y`",
      fix: { title: "write `'`", start, end, replacement: "'" },
    },
  };
}

/** Where the operand that ends the tokens begins: `x`, `f(…)`, `x[…]`, `(…)`. */
function operandStart(kept: readonly IToken[]): number {
  let depth = 0;
  for (let j = kept.length - 1; j >= Math.max(0, kept.length - longestCall); j--) {
    const type = kept[j]?.tokenType;
    if (type === t.RightParenthesis || type === t.RightBracket) depth++;
    else if (type === t.LeftParenthesis || type === t.LeftBracket) depth--;
    else if (type === t.LeftBrace || type === t.RightBrace) break;
    if (depth < 0) break;
    if (depth > 0 || type === t.Transpose) continue;
    const called = type !== t.Identifier && kept[j - 1]?.tokenType === t.Identifier;
    return called && t.endOf(kept[j - 1] as IToken) === kept[j]?.startOffset ? j - 1 : j;
  }
  return kept.length - 1;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** `'data.csv'` where a value is due, so that the quote transposes nothing. */
function singleQuoted(
  text: string,
  tokens: readonly IToken[],
  i: number,
  before: IToken | undefined,
): Foreign | undefined {
  const start = (tokens[i] as IToken).startOffset;
  if (before !== undefined && operandEnds.has(before.tokenType)) return undefined;
  // Text with a `#` has been read as a comment from there on.
  const found = /^'([^'"#\r\n]*)'/.exec(text.slice(start, start + longestText));
  if (found === null) return undefined;
  const end = start + found[0].length;
  let taken = 1;
  while (i + taken < tokens.length && (tokens[i + taken] as IToken).startOffset < end) taken++;
  if (t.endOf(tokens[i + taken - 1] as IToken) > end) return undefined;
  return {
    taken,
    tokens: [replacement(t.StringLiteral, found[0], start)],
    problem: {
      code: 'syntax-character',
      start,
      end,
      message: 'text stands in double quotes',
      reason: "`'` is the transpose of what stands before it",
      fix: { title: 'write double quotes', start, end, replacement: `"${found[1] ?? ''}"` },
    },
  };
}

/** Names of files are shorter; the bound keeps the reader linear in a text of many quotes. */
const longestText = 300;

function replacement(type: TokenType, image: string, startOffset: number): IToken {
  return { ...t.emptyToken(type, startOffset), image };
}

function isPoint(tokens: readonly IToken[], i: number): boolean {
  const point = tokens[i];
  const previous = tokens[i - 1];
  return (
    point?.tokenType === t.Unknown &&
    point.image === '.' &&
    previous !== undefined &&
    t.endOf(previous) === point.startOffset
  );
}

/** Whether a token of this type follows token `i` without a space. */
function adjoins(tokens: readonly IToken[], i: number, type: TokenType): boolean {
  const next = tokens[i + 1];
  return next?.tokenType === type && next.startOffset === t.endOf(tokens[i] as IToken);
}

/** The `)` of the `(` at `open`; the last token before a brace or a colon where it is never closed. */
function closing(tokens: readonly IToken[], open: number): number {
  let depth = 0;
  for (let j = open; ; j++) {
    const type = tokens[j]?.tokenType;
    if (type === undefined || type === t.LeftBrace || type === t.RightBrace) return j - 1;
    if (type === t.LeftParenthesis) depth++;
    else if (type === t.RightParenthesis && --depth === 0) return j;
    // An unclosed method call must not swallow the file.
    if (j > open + longestCall) return open;
  }
}

/** Tokens in the arguments of a method call; keeps nested calls linear. */
const longestCall = 64;
