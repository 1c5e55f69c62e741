/**
 * Links from the paths of data sources to their files.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DocumentLink } from 'vscode-languageserver';
import { sourceFormats } from '../check/data-source.ts';
import type { StringExpression } from '../syntax/tree.ts';
import { rootOf, walk } from '../syntax/walk.ts';
import type { Snapshot } from '../workspace/document.ts';

/** `folder`: what the paths are relative to. */
export function documentLinksOf(snapshot: Snapshot, folder: string): DocumentLink[] {
  return sourcePaths(snapshot).map(({ span, value }) => ({
    range: snapshot.range({ start: span.start + 1, end: span.end - 1 }),
    target: pathToFileURL(resolve(folder, value)).href,
    tooltip: 'Open the data file',
  }));
}

/** The first arguments of calls of formats that read files. */
function sourcePaths(snapshot: Snapshot): StringExpression[] {
  const paths: StringExpression[] = [];
  walk(rootOf(snapshot.parsed.tree), (node) => {
    if (node.role !== 'expression' || node.node.kind !== 'call') return;
    const path = node.node.arguments[0]?.value;
    const format = sourceFormats.get(node.node.callee.text);
    if (format?.positional === 'path' && path?.kind === 'string' && path.value !== '') paths.push(path);
  });
  return paths;
}
