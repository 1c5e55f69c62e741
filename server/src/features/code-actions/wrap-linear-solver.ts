/**
 * A linear solver alone where the method of the hypergradient belongs, as in `hypergradient = cg(…)`, is put into the
 * method that uses one.
 */
import { CodeActionKind } from 'vscode-languageserver';
import { methodCatalogue } from '../../base/method-catalogue.ts';
import { nodeAt } from '../../syntax/walk.ts';
import type { ActionPlace, ProposedAction } from './action.ts';

export function wrapLinearSolver({ snapshot, diagnostics }: ActionPlace): readonly ProposedAction[] {
  return diagnostics.flatMap((diagnostic): ProposedAction[] => {
    if (diagnostic.code !== 'unknown-method') return [];
    const path = nodeAt(snapshot.parsed.tree, diagnostic.span.start);
    const entry = path.find(({ role }) => role === 'solve-entry');
    if (entry?.role !== 'solve-entry' || entry.node.name.text !== 'hypergradient') return [];
    const { value } = entry.node;
    const isAtName = value.span.start === diagnostic.span.start;
    const written = snapshot.slice(diagnostic.span);
    const isLinear = methodCatalogue.some(({ axis, name }) => axis === 'linear' && name === written);
    if (!isAtName || !isLinear) return [];
    const takesLinear = methodCatalogue.filter(
      ({ axis, positional }) => axis === 'hypergradient' && positional === 'linear',
    );
    return takesLinear.map(({ name }) => ({
      title: `Write ${name}(${snapshot.slice(value.span)})`,
      kind: CodeActionKind.QuickFix,
      changes: [{ span: value.span, text: `${name}(${snapshot.slice(value.span)})` }],
      mends: diagnostic,
      isPreferred: true,
    }));
  });
}
