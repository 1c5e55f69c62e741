/**
 * Completion inside the strings of data sources: files and folders beside the problem, and the column
 * names that the header of a csv file has.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import type { DataSource } from '../atoms/expression.ts';
import { columnNamesOf, listFolder } from '../runner/source-headers.ts';
import type { Snapshot } from '../workspace/document.ts';
import type { Suggestion } from './completion-suggestion.ts';
import type { CursorContext } from './cursor-context.ts';

/** What each format's files usually end with; any other file is offered after those. */
const endings: Readonly<Record<string, RegExp>> = {
  csv: /\.(csv|tsv|txt)(\.gz)?$/iu,
  npy: /\.npy(\.gz)?$/iu,
  idx: /(ubyte|\.idx)(\.gz)?$/iu,
};

/** Entries of the folder named so far; the whole path is inserted. */
export function fileSuggestions({ string, brackets }: CursorContext, folder: string): readonly Suggestion[] {
  const written = string?.before ?? '';
  const base = written.slice(0, written.lastIndexOf('/') + 1);
  const ending = endings[brackets.at(-1)?.callee ?? ''];
  const rank = ({ name, isFolder }: { name: string; isFolder: boolean }): number =>
    isFolder ? 1 : ending?.test(name) === true ? 0 : 2;
  return listFolder(base, folder)
    .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
    .map(({ name, isFolder }) => ({
      label: `${base}${name}${isFolder ? '/' : ''}`,
      kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
      opens: isFolder,
    }));
}

/** Columns of the csv file whose source the cursor is in. */
export function columnSuggestions(
  snapshot: Snapshot,
  context: CursorContext,
  folder: string,
): readonly Suggestion[] {
  const { start } = context.string?.span ?? context.word;
  const path = sourcePath(snapshot.text.slice(0, start));
  if (path === undefined) return [];
  const source: DataSource = { format: 'csv', path };
  return columnNamesOf(source, folder).map((label, index) => ({
    label,
    kind: CompletionItemKind.Field,
    detail: `column ${index + 1}`,
  }));
}

/** The path of the last `csv("…"` before the cursor: the call that is open there. */
function sourcePath(before: string): string | undefined {
  return /.*\bcsv\s*\(\s*"([^"\r\n]*)"/su.exec(before)?.[1];
}
