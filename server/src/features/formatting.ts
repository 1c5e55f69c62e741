/**
 * Formats a document. Only the part that changes is edited, so that cursors and folds elsewhere stay. A
 * text with syntax errors is left alone.
 */
import type { TextEdit } from 'vscode-languageserver';
import { format } from '../syntax/print.ts';
import type { Snapshot } from '../workspace/document.ts';

export function formattingEdits(snapshot: Snapshot): TextEdit[] {
  const before = snapshot.text.split(/(?<=\n)/);
  const after = format(snapshot.text).split(/(?<=\n)/);
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && before[first] === after[first]) first++;
  let last = 0;
  while (last < shorter - first && before[before.length - 1 - last] === after[after.length - 1 - last])
    last++;
  if (first === before.length && first === after.length) return [];
  const length = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0);
  const start = length(before.slice(0, first));
  const end = snapshot.text.length - length(before.slice(before.length - last));
  return [
    { range: snapshot.range({ start, end }), newText: after.slice(first, after.length - last).join('') },
  ];
}
