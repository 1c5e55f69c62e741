/**
 * The brackets `( )` and `[ ]` open within one statement. What a statement leaves open is closed at
 * its end by an empty token; what closes nothing is dropped; both are reported. Nesting is limited,
 * so that no stage after this one, all of them recursive, can run out of stack.
 */
import type { IToken, TokenType } from 'chevrotain';
import type { SyntaxProblem } from './problems.ts';
import { operandEnds } from './statement-tables.ts';
import type { TokenReader } from './token-reader.ts';
import * as t from './tokens.ts';

/** Far beyond what people write; each level costs the parser some thirty frames of about 100 bytes. */
export const deepestNesting = 64;

export class BracketStack {
  private readonly stack: IToken[] = [];
  /** For each open bracket, whether it follows a value. */
  private readonly subscripts: boolean[] = [];
  private readonly problems: SyntaxProblem[];
  private readonly out: IToken[];

  constructor(problems: SyntaxProblem[], out: IToken[]) {
    this.problems = problems;
    this.out = out;
  }

  get depth(): number {
    return this.stack.length;
  }

  get top(): IToken | undefined {
    return this.stack[this.stack.length - 1];
  }

  /** Whether the innermost bracket is that of `x[…]`, where `:` may stand. */
  get inSubscripts(): boolean {
    return this.top?.tokenType === t.LeftBracket && this.subscripts[this.subscripts.length - 1] === true;
  }

  /** Opens a bracket, or drops it with its content when too deep; returns the index to go on with. */
  open(token: IToken, index: number, source: TokenReader): number {
    const last = this.out[this.out.length - 1];
    if (this.stack.length < deepestNesting) {
      this.subscripts.push(last !== undefined && operandEnds.has(last.tokenType));
      this.stack.push(token);
      this.out.push(token);
      return index + 1;
    }
    this.problems.push({
      code: 'syntax-too-deep',
      start: token.startOffset,
      end: t.endOf(token),
      message: `brackets are nested more than ${deepestNesting} deep`,
      remedy: 'give inner parts a name with `let`',
    });
    // `f(` and `x[` stay `f` and `x`; `+ (` needs a value.
    if (last !== undefined && !(last.tokenType === t.Identifier || isClosing(last.tokenType))) {
      this.out.push(t.emptyToken(t.Missing, token.startOffset));
    }
    let depth = 0;
    for (let j = index; ; j++) {
      const type = source.typeAt(j);
      if (type === undefined || type === t.LeftBrace || type === t.RightBrace) return j;
      if (type === t.LeftParenthesis || type === t.LeftBracket) depth++;
      else if (isClosing(type) && --depth === 0) return j + 1;
    }
  }

  close(token: IToken): void {
    const wanted = token.tokenType === t.RightParenthesis ? t.LeftParenthesis : t.LeftBracket;
    if (!this.stack.some((open) => open.tokenType === wanted)) {
      const inner = this.top;
      this.problems.push({
        code: 'syntax-unopened',
        start: token.startOffset,
        end: t.endOf(token),
        message: `this \`${token.image}\` closes nothing`,
        ...(inner === undefined
          ? {}
          : {
              reason: `\`${inner.image}\` is still open`,
              related: { start: inner.startOffset, end: t.endOf(inner), message: 'opened here' },
            }),
        fix: {
          title: `remove \`${token.image}\``,
          start: token.startOffset,
          end: t.endOf(token),
          replacement: '',
        },
      });
      return;
    }
    while (this.top !== undefined && this.top.tokenType !== wanted) this.closeInner();
    this.stack.pop();
    this.subscripts.pop();
    this.out.push(token);
  }

  /** At a statement's end. */
  closeAll(): void {
    while (this.top !== undefined) this.closeInner();
  }

  clear(): void {
    this.stack.length = 0;
    this.subscripts.length = 0;
  }

  private closeInner(): void {
    const open = this.stack.pop();
    this.subscripts.pop();
    const last = this.out[this.out.length - 1];
    if (open === undefined || last === undefined) return;
    const type = open.tokenType === t.LeftParenthesis ? t.RightParenthesis : t.RightBracket;
    const text = type === t.RightParenthesis ? ')' : ']';
    const end = t.endOf(last);
    this.problems.push({
      code: 'syntax-unclosed',
      start: open.startOffset,
      end: t.endOf(open),
      message: `this \`${open.image}\` is never closed`,
      remedy: `add \`${text}\``,
      fix: { title: `insert \`${text}\``, start: end, end, replacement: text },
    });
    this.out.push(t.emptyToken(type, end));
  }
}

function isClosing(type: TokenType): boolean {
  return type === t.RightParenthesis || type === t.RightBracket;
}
