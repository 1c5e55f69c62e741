/** Exchanges the ends of a box, of a range of rows or of a uniform distribution, where the larger one stands first. */
import { CodeActionKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type { Expression } from '../../syntax/tree.ts';
import { rootOf, walk } from '../../syntax/walk.ts';
import type { ActionPlace, ProposedAction } from './action.ts';
import { touches } from './action.ts';

const complained: ReadonlySet<string> = new Set([
  'empty-set',
  'source-argument',
  'index-reversed',
  'shape-mismatch',
]);

export function exchangeEnds({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic) => {
    if (!complained.has(diagnostic.code)) return [];
    const pairs: (readonly [Span, Span])[] = [];
    walk(rootOf(snapshot.parsed.tree), (node) => {
      if (!touches(node.span, diagnostic.span)) return false;
      const isInside = diagnostic.span.start <= node.span.start && node.span.end <= diagnostic.span.end;
      const ends = isInside && node.role === 'expression' ? endsOf(node.node) : undefined;
      if (ends !== undefined) pairs.push([ends[0].span, ends[1].span]);
      return true;
    });
    return pairs.map(([first, second]): ProposedAction => ({
      title: `Exchange ${snapshot.slice(first)} and ${snapshot.slice(second)}`,
      kind: CodeActionKind.QuickFix,
      changes: [
        { span: first, text: snapshot.slice(second) },
        { span: second, text: snapshot.slice(first) },
      ],
      mends: diagnostic,
      isPreferred: true,
    }));
  });
}

function endsOf(expression: Expression): readonly [Expression, Expression] | undefined {
  if (expression.kind === 'range') return [expression.from, expression.to];
  const pair =
    expression.kind === 'list'
      ? expression.items
      : expression.kind === 'call' && expression.callee.text === 'uniform'
        ? expression.arguments.filter(({ name }) => name === undefined).map(({ value }) => value)
        : [];
  const [first, second] = pair;
  return first === undefined || second === undefined || pair.length !== 2 ? undefined : [first, second];
}
