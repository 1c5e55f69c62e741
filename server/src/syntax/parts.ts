/** The parts of a text: those of the version before where they say the same, the others read. */
import type { Piece } from '../../../grammar/pieces.ts';
import * as t from '../../../grammar/tokens.ts';
import type { Part } from './part.ts';
import { isSame, movePart, readPart, unreadPart } from './part.ts';

/** Mistakes take time; after so many wrong statements a text is no problem file, and the rest of it is not read. */
export const mostWrong = 10_000;

/** Parts for the pieces: those that were there before the first and after the last difference, and between. */
export function partsOf(pieces: readonly Piece[], text: string, before: readonly Part[]): readonly Part[] {
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
