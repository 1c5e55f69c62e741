/**
 * Reads an edited text into parts by reading only what the edit can have changed: from some statements before it to
 * the first piece behind it at which the statement reader stands as it stood in the text before; from there on
 * everything is as it was, at another place. Where that cannot be shown, in particular where an error reaches across
 * statements, the whole text is read. Invariant: the result is that of reading the whole text.
 */
import type { IToken } from 'chevrotain';
import type { Checkpoint, StatementTokens } from '../../../grammar/checkpoint.ts';
import { isSameCheckpoint } from '../../../grammar/checkpoint.ts';
import { cutIntoPieces } from '../../../grammar/pieces.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import { readStatements } from '../../../grammar/statements.ts';
import { firstIndex } from '../base/first-index.ts';
import type { Span } from '../base/span.ts';
import { spanOf } from './concrete.ts';
import type { Part } from './part.ts';
import { firstFrom, isSame, movePart, moveSpan } from './part.ts';
import { partsOf } from './parts.ts';

/** A text and what it was read into. */
export interface Read {
  readonly text: string;
  readonly parts: readonly Part[];
  /** Before each part, where the reader stood and how many problems of statements it had found. */
  readonly passed: readonly (Stand | undefined)[];
  readonly tokenProblems: readonly SyntaxProblem[];
  readonly problems: readonly SyntaxProblem[];
  readonly starts: readonly number[];
  readonly comments: readonly Span[];
}

interface Stand {
  readonly checkpoint: Checkpoint;
  readonly problems: number;
}

/** The reader looks at no more tokens behind the one that it reads, but in errors of `farReaching`. */
const lookahead = 16;
const partsBefore = 3;
const partsBehind = 6;

/** After these the reader skips to the end of something. */
const farReaching: ReadonlySet<string> = new Set([
  'syntax-unknown-block',
  'syntax-too-deep',
  'syntax-missing-brace',
  'syntax-unclosed',
]);

export function readWhole(text: string, before: readonly Part[] = []): Read {
  const read = readStatements(text);
  const pieces = cutIntoPieces(read.tokens);
  return {
    text,
    parts: partsOf(pieces, text, before),
    passed: pieces.map(({ tokens }) => read.passed.get(tokens[0] as IToken)),
    tokenProblems: read.tokenProblems,
    problems: read.problems,
    starts: read.starts,
    comments: read.comments.map(spanOf),
  };
}

/** Moves the parts of `before` that it takes over. */
export function reread(text: string, before: Read): Read {
  const read = rereadEdit(text, before);
  // Near the limit of wrong statements it matters how many stand before one.
  return read === undefined || countWrong(read) > fewWrong ? readWhole(text, before.parts) : read;
}

const fewWrong = 200;

function countWrong({ parts }: Read): number {
  let count = 0;
  for (const { problems } of parts) if (problems.length > 0) count++;
  return count;
}

/** What differs: `text.slice(start, end)` stands for `before.slice(start, end - delta)`. */
interface Difference {
  readonly start: number;
  readonly end: number;
  readonly delta: number;
}

const stretch = 1024;

function isSameStretch(text: string, at: number, before: string, then: number): boolean {
  return text.slice(at, at + stretch) === before.slice(then, then + stretch);
}

function difference(text: string, before: string): Difference {
  const most = Math.min(text.length, before.length);
  let start = 0;
  // Most is the same: whole stretches are compared before single letters.
  while (start + stretch <= most && isSameStretch(text, start, before, start)) start += stretch;
  while (start < most && text.charCodeAt(start) === before.charCodeAt(start)) start++;
  const delta = text.length - before.length;
  const least = start + Math.max(0, delta);
  let end = text.length;
  while (end - stretch >= least && isSameStretch(text, end - stretch, before, end - stretch - delta))
    end -= stretch;
  while (end > least && text.charCodeAt(end - 1) === before.charCodeAt(end - 1 - delta)) end--;
  return { start, end, delta };
}

function rereadEdit(text: string, before: Read): Read | undefined {
  const { parts, passed } = before;
  const { start, end, delta } = difference(text, before.text);
  const first = firstToRead(before, start);
  if (first === undefined) return undefined;
  const from = first === 0 ? 0 : (parts[first] as Part).span.start;
  let behind = firstFrom(parts, end - delta) + partsBehind;
  for (;;) {
    const until =
      behind < parts.length ? endOfLine(text, (parts[behind] as Part).span.end + delta) : text.length;
    const found = readExcerpt(text, before, { first, from, until, end, delta });
    if (found !== undefined) return joined(text, before, { first, from, delta, ...found });
    if (until === text.length) return undefined;
    behind += 4 * (behind - first);
  }

  /** The last part that begins far enough before the edit, at the beginning of a line and where nothing is wrong. */
  function firstToRead({ parts: all, text: old }: Read, edit: number): number | undefined {
    let tokens = 0;
    const touched = firstFrom(all, edit);
    for (let at = touched - 1; at > 0; at--) {
      const part = all[at] as Part;
      tokens += part.tokens.length;
      const told = passed[at];
      const next = passed[at + 1];
      const isFar = at < touched - partsBefore && tokens > lookahead;
      const isQuiet = told !== undefined && told.checkpoint.depth === 0 && next?.problems === told.problems;
      if (isFar && isQuiet && isFirstOfLine(old, part.span.start)) {
        const earlier = before.problems.slice(0, told.problems);
        const isClear = earlier.every(
          (problem) => !farReaching.has(problem.code) && lastPlace(problem) <= part.span.start,
        );
        const crosses = before.tokenProblems.some(
          (problem) => problem.start < part.span.start && lastPlace(problem) > part.span.start,
        );
        return isClear && !crosses ? at : undefined;
      }
    }
    return 0;
  }
}

interface Window {
  /** The part with which the window begins, and its place in both texts. */
  readonly first: number;
  readonly from: number;
  /** The end of the window and of the edit in the new text. */
  readonly until: number;
  readonly end: number;
  readonly delta: number;
}

interface Found {
  readonly read: StatementTokens;
  /** The part from which on all is as before. */
  readonly last: number;
}

/** Reads the window until the reader stands as before; undefined where it does not, or that would not help. */
function readExcerpt(text: string, before: Read, window: Window): Found | undefined {
  const { parts, passed } = before;
  const { first, from, until, end, delta } = window;
  const stand = first === 0 ? undefined : passed[first]?.checkpoint;
  const isWhole = until === text.length;
  let last: number | undefined;
  const read = readStatements(text.slice(from, until), {
    ...(stand === undefined ? {} : { from: stand }),
    openedAt: openedAt(parts, first) - from,
    stops: (checkpoint, token, tokensLeft) => {
      const at = token.startOffset + from;
      if (at < end || (!isWhole && tokensLeft <= lookahead)) return false;
      const old = indexAt(parts, at - delta);
      const known = old === undefined ? undefined : passed[old];
      if (old === undefined || known === undefined || old <= first) return false;
      if (checkpoint.depth > 0 || !isSameCheckpoint(checkpoint, known.checkpoint)) return false;
      if (!/[\r\n]/.test(text.slice(end, at)) || !isAfter(before, known.problems, at - delta)) return false;
      last = old;
      return true;
    },
  });
  if (last !== undefined) return { read, last };
  // At the end of the text there is nothing to be joined to.
  return isWhole ? { read, last: parts.length } : undefined;
}

/** The problems found later lie behind the place altogether. */
function isAfter({ problems }: Read, count: number, place: number): boolean {
  return problems.slice(count).every((problem) => firstPlace(problem) >= place);
}

interface Join extends Found {
  readonly first: number;
  readonly from: number;
  readonly delta: number;
}

function joined(text: string, before: Read, { read, first, last, from, delta }: Join): Read | undefined {
  const { parts, passed } = before;
  const stop = last < parts.length ? (parts[last] as Part).span.start : Infinity;
  const head = parts.slice(0, first).findLast(({ kind }) => kind === 'head' || kind === 'close');
  for (const token of read.tokens) token.startOffset += from;
  const pieces = cutIntoPieces(read.tokens, head?.head?.kind);
  const [piece] = pieces;
  // What was not touched must have been read as before.
  if (first > 0 && (piece === undefined || !isSame(parts[first] as Part, piece, text))) return undefined;
  const between = partsOf(pieces, text, parts.slice(first, last));
  const tail = parts.slice(last);
  if (delta !== 0) for (const part of tail) movePart(part, part.span.start + delta);
  const told = first === 0 ? 0 : (passed[first] as Stand).problems;
  const later = passed[last]?.problems ?? before.problems.length;
  const shift = told + read.problems.length - later;
  const stopNow = stop + delta;
  const standsBehind = passed.slice(last);
  const startsBehind = before.starts.slice(firstIndex(before.starts, (start) => start >= stop));
  const commentsBehind = before.comments.slice(firstIndex(before.comments, ({ start }) => start >= stop));
  // Comments move as parts do.
  if (delta !== 0) for (const comment of commentsBehind) moveSpan(comment, delta);
  return {
    text,
    parts: parts.slice(0, first).concat(between, tail),
    passed: passed.slice(0, first).concat(
      pieces.map(({ tokens }) => {
        const stand = read.passed.get(tokens[0] as IToken);
        return stand && { ...stand, problems: stand.problems + told };
      }),
      shift === 0
        ? standsBehind
        : standsBehind.map((stand) => stand && { ...stand, problems: stand.problems + shift }),
    ),
    tokenProblems: [
      ...before.tokenProblems.filter((problem) => problem.start < from),
      ...read.tokenProblems
        .map((problem) => moved(problem, from))
        .filter((problem) => problem.start < stopNow),
      ...before.tokenProblems
        .filter((problem) => problem.start >= stop)
        .map((problem) => moved(problem, delta)),
    ],
    problems: [
      ...before.problems.slice(0, told),
      ...read.problems.map((problem) => moved(problem, from)),
      ...before.problems.slice(later).map((problem) => moved(problem, delta)),
    ],
    starts: before.starts
      .slice(
        0,
        firstIndex(before.starts, (start) => start >= from),
      )
      .concat(
        read.starts.map((start) => start + from),
        delta === 0 ? startsBehind : startsBehind.map((start) => start + delta),
      ),
    comments: before.comments
      .slice(
        0,
        firstIndex(before.comments, ({ start }) => start >= from),
      )
      .concat(
        read.comments
          .map(({ startOffset, image }) => ({
            start: startOffset + from,
            end: startOffset + from + image.length,
          }))
          .filter(({ start }) => start < stopNow),
        commentsBehind,
      ),
  };
}

/** Of the brace that opened the block around the part. */
function openedAt(parts: readonly Part[], first: number): number {
  const head = parts.slice(0, first).findLast(({ kind }) => kind === 'head');
  return head?.tokens.at(-1)?.span.start ?? 0;
}

/** Index of the part that begins at the offset. */
function indexAt(parts: readonly Part[], offset: number): number | undefined {
  const at = firstIndex(parts, ({ span }) => span.start >= offset);
  return parts[at]?.span.start === offset ? at : undefined;
}

function isFirstOfLine(text: string, offset: number): boolean {
  for (let at = offset - 1; at >= 0; at--) {
    const character = text[at] as string;
    if (character === '\n' || character === '\r') return true;
    if (character !== ' ' && character !== '\t') return false;
  }
  return true;
}

function endOfLine(text: string, offset: number): number {
  const found = /\r\n|\r|\n/g;
  found.lastIndex = Math.max(0, offset);
  return found.exec(text) === null ? text.length : found.lastIndex;
}

function moved(problem: SyntaxProblem, by: number): SyntaxProblem {
  if (by === 0) return problem;
  const place = <Place extends { readonly start: number; readonly end: number }>(each: Place): Place => ({
    ...each,
    start: each.start + by,
    end: each.end + by,
  });
  const { related, fix } = problem;
  return {
    ...place(problem),
    ...(related === undefined ? {} : { related: place(related) }),
    ...(fix === undefined ? {} : { fix: place(fix) }),
  };
}

function firstPlace({ start, related, fix }: SyntaxProblem): number {
  return Math.min(start, related?.start ?? start, fix?.start ?? start);
}

function lastPlace({ end, related, fix }: SyntaxProblem): number {
  return Math.max(end, related?.end ?? end, fix?.end ?? end);
}
