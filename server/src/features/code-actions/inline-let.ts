/**
 * Puts the definition of a `let` in the place of its uses and removes it: arguments for parameters, brackets where
 * the text around needs them. The problem means the same afterwards.
 */
import { CodeActionKind } from 'vscode-languageserver';
import { nameAt } from '../../check/facts.ts';
import type { NameFact } from '../../check/facts.ts';
import type { CallExpression, Expression, LetDefinition } from '../../syntax/tree.ts';
import { nodeAt, walk } from '../../syntax/walk.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { TextChange } from '../workspace-edit.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { changed, wholeLines } from './action.ts';

export function inlineLet({ snapshot, selection }: ActionPlace): readonly ProposedAction[] {
  const found = nameAt(snapshot.checked.facts, selection.start);
  const definition = found?.definition;
  if (found === undefined || definition === undefined || found.uses.length === 0) return [];
  const uses = found.uses.map((use) => replacementAt(snapshot, found, definition, use.start));
  if (uses.some((use) => use === undefined)) return [];
  const replaced = uses.filter((use) => use !== undefined);
  // Uses inside one another, as in f(f(x)), would each need the other's text.
  const nested = replaced.some((a) =>
    replaced.some((b) => a !== b && a.span.start <= b.span.start && b.span.end <= a.span.end),
  );
  if (nested) return [];
  return [
    {
      title: `Put the definition of ${found.name} in its place`,
      kind: CodeActionKind.RefactorInline,
      changes: [{ span: wholeLines(snapshot.text, definition.span), text: '' }, ...replaced],
      keepsMeaning: true,
    },
  ];
}

function replacementAt(
  snapshot: Snapshot,
  { name }: NameFact,
  definition: LetDefinition,
  offset: number,
): TextChange | undefined {
  const path = nodeAt(snapshot.parsed.tree, offset);
  const { value, parameters } = definition;
  if (parameters === undefined) {
    const use = path.findLast(
      (node) => node.role === 'expression' && node.node.kind === 'name' && node.node.text === name,
    );
    if (use === undefined) return undefined;
    return { span: use.span, text: inBrackets(snapshot.slice(value.span), value) };
  }
  const call = path
    .flatMap((node) => (node.role === 'expression' && node.node.kind === 'call' ? [node.node] : []))
    .find(({ callee }) => callee.span.start === offset);
  if (call === undefined || call.arguments.length !== parameters.length) return undefined;
  return { span: call.span, text: inBrackets(bodyFor(snapshot, definition, call), value) };
}

/** The body with the arguments of a call for its parameters. */
function bodyFor(
  snapshot: Snapshot,
  { value, parameters = [] }: LetDefinition,
  call: CallExpression,
): string {
  const changes: TextChange[] = [];
  walk({ role: 'expression', span: value.span, node: value }, (node) => {
    if (node.role !== 'expression' || node.node.kind !== 'name') return;
    const { text, span } = node.node;
    const argument = call.arguments[parameters.findIndex((parameter) => parameter.text === text)];
    if (argument === undefined) return;
    const start = span.start - value.span.start;
    const put = inBrackets(snapshot.slice(argument.value.span), argument.value);
    changes.push({ span: { start, end: start + (span.end - span.start) }, text: put });
  });
  return changed(snapshot.slice(value.span), changes);
}

/** A part that an operator beside it could tear apart is put in brackets. */
function inBrackets(text: string, { kind }: Expression): string {
  const isWhole =
    kind === 'number' || kind === 'name' || kind === 'call' || kind === 'group' || kind === 'list';
  return isWhole ? text : `(${text})`;
}
