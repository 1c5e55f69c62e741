/** What a selection grows to: the word, then every part of the tree around it, up to the file. */
import type { Position, SelectionRange } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import { nodeAt } from '../syntax/walk.ts';
import type { Snapshot } from '../workspace/document.ts';

export function selectionRangesOf(snapshot: Snapshot, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    const offset = snapshot.offset(position);
    const spans: Span[] = nodeAt(snapshot.parsed.tree, offset).map(({ span }) => span);
    const token = snapshot.parsed.tokensAt(offset)[0];
    if (token !== undefined) {
      spans.push(token.span);
      // Within the quotes, as a path is replaced.
      const { start, end } = token.span;
      if (token.kind === 'string' && offset > start && offset < end)
        spans.push({ start: start + 1, end: end - 1 });
    }
    const whole: Span = { start: 0, end: snapshot.text.length };
    return nested([whole, ...spans], snapshot) ?? { range: snapshot.range({ start: offset, end: offset }) };
  });
}

/** Each inside the one before and smaller, as the protocol demands. */
function nested(spans: readonly Span[], snapshot: Snapshot): SelectionRange | undefined {
  let range: SelectionRange | undefined;
  let outer: Span | undefined;
  for (const span of spans.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    if (outer !== undefined && (span.start < outer.start || span.end > outer.end)) continue;
    if (outer !== undefined && span.start === outer.start && span.end === outer.end) continue;
    outer = span;
    range = { range: snapshot.range(span), ...(range === undefined ? {} : { parent: range }) };
  }
  return range;
}
