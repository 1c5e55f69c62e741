/**
 * Fills the gaps of a half-typed statement with empty tokens, and reports each: an expression where
 * one is due, `*` between two values, a comparison in `expect`. It holds the statement reader's
 * output, since a gap shows between the last token written and the next.
 */
import type { IToken } from 'chevrotain';
import { BracketStack } from './brackets.ts';
import type { SyntaxProblem } from './problems.ts';
import { expressionStarts, factorEnds, operandEnds, wantExpression } from './statement-tables.ts';
import * as t from './tokens.ts';

/** Words of programs, read as names between which an operator is missing. */
const conditionWords = new Set([
  'if',
  'then',
  'else',
  'elseif',
  'elif',
  'for',
  'while',
  'return',
  'and',
  'or',
  'not',
  'lambda',
  'function',
]);
export class StatementOutput {
  readonly tokens: IToken[] = [];
  readonly brackets: BracketStack;
  private readonly problems: SyntaxProblem[];

  constructor(problems: SyntaxProblem[]) {
    this.problems = problems;
    this.brackets = new BracketStack(problems, this.tokens);
  }

  /** A token of a header or of a statement's beginning, where no gap can be. */
  push(token: IToken): void {
    this.tokens.push(token);
  }

  /** A token of an expression. */
  emit(token: IToken): void {
    this.fillExpression(token);
    this.tokens.push(token);
  }

  get last(): IToken | undefined {
    return this.tokens[this.tokens.length - 1];
  }

  /** When an expression is due and `next` begins none, an empty one is put there and reported. */
  fillExpression(next: IToken | undefined): void {
    const last = this.last;
    if (last === undefined || !wantExpression.has(last.tokenType)) return;
    const type = next?.tokenType;
    if (type !== undefined && expressionStarts.has(type)) return;
    const before = this.tokens[this.tokens.length - 2]?.tokenType;
    const call = last.tokenType === t.LeftParenthesis && before === t.Identifier;
    if (call && type === t.RightParenthesis) return;
    const list = last.tokenType === t.LeftBracket && !(before !== undefined && operandEnds.has(before));
    if (list && type === t.RightBracket) return;
    if (last.tokenType === t.Comma && this.brackets.depth === 0) return this.dropComma(last);
    const subscript = last.tokenType === t.LeftBracket || last.tokenType === t.Comma;
    if (type === t.Colon && subscript && this.brackets.inSubscripts) return;
    this.problems.push({
      code: 'syntax-missing-expression',
      start: last.startOffset,
      end: t.endOf(last),
      message: `expected an expression after ${t.quote(last)}`,
    });
    this.tokens.push(t.emptyToken(t.Missing, t.endOf(last)));
  }

  /** A comma after a statement. */
  private dropComma(comma: IToken): void {
    this.tokens.pop();
    const [start, end] = [comma.startOffset, t.endOf(comma)];
    this.problems.push({
      code: 'syntax-expected',
      start,
      end,
      message: 'unexpected `,` after a statement',
      reason: 'nothing stands between statements; each has a line of its own',
      fix: { title: 'remove `,`', start, end, replacement: '' },
    });
  }

  /** When the value `next` follows the value `previous`, `*` is put between and reported. */
  fillOperator(previous: IToken | undefined, next: IToken): void {
    const last = this.last;
    if (last === undefined || last !== previous || !factorEnds.has(last.tokenType)) return;
    const wanted = this.brackets.depth > 0 ? 'an operator or `,`' : 'an operator';
    const word = [last, next].find(({ image }) => conditionWords.has(image));
    if (word !== undefined) {
      this.problems.push({
        code: 'syntax-missing-operator',
        start: word.startOffset,
        end: t.endOf(word),
        message: `\`${word.image}\` is not part of the language`,
        reason: 'a file states what is minimised; there are no conditions, loops or assignments',
        remedy: 'for conditions on values write `maximum`, `minimum` or `clip`, for loops `sum(i in n, …)`',
      });
      this.tokens.push(t.emptyToken(t.Star, t.endOf(last)));
      return;
    }
    this.problems.push({
      code: 'syntax-missing-operator',
      start: next.startOffset,
      end: t.endOf(next),
      message: `expected ${wanted} between ${t.quote(last)} and ${t.quote(next)}`,
      fix: { title: 'insert `*`', start: t.endOf(last), end: next.startOffset, replacement: ' * ' },
    });
    this.tokens.push(t.emptyToken(t.Star, t.endOf(last)));
  }

  /** At the end of a relation that compares nothing. */
  fillComparison(): void {
    const last = this.last;
    if (last === undefined) return;
    this.problems.push({
      code: 'syntax-expected',
      start: last.startOffset,
      end: t.endOf(last),
      message: `expected a comparison after ${t.quote(last)}`,
      reason: 'an entry of `expect` compares two values, for example `upper_objective <= 0.4`',
    });
    this.tokens.push(t.emptyToken(t.LessEqual, t.endOf(last)), t.emptyToken(t.Missing, t.endOf(last)));
  }
}
