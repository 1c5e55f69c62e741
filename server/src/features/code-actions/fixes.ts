/**
 * The edits that diagnostics carry themselves, one by one; and all of one kind at once, where each has only one
 * edit, which mends the writing and guesses no meaning.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { TextChange } from '../workspace-edit.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { isVerified } from './verify.ts';

export function fixes({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const offered = (diagnostic.fixes ?? [])
      .map(({ title, span, replacement }): ProposedAction => ({
        title,
        kind: CodeActionKind.QuickFix,
        changes: [{ span, text: replacement }],
        mends: diagnostic,
      }))
      .filter((action) => isVerified(action, snapshot));
    // The only one that mends is what is meant.
    return offered.length === 1 ? offered.map((action) => ({ ...action, isPreferred: true })) : offered;
  });
}

export function fixAll({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  const safe = snapshot.diagnostics.filter(isSafe);
  const actions: ProposedAction[] = [];
  const here = new Set(diagnostics.filter(isSafe).map(({ code }) => code));
  for (const code of here) {
    const alike = safe.filter((each) => each.code === code);
    const [first] = alike;
    if (first === undefined || alike.length < 2) continue;
    actions.push({
      title: `Fix all ${alike.length} of this kind`,
      kind: CodeActionKind.QuickFix,
      changes: changesOf(alike),
      mends: first,
    });
  }
  const [first] = safe;
  if (first !== undefined) {
    const title = safe.length === 1 ? 'Fix what can be fixed' : `Fix all ${safe.length} that can be fixed`;
    const kind = `${CodeActionKind.SourceFixAll}.bilevel`;
    actions.push({ title, kind, changes: changesOf(safe), mends: first });
  }
  return actions;
}

function isSafe({ code, severity, fixes: carried = [] }: Diagnostic): boolean {
  const isWriting = code.startsWith('syntax-') || code.startsWith('elementwise-');
  return severity === 'error' && isWriting && carried.length === 1;
}

/** Of edits at one place the first counts. */
function changesOf(diagnostics: readonly Diagnostic[]): readonly TextChange[] {
  const changes: TextChange[] = [];
  for (const { fixes: carried = [] } of diagnostics) {
    for (const { span, replacement } of carried) {
      const isFree = changes.every((each) => each.span.end < span.start || span.end < each.span.start);
      if (isFree) changes.push({ span, text: replacement });
    }
  }
  return changes;
}
