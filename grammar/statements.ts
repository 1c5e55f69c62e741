/**
 * The statement reader: between lexer and parser it decides which names are keywords, where each
 * statement begins and ends, and repairs what a half-typed file leaves open: it inserts the missing
 * bracket, brace or expression as an empty token and drops what cannot belong. Recovery is decided
 * here because statements have no terminator: only `name :`, `name =` or a keyword in its place
 * shows where the next one begins. Invariants: one pass, linear time; what it hands on has balanced
 * brackets within each statement and balanced braces, and every repair has been reported.
 */
import type { IToken, TokenType } from 'chevrotain';
import { squareBox } from './boxes.ts';
import type { Checkpoint, Excerpt, Passed, StatementTokens } from './checkpoint.ts';
import { StatementOutput } from './gaps.ts';
import { nearest } from './problems.ts';
import type { SyntaxProblem } from './problems.ts';
import {
  bareTitle,
  colonForEquals,
  beforeType,
  missingBrace,
  missingColon,
  misplacedStatement,
  namelessBlock,
  strayBrace,
  missingValue,
  unknownBlock,
  unopenedBrace,
  wordsBeforeBrace,
  unknownStatement,
} from './slips.ts';
import { StatementState } from './statement-state.ts';
import type { Start, Statement } from './statement-state.ts';
import {
  blockKinds,
  blockWords,
  expressionStarts,
  foreignWords,
  statementForms,
  statementWords,
} from './statement-tables.ts';
import type { BlockKind } from './statement-tables.ts';
import { afterBraces, findBrace, readTokens } from './token-reader.ts';
import type { TokenReader } from './token-reader.ts';
import * as t from './tokens.ts';
import { quote as shown, retag } from './tokens.ts';

class StatementReader {
  private readonly out: StatementOutput;
  private readonly starts: number[] = [];
  /** The brace (or, when it is missing, the keyword) that opened the block. */
  private opened: IToken | undefined;
  private blockWord = '';
  private strayBraces = 0;
  /** Between the `:` of a declaration and its `in` or `=`. */
  private inType = false;
  private readonly state: StatementState;
  private readonly source: TokenReader;
  private readonly problems: SyntaxProblem[] = [];

  constructor(source: TokenReader) {
    this.source = source;
    this.out = new StatementOutput(this.problems);
    this.state = new StatementState(source, this.out.brackets);
  }

  read({ from, openedAt = 0, stops }: Excerpt): StatementTokens {
    const { tokens, problems: tokenProblems, comments } = this.source;
    const written = this.out.tokens;
    const skipped = from === undefined ? 0 : this.resume(from, openedAt);
    const passed = new Map<IToken, Passed>();
    let isStopped = false;
    for (let i = 0; i < tokens.length;) {
      const token = tokens[i] as IToken;
      const checkpoint = this.checkpoint();
      const before = [written.length, this.problems.length, this.starts.length] as const;
      const next = this.step(i, token);
      if (token.payload === t.statementStart || token.tokenType === t.RightBrace) {
        const at = written.indexOf(token, before[0]);
        if (at >= 0 && stops(checkpoint, token, tokens.length - i)) {
          [written.length, this.problems.length, this.starts.length] = [at, before[1], before[2]];
          isStopped = true;
          break;
        }
        if (at >= 0) passed.set(token, { checkpoint, problems: before[1] });
      }
      this.state.previous = tokens[next - 1];
      i = next;
    }
    if (!isStopped) this.closeBlock();
    const kept = { tokens: written.slice(skipped), starts: this.starts, comments, passed };
    return { ...kept, tokenProblems, problems: this.problems };
  }

  private checkpoint(): Checkpoint {
    const { block, statement, hasComparison, hasWith, previous } = this.state;
    const { last, tokens, brackets } = this.out;
    return {
      block,
      blockWord: this.blockWord,
      isOpen: this.opened !== undefined,
      strayBraces: this.strayBraces,
      statement,
      inType: this.inType,
      hasComparison,
      hasWith,
      depth: brackets.depth,
      previous: previous?.tokenType,
      isWritten: previous === last,
      last: last?.tokenType,
      beforeLast: tokens[tokens.length - 2]?.tokenType,
    };
  }

  /** Stands as at the checkpoint; how many tokens were put in for that. */
  private resume(from: Checkpoint, openedAt: number): number {
    const { block, blockWord, isOpen, strayBraces, statement, inType, hasComparison, hasWith } = from;
    Object.assign(this.state, { block, statement, hasComparison, hasWith });
    this.blockWord = blockWord;
    this.strayBraces = strayBraces;
    this.inType = inType;
    if (isOpen) this.opened = { ...t.emptyToken(t.LeftBrace, openedAt), image: '{' };
    const written = [from.beforeLast, from.last].filter((type) => type !== undefined);
    this.out.tokens.push(...written.map((type) => t.emptyToken(type, 0)));
    this.state.previous = from.isWritten ? this.out.last : from.previous && t.emptyToken(from.previous, 0);
    return written.length;
  }

  private step(i: number, token: IToken): number {
    switch (token.tokenType) {
      case t.Identifier:
        return this.word(i, token);
      case t.LeftBrace:
        return this.leftBrace(i, token);
      case t.RightBrace:
        this.rightBrace(token);
        return i + 1;
    }
    if (this.state.statement === 'none') {
      if (this.state.block === 'expect' && expressionStarts.has(token.tokenType))
        this.start('relation', token);
      else {
        this.start('skipped', token);
        this.report('syntax-unknown-statement', token, `unexpected ${shown(token)}`, {
          reason: statementForms[this.state.block],
        });
      }
    }
    if (this.state.statement === 'skipped') return i + 1;
    this.checkType(token);
    if (this.state.beginsSignedRelation(i, token)) this.start('relation', token);
    switch (token.tokenType) {
      case t.LeftParenthesis:
      case t.LeftBracket:
        return this.leftBracket(i, token);
      case t.RightParenthesis:
      case t.RightBracket:
        this.out.fillExpression(token);
        this.out.brackets.close(token);
        return i + 1;
      case t.NumberLiteral:
        if (this.state.block === 'expect' && this.state.beginsRelation(i)) this.start('relation', token);
        else if (!this.inType) this.out.fillOperator(this.state.previous, token);
        break;
      case t.Equals:
        // No type has a `=` in its brackets.
        if (this.inType) this.out.brackets.closeAll();
        if (this.out.brackets.depth === 0) this.inType = false;
        break;
    }
    this.out.emit(token);
    if (
      token.tokenType === t.Colon &&
      this.state.statement === 'declaration' &&
      this.out.brackets.depth === 0
    ) {
      this.inType = true;
    } else if (this.out.brackets.depth === 0 && token.tokenType.CATEGORIES?.includes(t.Comparison)) {
      this.state.hasComparison = true;
    }
    return i + 1;
  }

  private word(i: number, token: IToken): number {
    const start = this.state.startOf(i, token);
    if (start !== undefined) return this.begin(start, i, token);
    if (this.state.statement === 'none') return this.unknownWord(i, token);
    if (this.state.statement === 'skipped') return i + 1;
    if (this.state.previous !== undefined && this.state.endsOperand()) {
      if (token.image === 'in') {
        this.checkType(token);
        this.inType = false;
        retag(token, t.In);
      } else if (token.image === 'with' && this.state.block === 'report' && this.out.brackets.depth === 0) {
        this.state.hasWith = true;
        retag(token, t.With);
      } else if (!this.inType) {
        this.out.fillOperator(this.state.previous, token);
      }
    }
    this.out.emit(token);
    return i + 1;
  }

  // ── beginnings ─────────────────────────────────────────────────────────────────────────────────

  private begin(start: Start, i: number, token: IToken): number {
    switch (start) {
      case 'block':
        return this.beginBlock(i, token, t.keywordTypes.get(token.image) as TokenType);
      case 'unknown-block':
        return this.unknownBlock(i, token);
      case 'unknown':
        this.endStatement(token);
        return this.unknownWord(i, token);
      case 'misplaced':
        return this.misplaced(i, token);
      case 'problem':
        if (this.opened !== undefined) this.closeBlock(token);
        this.start('problem', token);
        retag(token, t.Problem);
        this.out.push(token);
        return bareTitle(this.source, i + 1, this.out) ?? i + 1;
      case 'declaration':
        this.start('declaration', token);
        retag(token, t.DeclarationName);
        this.out.push(token);
        return i + 1;
      case 'let':
      case 'objective': {
        this.start(start, token);
        const keyword = t.keywordTypes.get(token.image) as TokenType;
        retag(token, keyword);
        this.out.push(token);
        const named = keyword === t.Let || keyword === t.FixedPoint;
        if (!named || this.source.typeAt(i + 1) !== t.Identifier || this.source.isFirst(i + 1)) return i + 1;
        this.out.push(this.source.tokens[i + 1] as IToken);
        return i + 2;
      }
      case 'entry':
        return this.beginEntry(i, token);
      case 'relation':
        this.start('relation', token);
        this.out.emit(token);
        return i + 1;
    }
  }

  private beginEntry(i: number, token: IToken): number {
    this.start('entry', token);
    let name = i;
    if (this.source.typeAt(i + 1) === t.Identifier) {
      retag(token, t.Sample);
      this.out.push(token);
      name = i + 1;
    }
    const entry = this.source.tokens[name] as IToken;
    retag(entry, t.EntryName);
    this.out.push(entry);
    if (this.source.typeAt(name + 1) !== t.Colon) return name + 1;
    const colon = this.source.tokens[name + 1] as IToken;
    this.problems.push(colonForEquals(entry, colon, this.state.block));
    this.out.push(t.emptyToken(t.Equals, colon.startOffset));
    return name + 2;
  }

  private beginBlock(i: number, token: IToken, keyword: TokenType): number {
    this.closeBlock(token);
    this.starts.push(token.startOffset);
    this.blockWord = t.keywords.find((row) => row.type === keyword)?.word ?? token.image;
    token.payload = t.statementStart;
    retag(token, keyword);
    this.out.push(token);
    const { tokens } = this.source;
    let j = i + 1;
    if (keyword === t.Lower && tokens[j]?.image === 'each' && this.source.typeAt(j) === t.Identifier) {
      retag(tokens[j] as IToken, t.Each);
      this.out.push(tokens[j++] as IToken);
      for (let count = 0; count < 3 && this.source.typeAt(j) === t.Identifier; count++) {
        const part = tokens[j] as IToken;
        if (this.source.isFirst(j) && this.source.typeAt(j + 1) === t.Colon) break;
        if (part.image === 'in') retag(part, t.In);
        this.out.push(part);
        j++;
      }
    }
    const brace = findBrace(this.source, j);
    this.state.block = blockKinds.get(keyword) as BlockKind;
    this.state.statement = 'none';
    if (brace === undefined) {
      const before = tokens[j - 1] as IToken;
      const colon = this.source.typeAt(j) === t.Colon ? tokens[j] : undefined;
      this.problems.push(missingBrace(token, this.blockWord, t.endOf(before), colon));
      this.opened = token;
      this.out.push(t.emptyToken(t.LeftBrace, t.endOf(before)));
      return colon === undefined ? j : j + 1;
    }
    if (brace > j) {
      this.problems.push(wordsBeforeBrace(tokens.slice(j - 1, brace)));
    }
    this.opened = tokens[brace] as IToken;
    this.out.push(this.opened);
    return brace + 1;
  }

  private start(statement: Statement, token: IToken): void {
    this.endStatement(token);
    this.starts.push(token.startOffset);
    token.payload = t.statementStart;
    this.state.statement = statement;
  }

  /** Ends the statement: fills what is missing at its end and closes its brackets. */
  private endStatement(next?: IToken): void {
    if (this.state.statement !== 'none' && this.state.statement !== 'skipped') {
      this.checkType(next);
      this.out.fillExpression(undefined);
      this.out.brackets.closeAll();
      if (this.state.statement === 'relation' && !this.state.hasComparison) this.out.fillComparison();
    }
    this.out.brackets.clear();
    this.state.statement = 'none';
    this.inType = false;
    this.state.hasComparison = false;
    this.state.hasWith = false;
  }

  private closeBlock(next?: IToken): void {
    this.endStatement(next);
    if (this.opened !== undefined) {
      const end = this.state.previous === undefined ? 0 : t.endOf(this.state.previous);
      this.report('syntax-unclosed', this.opened, `the block \`${this.blockWord}\` is never closed`, {
        reason: `its \`{\` has no \`}\`${next === undefined ? '' : ` before ${shown(next)}`}`,
        fix: { title: 'insert `}`', start: end, end, replacement: '\n}' },
      });
      this.out.push(t.emptyToken(t.RightBrace, end));
    }
    this.opened = undefined;
    this.state.block = 'top';
    this.strayBraces = 0;
  }

  // ── what does not belong ───────────────────────────────────────────────────────────────────────

  /** A word where a statement is due and that begins none of them. */
  private unknownWord(i: number, token: IToken): number {
    const next = this.source.typeAt(i + 1);
    const sameLine = next !== undefined && !this.source.isFirst(i + 1);
    const known = foreignWords.has(token.image);
    const near = known ? undefined : nearest(token.image, statementWords[this.state.block]);
    const keyword = near === undefined ? undefined : (t.keywordTypes.get(near) as TokenType);
    if (
      (this.state.block === 'data' || this.state.block === 'level') &&
      this.isDeclaration(next, sameLine, keyword)
    ) {
      this.start('declaration', token);
      retag(token, t.DeclarationName);
      this.out.push(token);
      this.report('syntax-missing-type', token, `\`${token.image}\` has no type`, {
        reason: 'a declaration reads `name : type`, for example `w : vector[d]`',
        remedy: 'write `:` and a type after the name',
      });
      return i + 1;
    }
    if ((this.state.block === 'data' || this.state.block === 'level') && beforeType(this.source, i)) {
      this.start('declaration', token);
      retag(token, t.DeclarationName);
      this.out.push(token);
      this.out.push(t.emptyToken(t.Colon, t.endOf(token)));
      this.problems.push(missingColon(token, this.source.tokens[i + 1] as IToken));
      this.inType = true;
      return i + 1;
    }
    if (keyword !== undefined && near !== undefined) {
      this.problems.push(unknownStatement(token, this.state.block, near));
      if (blockKinds.has(keyword)) return this.beginBlock(i, token, keyword);
      if (sameLine && keyword !== t.Sample) {
        this.start(keyword === t.Problem ? 'problem' : keyword === t.Let ? 'let' : 'objective', token);
        retag(token, keyword);
        this.out.push(token);
        if ((keyword !== t.Let && keyword !== t.FixedPoint) || next !== t.Identifier) return i + 1;
        this.out.push(this.source.tokens[i + 1] as IToken);
        return i + 2;
      }
      this.start('skipped', token);
      return i + 1;
    }
    if (this.state.block === 'solve' || this.state.block === 'report') {
      this.start('entry', token);
      retag(token, t.EntryName);
      this.out.push(token);
      const valued = sameLine && expressionStarts.has(next);
      this.problems.push(missingValue(token, this.state.block, valued));
      if (valued) this.out.push(t.emptyToken(t.Equals, t.endOf(token)));
      else this.state.statement = 'skipped';
      return i + 1;
    }
    this.start('skipped', token);
    this.problems.push(unknownStatement(token, this.state.block, undefined));
    return i + 1;
  }

  /** `b` alone on its line or `b = 0`: a declaration whose type is not there yet. */
  private isDeclaration(
    next: TokenType | undefined,
    sameLine: boolean,
    near: TokenType | undefined,
  ): boolean {
    if (next === t.Equals) return true;
    return near === undefined && (!sameLine || next === t.RightBrace);
  }

  private unknownBlock(i: number, token: IToken): number {
    const near = nearest(token.image, blockWords);
    if (near !== undefined) {
      this.problems.push(unknownBlock(token, near));
      return this.beginBlock(i, token, t.keywordTypes.get(near) as TokenType);
    }
    this.endStatement(token);
    this.starts.push(token.startOffset);
    this.problems.push(unknownBlock(token, undefined));
    return afterBraces(this.source, i + 1);
  }

  private misplaced(i: number, token: IToken): number {
    this.start('skipped', token);
    const isDeclaration = this.source.typeAt(i + 1) === t.Colon;
    const place = this.state.block === 'top' ? undefined : this.blockWord;
    this.problems.push(misplacedStatement(token, isDeclaration, place));
    return i + 1;
  }

  // ── braces and brackets ────────────────────────────────────────────────────────────────────────

  private leftBrace(i: number, token: IToken): number {
    if (this.state.block === 'top') {
      this.endStatement(token);
      this.starts.push(token.startOffset);
      this.problems.push(namelessBlock(token));
      return afterBraces(this.source, i);
    }
    this.strayBraces++;
    this.problems.push(strayBrace(token));
    return i + 1;
  }

  private rightBrace(token: IToken): void {
    if (this.strayBraces > 0) {
      this.strayBraces--;
    } else if (this.opened === undefined) {
      this.endStatement(token);
      this.starts.push(token.startOffset);
      this.problems.push(unopenedBrace(token));
    } else {
      this.endStatement(token);
      this.out.push(token);
      this.opened = undefined;
      this.state.block = 'top';
    }
  }

  private leftBracket(i: number, token: IToken): number {
    if (this.state.previous?.tokenType === t.In && this.state.statement === 'declaration') {
      const problem = squareBox(this.source, i);
      if (problem !== undefined) this.problems.push(problem);
    }
    if (token.tokenType === t.LeftParenthesis && this.state.previous?.tokenType !== t.Identifier) {
      if (this.state.block === 'expect' && this.state.hasComparison && this.state.beginsRelation(i))
        this.start('relation', token);
      else if (!this.inType) this.out.fillOperator(this.state.previous, token);
    }
    this.out.fillExpression(token);
    return this.out.brackets.open(token, i, this.source);
  }

  // ── gaps ───────────────────────────────────────────────────────────────────────────────────────

  /** Reports a declaration's `:` that no type follows. */
  private checkType(next: IToken | undefined): void {
    const last = this.out.last;
    if (this.inType && last?.tokenType === t.Colon && this.out.brackets.depth === 0) {
      this.report('syntax-missing-type', last, 'expected a type after `:`', {
        reason: 'types are `scalar`, `vector[n]`, `matrix[m, n]`, `tensor[a, b, c]` and `labels[n, k]`',
        ...(next === undefined ? {} : { remedy: `write a type before ${shown(next)}` }),
      });
    }
  }

  private report(
    code: SyntaxProblem['code'],
    token: IToken,
    message: string,
    more: Partial<SyntaxProblem> = {},
  ): void {
    this.problems.push({ code, start: token.startOffset, end: t.endOf(token), message, ...more });
  }
}

/** Reads the statements of a text, or of an excerpt of whole lines; never throws. */
export function readStatements(text: string, excerpt: Excerpt = { stops: () => false }): StatementTokens {
  return new StatementReader(readTokens(text)).read(excerpt);
}
