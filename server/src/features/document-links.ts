/**
 * Links from the paths of data sources to their files, with what the file holds or why it cannot be read.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DocumentLink } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import type { Snapshot } from '../workspace/document.ts';
import { sourcePaths } from '../workspace/source-paths.ts';

/** `folder`: what the paths are relative to. */
export function documentLinksOf(snapshot: Snapshot, folder: string): DocumentLink[] {
  // A pattern names several files.
  const single = sourcePaths(snapshot.parsed.tree).filter(({ value }) => !value.includes('*'));
  return single.map(({ span, value }) => {
    const why = problemOf(snapshot, span);
    const shape = why === undefined ? shapeOf(snapshot, span) : undefined;
    return {
      range: snapshot.range({ start: span.start + 1, end: span.end - 1 }),
      target: pathToFileURL(resolve(folder, value)).href,
      tooltip: why ?? (shape === undefined ? 'Open the data file' : `${shape}: open the data file`),
    };
  });
}

/** Why the file cannot be read, as the diagnostic of its source says. */
function problemOf({ diagnostics }: Snapshot, path: Span): string | undefined {
  return diagnostics.find(
    ({ code, span }) => code === 'data-file' && span.start <= path.start && path.end <= span.end,
  )?.message;
}

/** `300 × 10` after the choice of rows and columns; `?` for what only the data themselves tell. */
function shapeOf(snapshot: Snapshot, path: Span): string | undefined {
  const found = snapshot.checked.facts.sources.find(
    ({ span }) => span.start <= path.start && path.end <= span.end,
  );
  const answer = found === undefined ? undefined : snapshot.headerOf(found.source);
  if (answer === undefined || !('shape' in answer)) return undefined;
  return answer.shape.length === 0 ? 'one number' : answer.shape.map((size) => size ?? '?').join(' × ');
}
