/** Removes a declaration that nothing uses, with its line. */
import { CodeActionKind } from 'vscode-languageserver';
import { nodeAt } from '../../syntax/walk.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { wholeLines } from './action.ts';

export function removeUnused({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic): ProposedAction[] => {
    if (diagnostic.code !== 'unused-name' && diagnostic.code !== 'no-influence') return [];
    const path = nodeAt(snapshot.parsed.tree, diagnostic.span.start);
    const statement = path.findLast(
      (node) => node.role === 'declaration' || (node.role === 'item' && node.node.kind === 'let'),
    );
    if (statement === undefined) return [];
    // An unused parameter is part of a definition that is used.
    const named = statement.role === 'declaration' || statement.role === 'item' ? statement.node : undefined;
    if (named === undefined || !('name' in named) || named.name.span.start !== diagnostic.span.start)
      return [];
    return [
      {
        title: `Remove ${named.name.text}`,
        kind: CodeActionKind.QuickFix,
        changes: [{ span: wholeLines(snapshot.text, statement.span), text: '' }],
        mends: diagnostic,
      },
    ];
  });
}
