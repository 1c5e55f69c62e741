/**
 * Subscripts of languages that count from 0: `x[0]` becomes `x[1]`, and with it every number of the same brackets
 * is one more, for whoever counts one axis from 0 counts them all so; `x[-1]` becomes the last entry.
 */
import { CodeActionKind } from 'vscode-languageserver';
import { formatDimension } from '../../base/dimension.ts';
import { expressionOf } from '../../check/facts.ts';
import type { Expression, IndexExpression } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { TextChange } from '../workspace-edit.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { changed } from './action.ts';

export function countFromOne({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic): ProposedAction[] => {
    const isOutside = diagnostic.code === 'shape-mismatch' && diagnostic.message.includes('subscript 0');
    if (!isOutside && diagnostic.code !== 'bad-subscript') return [];
    const index = nodeAt(snapshot.parsed.tree, diagnostic.span.start)
      .flatMap((node) => (node.role === 'expression' && node.node.kind === 'index' ? [node.node] : []))
      .find(({ span }) => span.start <= diagnostic.span.start && diagnostic.span.end <= span.end);
    if (index === undefined) return [];
    const changes = changesOf(index, snapshot);
    if (changes.length === 0) return [];
    const { start } = index.span;
    const within = changes.map(({ span, text }) => ({
      span: { start: span.start - start, end: span.end - start },
      text,
    }));
    return [
      {
        title: `Count from 1: ${changed(snapshot.slice(index.span), within)}`,
        kind: CodeActionKind.QuickFix,
        changes,
        mends: diagnostic,
        isPreferred: true,
      },
    ];
  });
}

function changesOf({ base, subscripts }: IndexExpression, snapshot: Snapshot): readonly TextChange[] {
  const shape = expressionOf(snapshot.checked.facts, base.span)?.shape;
  return subscripts.flatMap((subscript, axis) => {
    if (subscript.kind === 'all') return [];
    const { value } = subscript;
    const size = shape?.[axis];
    const last = size === undefined ? undefined : formatDimension(size);
    const ends = value.kind === 'range' ? [value.from, value.to] : [value];
    return ends.flatMap((end) => {
      const text = oneMore(end, last);
      return text === undefined ? [] : [{ span: end.span, text }];
    });
  });
}

/** `n - 1` is n. Names are left: what is written `A[0, i]` may have an index that counts from 1. */
function oneMore(end: Expression, last: string | undefined): string | undefined {
  if (end.kind === 'number') return String(end.value + 1);
  if (end.kind === 'unary' && end.operator === '-' && end.operand.kind === 'number' && last !== undefined)
    return end.operand.value === 1 ? last : `${last} - ${end.operand.value - 1}`;
  if (end.kind !== 'binary' || end.operator !== '-' || end.left.kind !== 'name') return undefined;
  const { right } = end;
  return right.kind === 'number' && right.value === 1 ? end.left.text : undefined;
}
