/**
 * Builds the syntax tree from the parser's concrete tree. A statement of which the parser could read
 * the beginning is in the tree with what was read; only what has not even a name is left out.
 */
import type { CstNode, IToken } from 'chevrotain';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import * as t from '../../../grammar/tokens.ts';
import type { Span } from '../base/span.ts';
import { endOfAll, ExpressionBuilder } from './build-expression.ts';
import { nameOf, nodeOf, nodesOf, spanOf, tokenOf, tokensOf } from './concrete.ts';
import type {
  Declaration,
  ExpectBlock,
  Expression,
  Item,
  LetDefinition,
  LevelBlock,
  Name,
  Objective,
  Relation,
  ReportEntry,
  SolveEntry,
  SyntaxTree,
  TypeExpression,
} from './tree.ts';

export function buildTree(cst: CstNode, length: number, problems: SyntaxProblem[]): SyntaxTree {
  const builder = new TreeBuilder(problems);
  const items: Item[] = [];
  for (const node of nodesOf(cst, 'item')) {
    const item = builder.item(node);
    if (item !== undefined) items.push(item);
  }
  return { span: { start: 0, end: length }, items };
}

class TreeBuilder {
  private readonly expressions: ExpressionBuilder;

  constructor(problems: SyntaxProblem[]) {
    this.expressions = new ExpressionBuilder(problems);
  }

  item(node: CstNode): Item | undefined {
    const keywordToken = tokenOf(node, 'keyword');
    if (keywordToken === undefined) return undefined;
    const keyword = spanOf(keywordToken);
    switch (node.name) {
      case 'problem':
        return this.problem(node, keyword);
      case 'let':
        return this.let(node);
      case 'data': {
        const declarations = this.declarations(node);
        const lets = this.lets(node);
        return {
          kind: 'data',
          span: blockSpan(node, keyword, declarations, lets),
          keyword,
          declarations,
          lets,
        };
      }
      case 'level':
        return this.level(node, keyword, keywordToken.tokenType === t.Upper ? 'upper' : 'lower');
      case 'solve': {
        const entries = nodesOf(node, 'entry').flatMap((entry) => this.solveEntry(entry) ?? []);
        return { kind: 'solve', span: blockSpan(node, keyword, entries), keyword, entries };
      }
      case 'expect':
        return this.expect(node, keyword);
      case 'report': {
        const entries = nodesOf(node, 'entry').flatMap((entry) => this.reportEntry(entry) ?? []);
        return { kind: 'report', span: blockSpan(node, keyword, entries), keyword, entries };
      }
      default:
        return undefined;
    }
  }

  private problem(node: CstNode, keyword: Span): Item {
    const text = tokenOf(node, 'title');
    if (text === undefined) {
      const titleSpan = { start: keyword.end, end: keyword.end };
      return { kind: 'problem', span: keyword, title: '', titleSpan };
    }
    const titleSpan = spanOf(text);
    // The quotes may be missing, which has been reported.
    const title = text.image.replaceAll('"', '');
    return { kind: 'problem', span: { start: keyword.start, end: titleSpan.end }, title, titleSpan };
  }

  private level(node: CstNode, keyword: Span, kind: LevelBlock['kind']): LevelBlock {
    const unknowns = this.declarations(node);
    const lets = this.lets(node);
    const objectives = nodesOf(node, 'objective').flatMap((objective) => this.objective(objective) ?? []);
    const head = nodeOf(node, 'each');
    const index = head === undefined ? undefined : tokenOf(head, 'index');
    const dimension = head === undefined ? undefined : tokenOf(head, 'dimension');
    // `lower each i {` is a level of many problems all the same, over something that is not said.
    const nothing = (after: IToken): Name => {
      const at = after.startOffset + after.image.length;
      return { text: '', span: { start: at, end: at } };
    };
    const each =
      index === undefined
        ? {}
        : {
            each: {
              index: nameOf(index),
              dimension: dimension === undefined ? nothing(index) : nameOf(dimension),
            },
          };
    const header = [index, dimension].flatMap((token) =>
      token === undefined ? [] : [{ span: spanOf(token) }],
    );
    const span = blockSpan(node, keyword, header, unknowns, lets, objectives);
    return { kind, span, keyword, ...each, unknowns, lets, objectives };
  }

  private declarations(node: CstNode): Declaration[] {
    return nodesOf(node, 'declaration').flatMap((declaration) => this.declaration(declaration) ?? []);
  }

  private lets(node: CstNode): LetDefinition[] {
    return nodesOf(node, 'let').flatMap((definition) => this.let(definition) ?? []);
  }

  private declaration(node: CstNode): Declaration | undefined {
    const token = tokenOf(node, 'name');
    if (token === undefined) return undefined;
    const name = nameOf(token);
    const type = this.type(nodeOf(node, 'type'));
    const set = this.optional(node, 'In', 'set');
    const value = this.optional(node, 'Equals', 'value');
    const colon = tokenOf(node, 'Colon');
    const end = Math.max(
      name.span.end,
      colon === undefined ? 0 : t.endOf(colon),
      type?.span.end ?? 0,
      set?.span.end ?? 0,
      value?.span.end ?? 0,
    );
    return {
      span: { start: name.span.start, end },
      name,
      ...(type === undefined ? {} : { type }),
      ...(set === undefined ? {} : { set }),
      ...(value === undefined ? {} : { value }),
    };
  }

  /** The expression after `=` or `in`, when that was written. */
  private optional(node: CstNode, joint: string, label: string): Expression | undefined {
    const token = tokenOf(node, joint);
    return token === undefined ? undefined : this.expressions.expression(nodeOf(node, label), t.endOf(token));
  }

  private type(node: CstNode | undefined): TypeExpression | undefined {
    const token = node === undefined ? undefined : tokenOf(node, 'name');
    if (node === undefined || token === undefined) return undefined;
    const name = nameOf(token);
    const dimensions = nodesOf(node, 'dimension').map((part) =>
      this.expressions.expression(part, name.span.end),
    );
    const close = tokenOf(node, 'close');
    const last = endOfAll(dimensions, name.span.end);
    const end = close === undefined ? last : Math.max(last, t.endOf(close));
    return { span: { start: name.span.start, end }, name, dimensions };
  }

  private objective(node: CstNode): Objective | undefined {
    const token = tokenOf(node, 'keyword');
    if (token === undefined) return undefined;
    const keyword = spanOf(token);
    const target = tokenOf(node, 'target');
    const equals = tokenOf(node, 'Equals');
    const at = Math.max(keyword.end, target ? t.endOf(target) : 0, equals ? t.endOf(equals) : 0);
    const expression = this.expressions.expression(nodeOf(node, 'expression'), at);
    const kind =
      token.tokenType === t.Minimize
        ? 'minimize'
        : token.tokenType === t.Maximize
          ? 'maximize'
          : 'fixed_point';
    return {
      kind,
      span: { start: keyword.start, end: Math.max(at, expression.span.end) },
      keyword,
      ...(target === undefined ? {} : { target: nameOf(target) }),
      expression,
    };
  }

  private solveEntry(node: CstNode): SolveEntry | undefined {
    const nameToken = tokenOf(node, 'name');
    if (nameToken === undefined) return undefined;
    const sample = tokenOf(node, 'Sample');
    const name = nameOf(sample ?? nameToken);
    const end = endOfHead(node, nameToken);
    const value = this.expressions.expression(nodeOf(node, 'value'), end);
    const span = { start: name.span.start, end: Math.max(end, value.span.end) };
    return sample === undefined ? { span, name, value } : { span, name, over: nameOf(nameToken), value };
  }

  private expect(node: CstNode, keyword: Span): ExpectBlock {
    const relations: Relation[] = [];
    for (const part of nodesOf(node, 'relation')) {
      const operator = tokenOf(part, 'operator');
      // An empty one was put in by the statement reader, which reported it.
      if (operator === undefined || operator.image === '') continue;
      const operatorSpan = spanOf(operator);
      const left = this.expressions.expression(nodeOf(part, 'left'), operatorSpan.start);
      const right = this.expressions.expression(nodeOf(part, 'right'), operatorSpan.end);
      relations.push({
        span: { start: left.span.start, end: Math.max(operatorSpan.end, right.span.end) },
        left,
        operator: operator.image as Relation['operator'],
        operatorSpan,
        right,
      });
    }
    return { kind: 'expect', span: blockSpan(node, keyword, relations), keyword, relations };
  }

  private reportEntry(node: CstNode): ReportEntry | undefined {
    const token = tokenOf(node, 'name');
    if (token === undefined) return undefined;
    const name = nameOf(token);
    let end = endOfHead(node, token);
    const value = this.expressions.expression(nodeOf(node, 'value'), end);
    end = Math.max(end, value.span.end);
    const substitutions: { name: ReportEntry['name']; value: Expression }[] = [];
    for (const part of nodesOf(node, 'substitution')) {
      const replaced = tokenOf(part, 'name');
      if (replaced === undefined) continue;
      const by = this.expressions.expression(nodeOf(part, 'value'), endOfHead(part, replaced));
      substitutions.push({ name: nameOf(replaced), value: by });
      end = Math.max(end, by.span.end);
    }
    return { span: { start: name.span.start, end }, name, value, substitutions };
  }

  private let(node: CstNode): LetDefinition | undefined {
    const token = tokenOf(node, 'keyword');
    const nameToken = tokenOf(node, 'name');
    if (token === undefined || nameToken === undefined) return undefined;
    const keyword = spanOf(token);
    const name = nameOf(nameToken);
    const parameters =
      tokenOf(node, 'open') === undefined ? undefined : tokensOf(node, 'parameter').map(nameOf);
    const end = Math.max(endOfHead(node, nameToken), parameters?.at(-1)?.span.end ?? 0);
    const value = this.expressions.expression(nodeOf(node, 'value'), end);
    return {
      kind: 'let',
      span: { start: keyword.start, end: Math.max(end, value.span.end) },
      keyword,
      name,
      ...(parameters === undefined ? {} : { parameters }),
      value,
    };
  }
}

/** Where the part before the value ends: after `=` when it was written, else after the name. */
function endOfHead(node: CstNode, name: IToken): number {
  const equals = tokenOf(node, 'Equals');
  return equals === undefined ? t.endOf(name) : Math.max(t.endOf(equals), t.endOf(name));
}

/** From the keyword to the closing brace, or to the last statement when the brace was lost. */
function blockSpan(
  node: CstNode,
  keyword: Span,
  ...statements: readonly (readonly { span: Span }[])[]
): Span {
  const close = tokenOf(node, 'close');
  let end = close === undefined ? keyword.end : Math.max(keyword.end, t.endOf(close));
  for (const list of statements) for (const { span } of list) end = Math.max(end, span.end);
  return { start: keyword.start, end };
}
