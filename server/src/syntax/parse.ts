/**
 * Text to syntax tree: `parse` reads any text whatever into a tree, the syntax errors (at most one
 * for each statement, so that one mistake makes one error) and the tokens with keywords decided.
 * It never throws, and takes time linear in the text.
 */
import { cutIntoPieces } from '../../../grammar/pieces.ts';
import type { Piece } from '../../../grammar/pieces.ts';
import { syntaxAdvice } from '../../../grammar/problems.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import { readStatements } from '../../../grammar/statements.ts';
import * as t from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { assemble } from './assemble.ts';
import { spanOf } from './concrete.ts';
import type { Part, SyntaxToken } from './part.ts';
import { isSame, movePart, readPart, unreadPart } from './part.ts';
import type { SyntaxTree } from './tree.ts';

export type { SyntaxToken };

export interface ParseResult {
  readonly tree: SyntaxTree;
  /** Ordered by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Comments included, ordered by place, disjoint. */
  readonly tokens: readonly SyntaxToken[];
  /** Offsets of the first token of each statement and block, ascending. */
  readonly starts: readonly number[];
}

/**
 * What the last version of a text was read into. A parse with it takes over what is the same: whoever
 * holds an older result of the same memory must not use it any more, since its places move along.
 */
export class ParseMemory {
  parts: readonly Part[] = [];
}

export function parse(text: string, memory: ParseMemory = new ParseMemory()): ParseResult {
  const { tokens, problems: found, starts, comments } = readStatements(text);
  const parts = readParts(cutIntoPieces(tokens), text, memory.parts);
  memory.parts = parts;
  const problems = [...found];
  for (const part of parts) if (part.problems.length > 0) problems.push(...part.problems);
  const diagnostics = diagnose(problems, starts);
  const tree = { span: { start: 0, end: text.length }, source: text, items: assemble(parts) };
  return {
    tree: diagnostics.length === 0 ? tree : { ...tree, incomplete: true },
    diagnostics,
    tokens: withComments(parts, comments.map(spanOf)),
    starts,
  };
}

/** Mistakes take time; after so many wrong statements a text is no problem file, and the rest of it is not read. */
const mostWrong = 10_000;

/** Parts for the pieces: those that were there before the first and after the last difference, and between. */
function readParts(pieces: readonly Piece[], text: string, before: readonly Part[]): readonly Part[] {
  const most = Math.min(pieces.length, before.length);
  const matches = (part: Part | undefined, piece: Piece | undefined): part is Part =>
    part !== undefined && piece !== undefined && isSame(part, piece, text);
  let first = 0;
  while (first < most && matches(before[first], pieces[first])) first++;
  let last = 0;
  while (last < most - first && matches(before.at(-1 - last), pieces.at(-1 - last))) last++;
  // Statements that were moved, or that stand between two edits.
  const between = Map.groupBy(before.slice(first, before.length - last), ({ source }) => source.text);
  const offset = before.length - pieces.length;
  // Parts with problems are never taken over, so that this counts all of them.
  let wrong = 0;
  return pieces.map((piece, at) => {
    const start = piece.tokens[0]?.startOffset ?? 0;
    let part: Part | undefined;
    if (at < first) part = before[at];
    else if (at >= pieces.length - last) part = before[at + offset];
    else if (between.size > 0) part = takeSame(between, piece, text);
    if (part === undefined) {
      const read = wrong < mostWrong ? readPart(piece, text) : unreadPart(piece);
      if (read.problems.length > 0) wrong++;
      return read;
    }
    movePart(part, start);
    return part;
  });
}

function takeSame(parts: ReadonlyMap<string, Part[]>, piece: Piece, text: string): Part | undefined {
  const first = piece.tokens[0];
  const last = piece.tokens.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const candidates = parts.get(text.slice(first.startOffset, t.endOf(last)));
  const at = candidates?.findIndex((part) => isSame(part, piece, text)) ?? -1;
  return at < 0 ? undefined : candidates?.splice(at, 1)[0];
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
    const statement = lastAtMost(starts, problem.start);
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
