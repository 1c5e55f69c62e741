/**
 * Links from the paths of data sources to their files.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DocumentLink } from 'vscode-languageserver';
import type { Snapshot } from '../workspace/document.ts';
import { sourcePaths } from '../workspace/source-paths.ts';

/** `folder`: what the paths are relative to. */
export function documentLinksOf(snapshot: Snapshot, folder: string): DocumentLink[] {
  return sourcePaths(snapshot.parsed.tree).map(({ span, value }) => ({
    range: snapshot.range({ start: span.start + 1, end: span.end - 1 }),
    target: pathToFileURL(resolve(folder, value)).href,
    tooltip: 'Open the data file',
  }));
}
