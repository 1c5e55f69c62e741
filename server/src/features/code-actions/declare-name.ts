/**
 * Declares what a name that nothing declares may be: a dimension as a `let`, a number that is to be learned as an
 * upper unknown.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { LevelBlock } from '../../syntax/tree.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { indentAt, lineEndOf, lineStart } from './action.ts';
import { typesToTry } from './add-missing-block.ts';
import { isVerified } from './verify.ts';

/** A size to begin with, for the author to change. */
const usualSize = 10;

export function declareName({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.code === 'unbound-dimension') return [asLet(snapshot, diagnostic)];
    return diagnostic.code === 'unknown-name' ? asUnknown(snapshot, diagnostic) : [];
  });
}

function asLet(snapshot: Snapshot, diagnostic: Diagnostic): ProposedAction {
  const name = snapshot.slice(diagnostic.span);
  const block = snapshot.parsed.tree.items.find(
    ({ span }) => span.start <= diagnostic.span.start && diagnostic.span.end <= span.end,
  );
  const at = block?.span.start ?? 0;
  const newLine = lineEndOf(snapshot.text);
  return {
    title: `Add let ${name} = ${usualSize}`,
    kind: CodeActionKind.QuickFix,
    changes: [{ span: { start: at, end: at }, text: `let ${name} = ${usualSize}${newLine}${newLine}` }],
    mends: diagnostic,
  };
}

function asUnknown(snapshot: Snapshot, diagnostic: Diagnostic): readonly ProposedAction[] {
  const name = snapshot.slice(diagnostic.span);
  const { items } = snapshot.parsed.tree;
  const upper = items.find((item): item is LevelBlock => item.kind === 'upper');
  const first = upper?.unknowns[0];
  if (upper === undefined || first === undefined) return [];
  const inLevel = items.some(
    ({ kind, span }) =>
      (kind === 'upper' || kind === 'lower') &&
      span.start <= diagnostic.span.start &&
      diagnostic.span.end <= span.end,
  );
  if (!inLevel) return [];
  const at = lineStart(snapshot.text, first.span.start);
  const indent = indentAt(snapshot.text, first.span.start);
  const isOnOwnLine = snapshot.text.slice(at, first.span.start).trim() === '';
  if (!isOnOwnLine) return [];
  const newLine = lineEndOf(snapshot.text);
  const proposed = ['scalar', ...typesToTry(snapshot)].map((type): ProposedAction => ({
    title: `Declare ${name} as an upper unknown`,
    kind: CodeActionKind.QuickFix,
    changes: [{ span: { start: at, end: at }, text: `${indent}${name} : ${type} = 0${newLine}` }],
    mends: diagnostic,
  }));
  const accepted = proposed.find((action) => isVerified(action, snapshot));
  return accepted === undefined ? [] : [accepted];
}
