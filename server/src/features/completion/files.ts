/**
 * Completion inside the strings of data sources: files and folders beside the problem, the column names that
 * the header of a csv file has, the arrays of a file of several.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import type { DataSource } from '../../atoms/expression.ts';
import { imageChannels } from '../../check/blocks/source-formats.ts';
import { arraysOf, columnNamesOf, listFolder } from '../../runner/source-headers.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { Suggestion } from './suggestion.ts';
import type { CursorContext } from './cursor-context.ts';

/** What each format's files usually end with; any other file is offered after those. */
const endings: Readonly<Record<string, RegExp>> = {
  csv: /\.(csv|tsv|txt)(\.gz)?$/iu,
  npy: /\.npy(\.gz)?$/iu,
  npz: /\.npz$/iu,
  mat: /\.mat(\.gz)?$/iu,
  matrix_market: /\.mtx(\.gz)?$/iu,
  idx: /(ubyte|\.idx)(\.gz)?$/iu,
  image: /\.png$/iu,
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

/** What a text that is the value of an option names: an array, the channels of a pixel, a column. */
export function optionTextSuggestions(
  snapshot: Snapshot,
  context: CursorContext,
  folder: string,
): readonly Suggestion[] {
  const calls = context.brackets.filter(({ bracket }) => bracket === '(');
  const call = calls.at(-1);
  const format = call?.callee ?? '';
  if (call?.argumentName === 'channels') {
    return imageChannels.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
  }
  const { start } = context.string?.span ?? context.word;
  const path = sourcePath(snapshot.text.slice(0, start), format);
  if (path === undefined) return [];
  const source: DataSource = { format, path };
  if (call?.argumentName === 'array') {
    return arraysOf(source, folder).map(({ name, shape, refusal }) => ({
      label: name,
      kind: CompletionItemKind.Field,
      detail: shape === undefined ? (refusal ?? 'an array') : shape.join(' × '),
      fit: shape === undefined ? 0 : 3,
    }));
  }
  return columnNamesOf(source, folder).map((label, index) => ({
    label,
    kind: CompletionItemKind.Field,
    detail: `column ${index + 1}`,
  }));
}

/** The path of the last `csv("…"` before the cursor: the call that is open there. */
function sourcePath(before: string, format: string): string | undefined {
  const at = before.lastIndexOf(`${format}(`);
  return /^\w+\s*\(\s*"([^"\r\n]*)"/u.exec(before.slice(at < 0 ? before.lastIndexOf(format) : at))?.[1];
}
