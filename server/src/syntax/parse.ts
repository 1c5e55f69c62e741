/**
 * Text to syntax tree: `parse` reads any text whatever into a tree, the syntax errors (at most one
 * for each statement, so that one mistake makes one error) and the tokens with keywords decided.
 * It never throws, and takes time linear in the text.
 */
import { parseText } from '../../../grammar/parser.ts';
import { syntaxAdvice } from '../../../grammar/problems.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import * as t from '../../../grammar/tokens.ts';
import type { TokenClass } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { buildTree } from './build.ts';
import { spanOf } from './concrete.ts';
import type { SyntaxTree } from './tree.ts';

/** A token for highlighting and for the formatter; `keyword` only where it is one. */
export interface SyntaxToken {
  readonly kind: TokenClass;
  readonly span: Span;
}

export interface ParseResult {
  readonly tree: SyntaxTree;
  /** Ordered by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Comments included, ordered by place, disjoint. */
  readonly tokens: readonly SyntaxToken[];
  /** Offsets of the first token of each statement and block, ascending. */
  readonly starts: readonly number[];
}

export function parse(text: string): ParseResult {
  const parsed = parseText(text);
  const problems: SyntaxProblem[] = [...parsed.problems];
  const tree = buildTree(parsed.cst, text.length, problems);
  const tokens: SyntaxToken[] = [];
  const { comments } = parsed;
  let next = 0;
  for (const token of parsed.tokens) {
    if (token.image === '') continue;
    for (let comment = comments[next]; comment !== undefined; comment = comments[next]) {
      if (comment.startOffset > token.startOffset) break;
      tokens.push({ kind: 'comment', span: spanOf(comment) });
      next++;
    }
    tokens.push({ kind: t.classes.get(token.tokenType) ?? 'punctuation', span: spanOf(token) });
  }
  for (; next < comments.length; next++) {
    tokens.push({ kind: 'comment', span: spanOf(comments[next] as (typeof comments)[number]) });
  }
  const diagnostics = diagnose(problems, parsed.starts);
  return {
    tree: diagnostics.length === 0 ? tree : { ...tree, incomplete: true },
    diagnostics,
    tokens,
    starts: parsed.starts,
  };
}

/**
 * One problem for each statement: the earliest, but one about a bracket only when there is no other,
 * since while somebody types, brackets are open and what is typed last matters more.
 */
function diagnose(problems: readonly SyntaxProblem[], starts: readonly number[]): Diagnostic[] {
  if (problems.length === 0) return [];
  const chosen = new Map<number, SyntaxProblem>();
  for (const problem of problems) {
    const statement = lastAtMost(starts, problem.start);
    const rival = chosen.get(statement);
    if (rival === undefined || rank(problem) < rank(rival)) chosen.set(statement, problem);
    else if (rank(problem) === rank(rival) && problem.start < rival.start) chosen.set(statement, problem);
  }
  return [...chosen.values()].sort((a, b) => a.start - b.start || a.end - b.end).map(toDiagnostic);
}

function rank(problem: SyntaxProblem): number {
  return problem.code === 'syntax-unclosed' || problem.code === 'syntax-unopened' ? 1 : 0;
}

/** A title begins with a capital letter, the remedy that says the same does not. */
function capitalised(title: string): string {
  return title.slice(0, 1).toUpperCase() + title.slice(1);
}

/** Index of the last start that is not after the offset, -1 before the first. */
function lastAtMost(starts: readonly number[], offset: number): number {
  let low = -1;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function toDiagnostic(problem: SyntaxProblem): Diagnostic {
  const { code, start, end, message, related, fix } = problem;
  const fixes =
    fix === undefined
      ? []
      : [
          {
            title: capitalised(fix.title),
            span: { start: fix.start, end: fix.end },
            replacement: fix.replacement,
          },
        ];
  const advice = syntaxAdvice[code];
  return {
    code,
    severity: 'error',
    span: { start, end },
    message,
    reason: problem.reason ?? advice.reason,
    remedy: problem.remedy ?? problem.fix?.title ?? advice.remedy,
    ...(related === undefined
      ? {}
      : { related: [{ span: { start: related.start, end: related.end }, message: related.message }] }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}
