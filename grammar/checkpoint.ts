/**
 * Where the statement reader stands before a token with which a piece begins: all that what comes next depends on
 * besides the tokens from there. Two readings that stand alike before the same tokens go on alike, so that the
 * reading of an edited text can be joined to that of the text before (server/src/syntax/reread.ts).
 */
import type { IToken, TokenType } from 'chevrotain';
import type { SyntaxProblem } from './problems.ts';
import type { BlockKind } from './statement-tables.ts';
import type { Statement } from './statement-state.ts';

export interface Checkpoint {
  readonly block: BlockKind;
  readonly blockWord: string;
  /** Whether the block has been opened. */
  readonly isOpen: boolean;
  readonly strayBraces: number;
  readonly statement: Statement;
  readonly inType: boolean;
  readonly hasComparison: boolean;
  readonly hasWith: boolean;
  readonly depth: number;
  /** The last token read, and whether it is the last one written. */
  readonly previous: TokenType | undefined;
  readonly isWritten: boolean;
  /** The last tokens written. */
  readonly last: TokenType | undefined;
  readonly beforeLast: TokenType | undefined;
}

export function isSameCheckpoint(a: Checkpoint, b: Checkpoint): boolean {
  return (
    a.block === b.block &&
    a.blockWord === b.blockWord &&
    a.isOpen === b.isOpen &&
    a.strayBraces === b.strayBraces &&
    a.statement === b.statement &&
    a.inType === b.inType &&
    a.hasComparison === b.hasComparison &&
    a.hasWith === b.hasWith &&
    a.depth === b.depth &&
    a.previous === b.previous &&
    a.isWritten === b.isWritten &&
    a.last === b.last &&
    a.beforeLast === b.beforeLast
  );
}

export interface StatementTokens {
  readonly tokens: IToken[];
  /** Of single tokens. */
  readonly tokenProblems: readonly SyntaxProblem[];
  /** Of statements, in the order in which they were found. */
  readonly problems: readonly SyntaxProblem[];
  /** Offsets at which statements begin, ascending; at most one problem is shown between two. */
  readonly starts: readonly number[];
  readonly comments: readonly IToken[];
  /** By the token that a piece begins with, where the reader stood and how many problems it had found. */
  readonly passed: ReadonlyMap<IToken, Passed>;
}

export interface Passed {
  readonly checkpoint: Checkpoint;
  readonly problems: number;
}

/** Where to go on and when to stop. */
export interface Excerpt {
  readonly from?: Checkpoint;
  /** Of the block that is open at the beginning. */
  readonly openedAt?: number;
  /** Asked before a piece is read. */
  readonly stops: (checkpoint: Checkpoint, token: IToken, tokensLeft: number) => boolean;
}
