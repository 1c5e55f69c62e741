/**
 * What surrounds a cursor in a text that is being typed: the block, the brackets that are open before it
 * with the functions they belong to, the statement begun. Read from the tokens before the cursor alone,
 * so that what follows, which may be broken, cannot matter.
 */
import * as t from '../../../../grammar/tokens.ts';
import { lex } from '../../../../grammar/tokens.ts';
import type { Span } from '../../base/span.ts';

type BlockName = 'data' | 'upper' | 'lower' | 'solve' | 'expect' | 'report';

/** An open bracket before the cursor. */
export interface OpenBracket {
  readonly bracket: '(' | '[';
  /** The name directly before the bracket: the function called, the type, the array indexed. */
  readonly callee: string | undefined;
  /** Number of commas since the bracket. */
  readonly argument: number;
  /** `name` of the argument written `name = …` that the cursor is in. */
  readonly argumentName: string | undefined;
  /** Names of arguments written before this one. */
  readonly namedBefore: readonly string[];
}

export interface CursorContext {
  /** The name under the cursor, from its beginning to its end; empty where there is none. */
  readonly word: Span;
  readonly inside: 'code' | 'comment' | 'string';
  /** Of the string the cursor is in: its content before the cursor, and its place without quotes. */
  readonly string?: { readonly before: string; readonly span: Span };
  readonly block: BlockName | undefined;
  /** Innermost last. */
  readonly brackets: readonly OpenBracket[];
  /** Texts of the tokens of the statement before the word; a statement begins on a line of its own. */
  readonly statement: readonly string[];
  /** The word is the first thing on its line, with no bracket open and no operator before it. */
  readonly startsStatement: boolean;
}

const blockNames: ReadonlySet<string> = new Set(['data', 'upper', 'lower', 'solve', 'expect', 'report']);
const continuing = /^(?:[-+*/^&=<>:,]|\.[*/^.]|[<>=]=|in|with)$/u;
const wordCharacter = /[\p{L}\p{N}\p{M}_]/u;

interface Bracket {
  readonly bracket: '(' | '[';
  readonly callee: string | undefined;
  argument: number;
  argumentName: string | undefined;
  named: string[];
}

export function contextAt(text: string, offset: number): CursorContext {
  const word = wordAround(text, offset);
  const before = text.slice(0, offset);
  const { tokens, comments } = lex(before);
  const comment = comments.at(-1);
  const inComment = comment !== undefined && t.endOf(comment) === offset;
  const last = tokens.at(-1);
  const inString = last?.tokenType === t.UnterminatedString ? last : undefined;
  const state = scan(before, tokens, inString === undefined ? word.start : inString.startOffset);
  if (inString !== undefined) {
    const start = inString.startOffset + 1;
    const rest = /^[^"\r\n]*/.exec(text.slice(offset))?.[0] ?? '';
    const end = text[offset + rest.length] === '"' ? offset + rest.length : offset;
    return {
      ...state,
      word: { start: offset, end: offset },
      inside: 'string',
      string: { before: before.slice(start), span: { start, end } },
      startsStatement: false,
    };
  }
  return { ...state, word, inside: inComment ? 'comment' : 'code' };
}

function scan(
  text: string,
  tokens: readonly { readonly image: string; readonly startOffset: number }[],
  end: number,
): Pick<CursorContext, 'block' | 'brackets' | 'statement' | 'startsStatement'> {
  let block: BlockName | undefined;
  let brackets: Bracket[] = [];
  let statement: string[] = [];
  let depth = 0;
  let previous: { image: string; end: number } | undefined;
  for (const { image, startOffset } of tokens) {
    if (startOffset >= end) break;
    const newLine = previous === undefined || /[\r\n]/.test(text.slice(previous.end, startOffset));
    if (newLine && brackets.length === 0 && (previous === undefined || !continuing.test(previous.image))) {
      if (!continuing.test(image)) statement = [];
    }
    const open = brackets.at(-1);
    if (image === '{') {
      const name = statement[0];
      if (depth === 0) block = name !== undefined && blockNames.has(name) ? (name as BlockName) : undefined;
      depth++;
      brackets = [];
      statement = [];
    } else if (image === '}') {
      depth = Math.max(0, depth - 1);
      if (depth === 0) block = undefined;
      brackets = [];
      statement = [];
    } else {
      if (image === '(' || image === '[') {
        const callee =
          previous !== undefined && /^[\p{L}_]/u.test(previous.image) ? previous.image : undefined;
        brackets.push({ bracket: image, callee, argument: 0, argumentName: undefined, named: [] });
      } else if (image === ')' || image === ']') {
        brackets.pop();
      } else if (image === ',' && open !== undefined) {
        if (open.argumentName !== undefined) open.named.push(open.argumentName);
        open.argument++;
        open.argumentName = undefined;
      } else if (image === '=' && open?.bracket === '(' && previous !== undefined) {
        open.argumentName = previous.image;
      }
      statement.push(image);
    }
    previous = { image, end: startOffset + image.length };
  }
  const lineStart = text.slice(previous?.end ?? 0, end);
  const fresh =
    brackets.length === 0 &&
    (previous === undefined ||
      previous.image === '{' ||
      previous.image === '}' ||
      /[\r\n]/.test(lineStart)) &&
    (previous === undefined || !continuing.test(previous.image));
  return {
    block,
    brackets: brackets.map(({ named, ...bracket }) => ({ ...bracket, namedBefore: named })),
    statement: fresh ? [] : statement,
    startsStatement: fresh,
  };
}

function wordAround(text: string, offset: number): Span {
  let start = offset;
  let end = offset;
  for (;;) {
    const character = previousCharacter(text, start);
    if (character === '' || !wordCharacter.test(character)) break;
    start -= character.length;
  }
  for (;;) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 32);
    if (end >= text.length || !wordCharacter.test(character)) break;
    end += character.length;
  }
  return { start, end };
}

function previousCharacter(text: string, offset: number): string {
  if (offset === 0) return '';
  const code = text.charCodeAt(offset - 1);
  const low = code >= 0xdc00 && code <= 0xdfff && offset > 1;
  return text.slice(offset - (low ? 2 : 1), offset);
}
