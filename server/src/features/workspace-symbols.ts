/**
 * Names of all problems of the workspace by what was typed of them: titles, data, unknowns, `let`s. Letters must
 * occur in order; open documents count as they are in the editor, others as they are on disk.
 */
import type { DocumentSymbol, WorkspaceSymbol } from 'vscode-languageserver';
import { SymbolKind } from 'vscode-languageserver';
import type { Snapshot } from '../workspace/document.ts';
import { outlineOf } from './outline.ts';

/** What has a name of its own; blocks, objectives and entries are alike in every file. */
const named: ReadonlySet<SymbolKind> = new Set([
  SymbolKind.Module,
  SymbolKind.Constant,
  SymbolKind.Variable,
  SymbolKind.Function,
]);
const most = 500;

export function workspaceSymbolsOf(snapshots: readonly Snapshot[], query: string): WorkspaceSymbol[] {
  const wanted = query.toLowerCase();
  const found: WorkspaceSymbol[] = [];
  for (const snapshot of snapshots) {
    const visit = (symbols: readonly DocumentSymbol[], container: string | undefined): void => {
      for (const { name, kind, selectionRange, children = [] } of symbols) {
        if (named.has(kind) && hasInOrder(name.toLowerCase(), wanted)) {
          const location = { uri: snapshot.uri, range: selectionRange };
          found.push({
            name,
            kind,
            location,
            ...(container === undefined ? {} : { containerName: container }),
          });
        }
        visit(children, name);
      }
    };
    visit(outlineOf(snapshot), undefined);
  }
  return found.slice(0, most);
}

function hasInOrder(name: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = name.indexOf(letter, at);
    if (at < 0) return false;
    at += letter.length;
  }
  return true;
}
