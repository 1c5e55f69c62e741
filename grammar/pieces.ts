/**
 * The tokens of the statement reader cut into pieces: the head of a block, its statements, its closing
 * brace. Each is read by a rule of its own, so that a mistake in one statement cannot reach another and
 * a piece that is as it was need not be read again. Invariant: the pieces in their order are the tokens.
 */
import type { IToken, TokenType } from 'chevrotain';
import { blockKinds } from './statement-tables.ts';
import * as t from './tokens.ts';

export type StatementKind =
  | 'problem'
  | 'declaration'
  | 'let'
  | 'objective'
  | 'solve-entry'
  | 'relation'
  | 'report-entry';

export interface Piece {
  readonly kind: StatementKind | 'head' | 'close';
  readonly tokens: readonly IToken[];
}

/** What a statement's first token makes it; an entry is one of the block that it stands in. */
const kinds: ReadonlyMap<TokenType, StatementKind> = new Map([
  [t.Problem, 'problem'],
  [t.Let, 'let'],
  [t.DeclarationName, 'declaration'],
  [t.Minimize, 'objective'],
  [t.Maximize, 'objective'],
  [t.FixedPoint, 'objective'],
]);
const words: ReadonlyMap<TokenType, string> = new Map(t.keywords.map(({ type, word }) => [type, word]));

/** What an entry of a block is, by the word of the block. */
function entriesIn(block: string | undefined): StatementKind {
  return block === 'solve' ? 'solve-entry' : block === 'report' ? 'report-entry' : 'relation';
}

/** `within`: the block that the first of the tokens stand in. */
export function cutIntoPieces(tokens: readonly IToken[], within?: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let entry: StatementKind = entriesIn(within);
  let from = 0;
  for (let next = 1; next <= tokens.length; next++) {
    const token = tokens[next];
    const begins =
      token === undefined || token.payload === t.statementStart || token.tokenType === t.RightBrace;
    if (!begins) continue;
    const { tokenType } = tokens[from] as IToken;
    const kind = blockKinds.has(tokenType)
      ? 'head'
      : tokenType === t.RightBrace
        ? 'close'
        : (kinds.get(tokenType) ?? entry);
    if (kind === 'head') entry = entriesIn(words.get(tokenType));
    pieces.push({ kind, tokens: tokens.slice(from, next) });
    from = next;
  }
  return pieces;
}
