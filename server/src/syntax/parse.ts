/**
 * Text to syntax tree: `parse` reads any text whatever into a tree, the syntax errors (at most one
 * for each statement, so that one mistake makes one error) and the tokens with keywords decided.
 * It never throws, and takes time linear in the text.
 */
import { syntaxAdvice } from '../../../grammar/problems.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { firstIndex } from '../base/first-index.ts';
import type { Span } from '../base/span.ts';
import { assemble } from './assemble.ts';
import type { Part, SyntaxToken } from './part.ts';
import { firstFrom } from './part.ts';
import { mostWrong } from './parts.ts';
import type { Read } from './reread.ts';
import { readWhole, reread } from './reread.ts';
import type { SyntaxTree } from './tree.ts';

export type { SyntaxToken };

export interface ParseResult {
  readonly tree: SyntaxTree;
  /** Ordered by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Comments included, ordered by place, disjoint. */
  readonly tokens: readonly SyntaxToken[];
  /** Those of the tokens that the offset lies in or at the end of. */
  tokensAt(offset: number): readonly SyntaxToken[];
  /** The names that are written in statements that begin at these offsets. */
  namesIn(starts: ReadonlySet<number>): ReadonlySet<string>;
  /** Offsets of the first token of each statement and block, ascending. */
  readonly starts: readonly number[];
}

/**
 * What the last version of a text was read into. A parse with it takes over what is the same: whoever
 * holds an older result of the same memory must not use it any more, since its places move along.
 */
export class ParseMemory {
  read: Read | undefined;
}

export function parse(text: string, memory: ParseMemory = new ParseMemory()): ParseResult {
  const read = memory.read === undefined ? readWhole(text) : reread(text, memory.read);
  memory.read = read;
  return new Parsed(read);
}

/** A class for the same reason as `Checked` in check/check.ts. */
class Parsed implements ParseResult {
  readonly tree: SyntaxTree;
  readonly diagnostics: readonly Diagnostic[];
  readonly starts: readonly number[];
  private readonly read: Read;
  private all: readonly SyntaxToken[] | undefined;

  constructor(read: Read) {
    const { text, parts, starts } = read;
    const problems = [...read.tokenProblems, ...read.problems];
    for (const part of parts) if (part.problems.length > 0) problems.push(...part.problems);
    this.read = read;
    this.starts = starts;
    this.diagnostics = diagnose(problems, starts);
    const tree = { span: { start: 0, end: text.length }, source: text, items: assemble(parts) };
    this.tree = this.diagnostics.length === 0 ? tree : { ...tree, incomplete: true };
  }

  /** Formatting, highlighting and errors ask for them. */
  get tokens(): readonly SyntaxToken[] {
    return (this.all ??= withComments(this.read.parts, this.read.comments));
  }

  tokensAt(offset: number): readonly SyntaxToken[] {
    return tokensAt(this.read.parts, this.read.comments, offset);
  }

  namesIn(starts: ReadonlySet<number>): ReadonlySet<string> {
    return namesIn(this.read.parts, starts, this.read.text);
  }
}

function namesIn(parts: readonly Part[], starts: ReadonlySet<number>, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { span, tokens } of parts) {
    if (!starts.has(span.start)) continue;
    for (const token of tokens)
      if (token.kind === 'name') names.add(text.slice(token.span.start, token.span.end));
  }
  return names;
}

function tokensAt(parts: readonly Part[], comments: readonly Span[], offset: number): readonly SyntaxToken[] {
  const touches = ({ span }: { readonly span: Span }): boolean => span.start <= offset && offset <= span.end;
  const found: SyntaxToken[] = [];
  for (let at = firstFrom(parts, offset); parts[at] !== undefined && touches(parts[at] as Part); at++)
    found.push(...(parts[at] as Part).tokens.filter(touches));
  for (const span of comments) if (touches({ span })) found.push({ kind: 'comment', span });
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** The tokens of all parts with the comments between, in the order of the text. */
function withComments(parts: readonly Part[], comments: readonly Span[]): readonly SyntaxToken[] {
  const all: SyntaxToken[] = [];
  let next = 0;
  const commentsBefore = (offset: number): void => {
    for (let span = comments[next]; span !== undefined && span.start < offset; span = comments[next]) {
      all.push({ kind: 'comment', span });
      next++;
    }
  };
  for (const { tokens } of parts) {
    for (const token of tokens) {
      commentsBefore(token.span.start);
      all.push(token);
    }
  }
  commentsBefore(Infinity);
  return all;
}

/**
 * One problem for each statement: the earliest, but one about a bracket only when there is no other,
 * since while somebody types, brackets are open and what is typed last matters more.
 */
function diagnose(problems: readonly SyntaxProblem[], starts: readonly number[]): Diagnostic[] {
  if (problems.length === 0) return [];
  const chosen = new Map<number, SyntaxProblem>();
  for (const problem of problems) {
    const statement = statementAt(starts, problem.start);
    const rival = chosen.get(statement);
    if (rival === undefined || rank(problem) < rank(rival)) chosen.set(statement, problem);
    else if (rank(problem) === rank(rival) && problem.start < rival.start) chosen.set(statement, problem);
  }
  return [...chosen.values()]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .slice(0, mostWrong)
    .map(toDiagnostic);
}

function rank(problem: SyntaxProblem): number {
  return problem.code === 'syntax-unclosed' || problem.code === 'syntax-unopened' ? 1 : 0;
}

/** A title begins with a capital letter, the remedy that says the same does not. */
function capitalised(title: string): string {
  return title.slice(0, 1).toUpperCase() + title.slice(1);
}

/** Which of the statements that begin at `starts` the offset belongs to; -1 before the first. */
export function statementAt(starts: readonly number[], offset: number): number {
  return firstIndex(starts, (start) => start > offset) - 1;
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
