/** What the tests of code actions share: a text with a cursor or a selection, and what an action makes of it. */
import assert from 'node:assert/strict';
import type { CodeAction } from 'vscode-languageserver';
import { CodeActionTriggerKind } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActionsOf } from '../../../server/src/features/code-actions/index.ts';
import type { RunResult } from '../../../server/src/protocol/result.ts';
import { snapshotOf, uri } from '../support.ts';

export interface Asked {
  readonly only?: string[];
  readonly result?: RunResult;
  readonly clientRenames?: boolean;
  readonly automatic?: boolean;
}

/** `<|>` is a cursor, `<[` and `]>` enclose a selection. */
export function actionsAt(
  marked: string,
  { only, result, clientRenames = false, automatic = false }: Asked = {},
): { readonly text: string; readonly actions: readonly CodeAction[] } {
  const begin = /<\||<\[/u.exec(marked)?.index ?? -1;
  assert.ok(begin >= 0, 'the text needs a cursor');
  const without = marked.replace(/<\|>|<\[/u, '');
  const close = without.indexOf(']>');
  const text = without.replace(']>', '');
  const snapshot = snapshotOf(text);
  const range = snapshot.range({ start: begin, end: close < 0 ? begin : close });
  const context = {
    diagnostics: [],
    ...(only === undefined ? {} : { only }),
    triggerKind: automatic ? CodeActionTriggerKind.Automatic : CodeActionTriggerKind.Invoked,
  };
  return { text, actions: codeActionsOf(snapshot, range, context, { result, clientRenames }) };
}

export function applied(text: string, action: CodeAction | undefined): string {
  assert.ok(action !== undefined, 'there is such an action');
  const edits = action.edit?.changes?.[uri] ?? [];
  return TextDocument.applyEdits(TextDocument.create(uri, 'bilevel', 1, text), edits);
}

/** The texts after the first action whose title fits, and the errors that are left. */
export function afterAction(marked: string, title: RegExp, asked?: Asked): string {
  const { text, actions } = actionsAt(marked, asked);
  const action = actions.find((each) => title.test(each.title));
  assert.ok(action !== undefined, `${String(title)} among ${actions.map((each) => each.title).join(' | ')}`);
  return applied(text, action);
}

export function errorsOf(text: string): readonly string[] {
  return snapshotOf(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}
