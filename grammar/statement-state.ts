/**
 * Where the statement reader is in the text, and what a word begins there. Keywords are contextual,
 * so this is the one place that decides whether a word is a keyword, the name of a declaration or
 * entry, or part of an expression.
 */
import type { IToken, TokenType } from 'chevrotain';
import type { BracketStack } from './brackets.ts';
import { blockKinds, objectiveTypes, operandEnds } from './statement-tables.ts';
import type { BlockKind } from './statement-tables.ts';
import type { TokenReader } from './token-reader.ts';
import * as t from './tokens.ts';

/** `none`: a statement is due; `skipped`: what comes is dropped until the next one begins. */
export type Statement =
  | 'none'
  | 'skipped'
  | 'problem'
  | 'let'
  | 'declaration'
  | 'objective'
  | 'entry'
  | 'relation';
export type Start =
  | 'block'
  | 'unknown-block'
  | 'misplaced'
  | 'unknown'
  | Exclude<Statement, 'none' | 'skipped'>;

export class StatementState {
  block: BlockKind = 'top';
  statement: Statement = 'none';
  /** In `expect`: the relation has its comparison. */
  hasComparison = false;
  /** In `report`: the entry has its `with`. */
  hasWith = false;
  /** The last token read, kept or dropped. */
  previous: IToken | undefined;
  private readonly source: TokenReader;
  private readonly brackets: BracketStack;

  constructor(source: TokenReader, brackets: BracketStack) {
    this.source = source;
    this.brackets = brackets;
  }

  /** Whether a value has just ended, so that a name can only begin something new. */
  endsOperand(): boolean {
    return this.previous !== undefined && operandEnds.has(this.previous.tokenType);
  }

  /** What the word begins, if it begins a statement. */
  startOf(i: number, token: IToken): Start | undefined {
    const keyword = t.keywordTypes.get(token.image);
    const next = this.source.typeAt(i + 1);
    const first = this.source.isFirst(i);
    const fresh = this.statement === 'none' || this.endsOperand();
    if (next === t.LeftBrace && (fresh || first || keyword !== undefined)) {
      return keyword !== undefined && blockKinds.has(keyword) ? 'block' : 'unknown-block';
    }
    if (keyword !== undefined && blockKinds.has(keyword)) {
      const each = this.source.tokens[i + 1]?.image === 'each';
      if (each && keyword === t.Lower && this.source.typeAt(i + 2) === t.Identifier) return 'block';
      // A header whose brace is missing.
      // In `solve` they name entries, so there only a declaration after it shows a header.
      const headless =
        this.block === 'solve'
          ? next === t.Identifier && this.source.typeAt(i + 2) === t.Colon
          : next === undefined || next === t.Identifier || next === t.RightBrace;
      // `upper:` with nothing after it on its line.
      const colon =
        next === t.Colon && (this.source.isFirst(i + 2) || this.source.typeAt(i + 2) === undefined);
      if (fresh && (first || this.block === 'top') && (headless || colon) && !this.continues(token))
        return 'block';
    }
    if (next !== t.Colon && next !== t.Equals) {
      if (keyword === t.Problem && fresh && (this.block === 'top' || (first && next === t.StringLiteral))) {
        return 'problem';
      }
      if (keyword === t.Let && (fresh || first)) return this.allowsLet() ? 'let' : 'misplaced';
    }
    if (keyword === t.Let && next === t.Equals && fresh && first && this.allowsLet()) return 'let';
    if (keyword !== undefined && objectiveTypes.has(keyword) && next !== t.Colon && (fresh || first)) {
      if (this.block === 'level') return 'objective';
      if (next !== t.Equals && this.block !== 'expect') return 'misplaced';
    }
    return this.startInBlock(i, token, { keyword, next, first, fresh });
  }

  private startInBlock(
    i: number,
    token: IToken,
    {
      keyword,
      next,
      first,
      fresh,
    }: { keyword: TokenType | undefined; next: TokenType | undefined; first: boolean; fresh: boolean },
  ): Start | undefined {
    const outside = this.brackets.depth === 0;
    switch (this.block) {
      case 'top':
        if (next === t.Colon && outside && (fresh || first)) return 'misplaced';
        break;
      case 'data':
      case 'level':
        if (next === t.Colon && (outside || first)) return 'declaration';
        break;
      case 'solve':
        if (keyword === t.Sample && fresh && next === t.Identifier) return 'entry';
        if ((next === t.Equals || next === t.Colon) && (outside || (first && this.endsOperand())))
          return 'entry';
        break;
      case 'report':
        if (next === t.Equals && !this.inSubstitution()) {
          if (outside || (first && this.endsOperand())) return 'entry';
        }
        break;
      case 'expect':
        if (this.beginsRelation(i)) return 'relation';
        return undefined;
    }
    if (outside && first && fresh && this.statement !== 'none' && !this.continues(token)) return 'unknown';
    return undefined;
  }

  /** `in` and `with` may continue a statement on the next line. */
  private continues(token: IToken): boolean {
    if (this.statement === 'none' || this.statement === 'skipped') return false;
    return token.image === 'in' || (token.image === 'with' && this.block === 'report');
  }

  private inSubstitution(): boolean {
    const type = this.previous?.tokenType;
    return type === t.With || (type === t.Comma && this.hasWith);
  }

  beginsRelation(i: number): boolean {
    if (this.statement === 'none') return true;
    if (this.brackets.depth > 0) return false;
    // `a <=`, and the next line has a comparison of its own.
    const compared = this.previous?.tokenType.CATEGORIES?.includes(t.Comparison) === true;
    if (compared) return this.source.isFirst(i) && this.comparesInLine(i);
    if (!this.endsOperand()) return false;
    return this.source.isFirst(i) || (this.hasComparison && this.source.tokens[i]?.image !== 'in');
  }

  /** A sign at the beginning of a line of `expect` that compares, after a relation that has compared. */
  beginsSignedRelation(i: number, { tokenType }: IToken): boolean {
    if (this.block !== 'expect' || (tokenType !== t.Minus && tokenType !== t.Plus)) return false;
    if (this.brackets.depth > 0 || !this.hasComparison || !this.endsOperand()) return false;
    return this.source.isFirst(i) && this.comparesInLine(i);
  }

  private comparesInLine(from: number): boolean {
    for (let i = from + 1; !this.source.isFirst(i); i++) {
      const type = this.source.typeAt(i);
      if (type === undefined) return false;
      if (type.CATEGORIES?.includes(t.Comparison)) return true;
    }
    return false;
  }

  allowsLet(): boolean {
    return this.block === 'top' || this.block === 'data' || this.block === 'level';
  }
}
