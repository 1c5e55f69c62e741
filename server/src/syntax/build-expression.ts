/**
 * Builds expressions: groups the parser's flat operand lists by the table of bindings (precedence
 * climbing), and turns the arguments of a call into plain, named or comprehension form. Invariant:
 * no expression is deeper than `deepestExpression`, so later stages may recurse without care.
 */
import type { CstNode, IToken } from 'chevrotain';
import { bindings, signStrength } from '../../../grammar/parser.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import * as t from '../../../grammar/tokens.ts';
import { cover } from '../base/span.ts';
import type { Span } from '../base/span.ts';
import { nameOf, nameText, nodeOf, nodesOf, ownText, spanOf, tokenOf, tokensOf } from './concrete.ts';
import type { Argument, BinaryOperator, Expression, Name, Subscript } from './tree.ts';

/**
 * Five hundred nested nodes with some ten frames of 100 bytes each leave half of the default stack
 * free; an operator chain counts with its length, since `a + b + c + …` nests to the left.
 */
export const deepestExpression = 500;

export class ExpressionBuilder {
  private readonly problems: SyntaxProblem[];

  constructor(problems: SyntaxProblem[]) {
    this.problems = problems;
  }

  /** `at` is where a missing expression is put when the parser could not read any. */
  expression(node: CstNode | undefined, at: number, depth = 0): Expression {
    if (node === undefined) return missing(at);
    const operands = nodesOf(node, 'operand');
    const first = operands[0];
    if (first === undefined) return missing(at);
    const operators = tokensOf(node, 'operator');
    if (operators.length === 0) return this.operand(first, at, depth);
    const inner = depth + operators.length;
    if (inner > deepestExpression) return this.tooDeep(operators[0] as IToken);
    return new Climb(this, operands, operators, inner, at).read();
  }

  tooDeep(token: IToken): Expression {
    this.problems.push({
      code: 'syntax-too-deep',
      start: token.startOffset,
      end: t.endOf(token),
      message: `the expression is more than ${deepestExpression} operators deep`,
      remedy: 'give parts of it a name with `let`',
    });
    return missing(token.startOffset);
  }

  /** An operand that stands alone, with its signs. */
  operand(node: CstNode, at: number, depth: number): Expression {
    const signs = tokensOf(node, 'sign');
    const inner = depth + signs.length;
    if (inner > deepestExpression) return this.tooDeep(signs[0] as IToken);
    return withSigns(signs, this.postfixed(node, at, inner));
  }

  /** Atom and postfixes, without the signs. */
  postfixed(node: CstNode, at: number, depth: number): Expression {
    const transposes = tokensOf(node, 'transpose');
    const subscripts = nodesOf(node, 'subscripts');
    const reach = depth + transposes.length + subscripts.length;
    if (reach > deepestExpression) {
      const place = transposes[0] ?? tokenOf(node, 'sign') ?? tokenOf(node, 'atom');
      return place === undefined ? missing(at) : this.tooDeep(place);
    }
    let expression = this.atom(node, at, reach);
    // Transposes and subscripts come in separate lists; their offsets give the order back.
    let i = 0;
    let j = 0;
    while (i < transposes.length || j < subscripts.length) {
      const transpose = transposes[i];
      const subscript = subscripts[j];
      const open = subscript === undefined ? undefined : tokenOf(subscript, 'open');
      if (
        transpose !== undefined &&
        (subscript === undefined || transpose.startOffset < (open?.startOffset ?? 0))
      ) {
        const span = { start: expression.span.start, end: t.endOf(transpose) };
        expression = { kind: 'transpose', span, operand: expression };
        i++;
      } else if (subscript !== undefined) {
        expression = this.index(expression, subscript, reach);
        j++;
      }
    }
    return expression;
  }

  private atom(node: CstNode, at: number, depth: number): Expression {
    const group = nodeOf(node, 'group');
    if (group !== undefined) {
      const open = tokenOf(group, 'open');
      const start = open?.startOffset ?? at;
      const inner = this.expression(nodeOf(group, 'expression'), start + 1, depth + 1);
      return { kind: 'group', span: { start, end: endOfNode(group, inner.span.end) }, inner };
    }
    const list = nodeOf(node, 'list');
    if (list !== undefined) {
      const start = tokenOf(list, 'open')?.startOffset ?? at;
      const items = nodesOf(list, 'expression').map((item) => this.expression(item, start + 1, depth + 1));
      const last = endOfAll(items, start + 1);
      return { kind: 'list', span: { start, end: endOfNode(list, last) }, items };
    }
    const token = tokenOf(node, 'atom');
    if (token === undefined) return missing(at);
    const span = spanOf(token);
    switch (token.tokenType) {
      case t.NumberLiteral:
        return this.number(token);
      case t.StringLiteral:
        return { kind: 'string', span, value: ownText(token.image.slice(1, -1)) };
      case t.UnterminatedString:
        return { kind: 'string', span, value: ownText(token.image.slice(1)) };
      case t.Missing:
        return missing(token.startOffset);
    }
    const call = nodeOf(node, 'call');
    if (call === undefined) return { kind: 'name', span, text: nameText(token.image) };
    return this.call(nameOf(token), call, depth + 1);
  }

  /** A number that rounds to infinity, or to 0 without being 0, is not what was written. */
  private number(token: IToken): Expression {
    const text = ownText(token.image);
    const span = spanOf(token);
    const value = Number(text);
    const vanishes = value === 0 && /[1-9]/.test(text.replace(/[eE].*$/, ''));
    if (Number.isFinite(value) && !vanishes) return { kind: 'number', span, value, text };
    this.problems.push({
      code: 'syntax-number',
      ...span,
      message: vanishes ? `${text} is so small that it would be 0` : `${text} is too large to be a number`,
    });
    return missing(token.startOffset);
  }

  private call(callee: Name, node: CstNode, depth: number): Expression {
    const from = callee.span.end;
    const comprehension = this.comprehension(callee, node, depth);
    if (comprehension !== undefined) return comprehension;
    const list: Argument[] = [];
    for (const argument of nodesOf(node, 'argument')) list.push(this.argument(argument, from, depth));
    const end = endOfNode(node, endOfAll(list, from));
    return { kind: 'call', span: { start: callee.span.start, end }, callee, arguments: list };
  }

  private argument(node: CstNode, at: number, depth: number): Argument {
    const first = this.expression(nodeOf(node, 'expression'), at, depth);
    const joint = tokenOf(node, 'joint');
    if (joint === undefined) return { span: first.span, value: first };
    const value = this.expression(nodeOf(node, 'value'), t.endOf(joint), depth);
    const span = cover(first.span, {
      start: joint.startOffset,
      end: Math.max(value.span.end, t.endOf(joint)),
    });
    if (joint.tokenType === t.In) {
      this.expected(joint, '`in` binds an index only in the first place, as in `sum(i in s, x[i])`');
      return { span, value: first };
    }
    const name = this.plainName(first, joint, 'the name of an option');
    return name === undefined ? { span, value } : { span, name, value };
  }

  /** `sum(i in s, body)`: when the first argument has an `in`. */
  private comprehension(callee: Name, node: CstNode, depth: number): Expression | undefined {
    const parts = nodesOf(node, 'argument');
    const head = parts[0];
    const joint = head === undefined ? undefined : tokenOf(head, 'joint');
    if (head === undefined || joint?.tokenType !== t.In) return undefined;
    const at = t.endOf(joint);
    const nothing: Name = { text: '', span: { start: at, end: at } };
    const before = this.expression(nodeOf(head, 'expression'), callee.span.end, depth);
    const after = this.expression(nodeOf(head, 'value'), at, depth);
    const index = this.plainName(before, joint, 'an index') ?? nothing;
    const dimension = this.plainName(after, joint, 'a dimension') ?? nothing;
    let body: Expression;
    let last = Math.max(after.span.end, at);
    const second = parts[1];
    if (second === undefined) {
      body = missing(last);
      this.expected(
        joint,
        `expected \`,\` and what to take the ${callee.text} of, as in \`${callee.text}(i in s, x[i])\``,
      );
    } else {
      const argument = this.argument(second, last, depth);
      body = argument.value;
      last = argument.span.end;
      const third = parts[2];
      if (third !== undefined || argument.name !== undefined) {
        const extra = this.argument(third ?? second, last, depth);
        this.report(extra.span, `\`${callee.text}\` over an index has one body and no options`);
        last = Math.max(last, extra.span.end);
      }
    }
    const span = { start: callee.span.start, end: endOfNode(node, last) };
    return { kind: 'comprehension', span, callee, index, dimension, body };
  }

  private index(base: Expression, node: CstNode, depth: number): Expression {
    const at = (tokenOf(node, 'open')?.startOffset ?? base.span.end) + 1;
    const subscripts: Subscript[] = [];
    for (const part of nodesOf(node, 'subscript')) {
      const all = tokenOf(part, 'all');
      if (all === undefined) {
        const value = this.expression(nodeOf(part, 'expression'), at, depth + 1);
        subscripts.push({ kind: 'expression', span: value.span, value });
      } else {
        subscripts.push({ kind: 'all', span: spanOf(all) });
      }
    }
    const end = endOfNode(node, endOfAll(subscripts, at));
    return { kind: 'index', span: { start: base.span.start, end }, base, subscripts };
  }

  private plainName(expression: Expression, joint: IToken, what: string): Name | undefined {
    if (expression.kind === 'name') return { text: expression.text, span: expression.span };
    if (expression.kind !== 'missing') {
      const side = expression.span.start < joint.startOffset ? 'before' : 'after';
      this.report(expression.span, `expected ${what} ${side} \`${joint.image}\``);
    }
    return undefined;
  }

  private expected(token: IToken, message: string): void {
    this.report(spanOf(token), message);
  }

  private report(span: Span, message: string): void {
    this.problems.push({ code: 'syntax-expected', start: span.start, end: span.end, message });
  }
}

/** Precedence climbing over one flat list of operands and operators. */
class Climb {
  private position = 0;
  private readonly builder: ExpressionBuilder;
  private readonly operands: readonly CstNode[];
  private readonly operators: readonly IToken[];
  private readonly depth: number;
  private readonly at: number;

  constructor(
    builder: ExpressionBuilder,
    operands: readonly CstNode[],
    operators: readonly IToken[],
    depth: number,
    at: number,
  ) {
    this.builder = builder;
    this.operands = operands;
    this.operators = operators;
    this.depth = depth;
    this.at = at;
  }

  read(): Expression {
    return this.climb(0);
  }

  private climb(least: number): Expression {
    let left = this.signed();
    for (;;) {
      const operator = this.operators[this.position];
      const binding = operator === undefined ? undefined : bindings.get(operator.tokenType);
      if (operator === undefined || binding === undefined || binding.strength < least) return left;
      this.position++;
      const right = this.climb(binding.right ? binding.strength : binding.strength + 1);
      left = combine(left, operator, right);
    }
  }

  /** An operand; when it has signs, they take the powers that follow it too. */
  private signed(): Expression {
    const node = this.operands[this.position];
    const at = this.position === 0 ? this.at : t.endOf(this.operators[this.position - 1] as IToken);
    if (node === undefined) return missing(at);
    const signs = tokensOf(node, 'sign');
    const depth = this.depth + signs.length;
    if (depth > deepestExpression) return this.builder.tooDeep(signs[0] as IToken);
    let base = this.builder.postfixed(node, at, depth);
    if (signs.length === 0) return base;
    for (;;) {
      const operator = this.operators[this.position];
      const binding = operator === undefined ? undefined : bindings.get(operator.tokenType);
      if (operator === undefined || binding === undefined || binding.strength < signStrength) break;
      this.position++;
      base = combine(base, operator, this.climb(binding.strength));
    }
    return withSigns(signs, base);
  }
}

function combine(left: Expression, operator: IToken, right: Expression): Expression {
  const span = cover(left.span, right.span);
  if (operator.tokenType === t.DotDot) return { kind: 'range', span, from: left, to: right };
  const operatorSpan = spanOf(operator);
  // What is written may be missing or another language's; the token's type is what it is read as.
  const text = (t.says.get(operator.tokenType) ?? '').slice(1, -1) as BinaryOperator;
  return { kind: 'binary', span, operator: text, operatorSpan, left, right };
}

function withSigns(signs: readonly IToken[], operand: Expression): Expression {
  let expression = operand;
  for (let i = signs.length - 1; i >= 0; i--) {
    const sign = signs[i] as IToken;
    const span = { start: sign.startOffset, end: Math.max(expression.span.end, t.endOf(sign)) };
    expression = {
      kind: 'unary',
      span,
      operator: sign.tokenType === t.Minus ? '-' : '+',
      operand: expression,
    };
  }
  return expression;
}

function missing(at: number): Expression {
  return { kind: 'missing', span: { start: at, end: at } };
}

/** The furthest end; where the parser recovered, a missing part may stand before those read. */
export function endOfAll(parts: readonly { readonly span: Span }[], otherwise: number): number {
  return parts.reduce((end, { span }) => Math.max(end, span.end), otherwise);
}

/** The end of a bracketed node: that of its closing bracket, or `otherwise` when it was lost. */
function endOfNode(node: CstNode, otherwise: number): number {
  const close = tokenOf(node, 'close');
  return close === undefined ? otherwise : Math.max(t.endOf(close), otherwise);
}
