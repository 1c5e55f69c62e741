/**
 * Builds the nodes of statements from the parser's concrete trees. A statement of which the parser could
 * read the beginning has a node with what was read; only what has not even a name has none.
 */
import type { CstNode, IToken } from 'chevrotain';
import type { StatementKind } from '../../../grammar/pieces.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import * as t from '../../../grammar/tokens.ts';
import { endOfAll, ExpressionBuilder } from './build-expression.ts';
import { nameOf, nodeOf, nodesOf, spanOf, tokenOf, tokensOf } from './concrete.ts';
import type {
  Declaration,
  Expression,
  LetDefinition,
  LevelBlock,
  Name,
  Objective,
  ProblemTitle,
  Relation,
  ReportEntry,
  SolveEntry,
  TypeExpression,
} from './tree.ts';

/** A statement of any block. */
export type StatementNode =
  | ProblemTitle
  | Declaration
  | LetDefinition
  | Objective
  | SolveEntry
  | Relation
  | ReportEntry;

/** The node of a statement; undefined when not even its beginning could be read. */
export function buildStatement(
  kind: StatementKind,
  cst: CstNode,
  problems: SyntaxProblem[],
): StatementNode | undefined {
  const builder = new StatementBuilder(problems);
  switch (kind) {
    case 'problem':
      return builder.problem(cst);
    case 'declaration':
      return builder.declaration(cst);
    case 'let':
      return builder.let(cst);
    case 'objective':
      return builder.objective(cst);
    case 'solve-entry':
      return builder.solveEntry(cst);
    case 'relation':
      return builder.relation(cst);
    case 'report-entry':
      return builder.reportEntry(cst);
  }
}

/** The `each i in s` of a level's head, as far as it was read. */
export function buildEach(cst: CstNode): LevelBlock['each'] {
  const head = nodeOf(cst, 'each');
  const index = head === undefined ? undefined : tokenOf(head, 'index');
  const dimension = head === undefined ? undefined : tokenOf(head, 'dimension');
  if (index === undefined) return undefined;
  // `lower each i {` is a level of many problems all the same, over something that is not said.
  const at = t.endOf(index);
  const nothing: Name = { text: '', span: { start: at, end: at } };
  return { index: nameOf(index), dimension: dimension === undefined ? nothing : nameOf(dimension) };
}

class StatementBuilder {
  private readonly expressions: ExpressionBuilder;

  constructor(problems: SyntaxProblem[]) {
    this.expressions = new ExpressionBuilder(problems);
  }

  problem(node: CstNode): ProblemTitle | undefined {
    const token = tokenOf(node, 'keyword');
    if (token === undefined) return undefined;
    const keyword = spanOf(token);
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

  declaration(node: CstNode): Declaration | undefined {
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

  objective(node: CstNode): Objective | undefined {
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

  solveEntry(node: CstNode): SolveEntry | undefined {
    const nameToken = tokenOf(node, 'name');
    if (nameToken === undefined) return undefined;
    const sample = tokenOf(node, 'Sample');
    const name = nameOf(sample ?? nameToken);
    const end = endOfHead(node, nameToken);
    const value = this.expressions.expression(nodeOf(node, 'value'), end);
    const span = { start: name.span.start, end: Math.max(end, value.span.end) };
    return sample === undefined ? { span, name, value } : { span, name, over: nameOf(nameToken), value };
  }

  relation(node: CstNode): Relation | undefined {
    const operator = tokenOf(node, 'operator');
    // An empty one was put in by the statement reader, which reported it.
    if (operator === undefined || operator.image === '') return undefined;
    const operatorSpan = spanOf(operator);
    const left = this.expressions.expression(nodeOf(node, 'left'), operatorSpan.start);
    const right = this.expressions.expression(nodeOf(node, 'right'), operatorSpan.end);
    return {
      span: { start: left.span.start, end: Math.max(operatorSpan.end, right.span.end) },
      left,
      operator: operator.image as Relation['operator'],
      operatorSpan,
      right,
    };
  }

  reportEntry(node: CstNode): ReportEntry | undefined {
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

  let(node: CstNode): LetDefinition | undefined {
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
