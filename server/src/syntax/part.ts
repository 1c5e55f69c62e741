/**
 * One piece of a text as it was read: a statement, the head of a block or its closing brace, with its
 * node and its tokens. The next version of the text takes over the parts that say the same at another
 * place: their spans are moved, in place, so that the nodes stay the same objects and whoever knows
 * something of them goes on knowing it. A part therefore belongs to one version of one text at a time.
 */
import { parsePiece } from '../../../grammar/parser.ts';
import type { Piece } from '../../../grammar/pieces.ts';
import type { SyntaxProblem } from '../../../grammar/problems.ts';
import * as t from '../../../grammar/tokens.ts';
import type { TokenClass } from '../../../grammar/tokens.ts';
import { firstIndex } from '../base/first-index.ts';
import type { Span } from '../base/span.ts';
import { buildEach, buildStatement } from './build.ts';
import type { StatementNode } from './build.ts';
import { ownText, spanOf } from './concrete.ts';
import type { Item, LevelBlock } from './tree.ts';

/** A token for highlighting and for the formatter; `keyword` only where it is one. */
export interface SyntaxToken {
  readonly kind: TokenClass;
  readonly span: Span;
}

export interface BlockHead {
  readonly kind: Exclude<Item['kind'], 'problem' | 'let'>;
  readonly keyword: Span;
  readonly each?: NonNullable<LevelBlock['each']>;
}

export interface Part {
  readonly kind: Piece['kind'];
  /** Of a statement, when its beginning could be read. */
  readonly node?: StatementNode;
  readonly head?: BlockHead;
  /** From the first to the last token; a brace that was put in has no extent. */
  readonly span: Span;
  readonly tokens: readonly SyntaxToken[];
  readonly problems: readonly SyntaxProblem[];
  readonly source: Source;
}

/** What a piece is made of, to know it again: its text, and the type, start and length of each token. */
interface Source {
  readonly text: string;
  readonly shape: readonly number[];
  /** Every span in the node, the head and the tokens, once it has been moved. */
  spans?: readonly Span[];
}

const blockNames = new Map(t.keywords.map(({ type, word }) => [type, word as BlockHead['kind']]));

/** Reads a piece of the text. */
export function readPart(piece: Piece, text: string): Part {
  const { kind, tokens } = piece;
  const problems: SyntaxProblem[] = [];
  const unread = unreadPart(piece);
  const { span } = unread;
  const first = tokens[0] as (typeof tokens)[number];
  const source = { text: ownText(text.slice(span.start, span.end)), shape: shapeOf(tokens) };
  const common = { ...unread, problems, source };
  if (kind === 'close') return common;
  if (kind === 'head') {
    const parsed = tokens[1]?.tokenType === t.Each ? parsePiece(kind, tokens) : undefined;
    problems.push(...(parsed?.problems ?? []));
    const each = parsed === undefined ? undefined : buildEach(parsed.cst);
    const word = blockNames.get(first.tokenType) as BlockHead['kind'];
    return {
      ...common,
      head: { kind: word, keyword: spanOf(first), ...(each === undefined ? {} : { each }) },
    };
  }
  const parsed = parsePiece(kind, tokens);
  problems.push(...parsed.problems);
  const node = buildStatement(kind, parsed.cst, problems);
  return node === undefined ? common : { ...common, node };
}

/** A piece of which nothing is known but its tokens, and which is the same as no other. */
export function unreadPart({ kind, tokens }: Piece): Part {
  const first = tokens[0] as (typeof tokens)[number];
  const span = { start: first.startOffset, end: t.endOf(tokens.at(-1) ?? first) };
  const kept: SyntaxToken[] = [];
  for (const token of tokens) {
    if (token.image === '') continue;
    kept.push({ kind: t.classes.get(token.tokenType) ?? 'punctuation', span: spanOf(token) });
  }
  return { kind, span, tokens: kept, problems: [], source: { text: '', shape: [] } };
}

/** Whether reading the piece would give the part, but for its place. What has problems is read again. */
export function isSame(part: Part, { kind, tokens }: Piece, text: string): boolean {
  const { shape } = part.source;
  if (part.kind !== kind || part.problems.length > 0 || shape.length !== 3 * tokens.length) return false;
  const start = (tokens[0] as (typeof tokens)[number]).startOffset;
  let at = 0;
  for (const { tokenTypeIdx, startOffset, image } of tokens) {
    if (
      shape[at] !== tokenTypeIdx ||
      shape[at + 1] !== startOffset - start ||
      shape[at + 2] !== image.length
    ) {
      return false;
    }
    at += 3;
  }
  return text.startsWith(part.source.text, start);
}

function shapeOf(tokens: Piece['tokens']): readonly number[] {
  const shape: number[] = [];
  const start = tokens[0]?.startOffset ?? 0;
  for (const { tokenTypeIdx, startOffset, image } of tokens) {
    shape.push(tokenTypeIdx, startOffset - start, image.length);
  }
  return shape;
}

/** Index of the first part that ends at or behind the offset. */
export function firstFrom(parts: readonly Part[], offset: number): number {
  return firstIndex(parts, ({ span }) => span.end >= offset);
}

/** Moves the part with all its spans and problems to where it stands now. */
export function movePart(part: Part, start: number): void {
  const by = start - part.span.start;
  if (by === 0) return;
  part.source.spans ??= [
    ...spansIn([part.span, part.node, part.head, part.tokens]),
    ...part.problems.flatMap((problem) =>
      [problem, problem.related, problem.fix].filter((place) => place !== undefined),
    ),
  ];
  for (const span of part.source.spans) moveSpan(span, by);
}

export function moveSpan(span: Span, by: number): void {
  const place = span as { start: number; end: number };
  place.start += by;
  place.end += by;
}

/** Each span object that the value holds, once. */
function spansIn(value: unknown): readonly Span[] {
  const spans = new Set<Span>();
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ('start' in next && typeof next.start === 'number') spans.add(next as Span);
    else for (const inner of Object.values(next) as unknown[]) pending.push(inner);
  }
  return [...spans];
}
