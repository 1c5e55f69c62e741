/**
 * Gives the selected expression, or the number at the cursor, a name: a `let` before its statement, or at the top
 * for a number, where it can be set from outside. The problem means the same afterwards.
 */
import { CodeActionKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type { Expression } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { TreeNode } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { indentAt, lineEndOf } from './action.ts';
import { freeName } from './add-missing-block.ts';

export function extractLet({ snapshot, selection }: ActionPlace): readonly ProposedAction[] {
  const trimmed = trimmedSpan(snapshot, selection);
  const path = nodeAt(snapshot.parsed.tree, trimmed.start);
  if (trimmed.end > trimmed.start) {
    const whole = path.find(
      ({ role, span }) => role === 'expression' && span.start === trimmed.start && span.end === trimmed.end,
    );
    const node = whole?.role === 'expression' ? whole.node : undefined;
    if (node === undefined || node.kind === 'name' || node.kind === 'string' || node.kind === 'missing')
      return [];
    return [extraction(snapshot, node, path, node.kind === 'number' ? 'number' : 'expression')];
  }
  const [here] = path.slice(-1);
  if (here?.role !== 'expression' || here.node.kind !== 'number') return [];
  const isDefinition = path.some(
    (node) => node.role === 'item' && node.node.kind === 'let' && node.node.value === here.node,
  );
  return isDefinition ? [] : [extraction(snapshot, here.node, path, 'number')];
}

function extraction(
  snapshot: Snapshot,
  expression: Expression,
  path: readonly TreeNode[],
  what: 'number' | 'expression',
): ProposedAction {
  const { text } = snapshot;
  const written = snapshot.slice(expression.span);
  const name = freeName(snapshot, what === 'number' ? 'value' : 'part');
  const at = insertionPoint(path, what);
  const indent = indentAt(text, at);
  const newLine = lineEndOf(text);
  const isTop = path.some(({ role, span }) => role === 'item' && span.start === at);
  const definition = `let ${name} = ${written}${newLine}${isTop ? newLine : indent}`;
  return {
    title: what === 'number' ? `Name ${written} by a let` : 'Extract to a let',
    kind: CodeActionKind.RefactorExtract,
    changes: [
      { span: { start: at, end: at }, text: definition },
      { span: expression.span, text: name },
    ],
    keepsMeaning: true,
    renames: at + 'let '.length,
  };
}

/** Before the statement in its block, where that may hold a `let`; else before the block. */
function insertionPoint(path: readonly TreeNode[], what: 'number' | 'expression'): number {
  const block = path.find(({ role }) => role === 'item');
  const statement = path.find(
    (node) =>
      node.role === 'objective' || node.role === 'declaration' || (node.role === 'item' && node !== block),
  );
  const isLevel =
    block?.role === 'item' &&
    (block.node.kind === 'upper' || block.node.kind === 'lower' || block.node.kind === 'data');
  return what === 'expression' && isLevel && statement !== undefined
    ? statement.span.start
    : (block?.span.start ?? 0);
}

function trimmedSpan(snapshot: Snapshot, span: Span): Span {
  const text = snapshot.slice(span);
  const start = span.start + (text.length - text.trimStart().length);
  return { start, end: Math.max(start, span.start + text.trimEnd().length) };
}
