/**
 * What can be folded: blocks, runs of comment lines, and statements that go over several lines.
 */
import type { FoldingRange } from 'vscode-languageserver';
import { FoldingRangeKind } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import { rootOf, walk } from '../syntax/walk.ts';
import type { Snapshot } from '../workspace/document.ts';

export function foldingRangesOf(snapshot: Snapshot): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const add = ({ start, end }: Span, keepLastLine: boolean, kind?: FoldingRangeKind): void => {
    const startLine = snapshot.position(start).line;
    const endLine = snapshot.position(end).line - (keepLastLine ? 1 : 0);
    if (endLine > startLine) ranges.push({ startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  walk(rootOf(snapshot.parsed.tree), (node) => {
    if (node.role === 'item') {
      const closed = snapshot.text[node.span.end - 1] === '}';
      add(node.span, closed);
    } else if (node.role === 'declaration' || node.role === 'objective' || node.role === 'solve-entry') {
      add(node.span, false);
    }
    return node.role !== 'expression';
  });
  for (const run of commentRuns(snapshot)) add(run, false, FoldingRangeKind.Comment);
  return ranges.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

/** Comments on lines of their own, one under the other. */
function commentRuns(snapshot: Snapshot): Span[] {
  const runs: Span[] = [];
  let lastLine = -2;
  for (const { kind, span } of snapshot.parsed.tokens) {
    if (kind !== 'comment') continue;
    const { line, character } = snapshot.position(span.start);
    if (snapshot.text.slice(span.start - character, span.start).trim() !== '') continue;
    const run = runs.at(-1);
    if (run !== undefined && line === lastLine + 1)
      runs[runs.length - 1] = { start: run.start, end: span.end };
    else runs.push(span);
    lastLine = line;
  }
  return runs;
}
