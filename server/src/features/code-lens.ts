/**
 * What can be done with the problem, above its title or its first block: run it, check its gradient, or
 * end what is being done.
 */
import type { CodeLens } from 'vscode-languageserver';
import { clientCommands, serverCommands } from '../protocol/editor.ts';
import type { Snapshot } from '../workspace/document.ts';

export interface LensSettings {
  /** The client has commands of its own, which may ask or show more. */
  readonly clientHasCommands: boolean;
  readonly running: boolean;
}

export function codeLensesOf(snapshot: Snapshot, { clientHasCommands, running }: LensSettings): CodeLens[] {
  const { items } = snapshot.parsed.tree;
  const place = items.find(({ kind }) => kind === 'problem') ?? items.find(({ kind }) => kind !== 'let');
  if (place === undefined) return [];
  const commands = clientHasCommands ? clientCommands : serverCommands;
  const { start } = snapshot.range(place.span);
  const lens = (title: string, command: string): CodeLens => ({
    range: { start, end: start },
    command: { title, command, arguments: [snapshot.uri] },
  });
  return running
    ? [lens('Cancel', commands.cancel)]
    : [lens('Run', commands.run), lens('Check gradient', commands.checkGradient)];
}
