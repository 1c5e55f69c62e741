/**
 * Quick fixes: the edits that diagnostics carry, offered where the cursor is.
 */
import type { CodeAction, CodeActionContext, Range } from 'vscode-languageserver';
import { CodeActionKind } from 'vscode-languageserver';
import type { Snapshot } from '../workspace/document.ts';
import { editorDiagnostic } from './diagnostics.ts';

export function codeActionsOf(snapshot: Snapshot, range: Range, context: CodeActionContext): CodeAction[] {
  const wanted = context.only;
  if (wanted !== undefined && !wanted.some((kind) => isWithin(CodeActionKind.QuickFix, kind))) return [];
  const { start, end } = snapshot.span(range);
  const actions: CodeAction[] = [];
  for (const diagnostic of snapshot.diagnostics) {
    const { span, fixes = [] } = diagnostic;
    if (fixes.length === 0 || span.start > end || start > span.end) continue;
    const [only] = fixes;
    for (const fix of fixes) {
      actions.push({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [editorDiagnostic(diagnostic, snapshot)],
        ...(fixes.length === 1 && fix === only ? { isPreferred: true } : {}),
        edit: {
          changes: { [snapshot.uri]: [{ range: snapshot.range(fix.span), newText: fix.replacement }] },
        },
      });
    }
  }
  return actions;
}

/** `quickfix` lies within `quickfix` and within the empty kind. */
function isWithin(kind: string, wanted: string): boolean {
  return wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`);
}
