/**
 * The outline: blocks, and in them declarations with their types, objectives, entries and relations. A
 * half-typed file keeps the outline of what could be read.
 */
import type { DocumentSymbol } from 'vscode-languageserver';
import { SymbolKind } from 'vscode-languageserver';
import { cover } from '../base/span.ts';
import type { Span } from '../base/span.ts';
import { printExpression } from '../syntax/print.ts';
import type { Declaration, Item, LetDefinition, TypeExpression } from '../syntax/tree.ts';
import type { Snapshot } from '../workspace/document.ts';

/** What fits a line of the outline; longer details are cut. */
const longestDetail = 60;

export function outlineOf(snapshot: Snapshot): DocumentSymbol[] {
  const symbol = (
    name: string,
    kind: SymbolKind,
    span: Span,
    selection: Span,
    detail = '',
    children: DocumentSymbol[] = [],
  ): DocumentSymbol => ({
    // An empty name is an error of the protocol.
    name: name === '' ? '…' : name,
    kind,
    range: snapshot.range(cover(span, selection)),
    selectionRange: snapshot.range(selection),
    ...(detail === '' ? {} : { detail: cut(detail) }),
    ...(children.length === 0 ? {} : { children }),
  });
  const declaration = (kind: SymbolKind) => (each: Declaration) =>
    symbol(
      each.name.text,
      kind,
      each.span,
      each.name.span,
      each.type === undefined ? '' : typeText(each.type),
    );
  const letDefinition = (each: LetDefinition): DocumentSymbol => {
    const { parameters } = each;
    const kind = parameters === undefined ? SymbolKind.Constant : SymbolKind.Function;
    const detail =
      parameters === undefined
        ? printExpression(each.value)
        : `(${parameters.map(({ text }) => text).join(', ')})`;
    return symbol(each.name.text, kind, each.span, each.name.span, detail);
  };
  const ordered = (children: DocumentSymbol[]): DocumentSymbol[] =>
    children.sort(
      (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
    );

  const item = (each: Item): DocumentSymbol => {
    switch (each.kind) {
      case 'problem':
        return symbol(each.title, SymbolKind.Module, each.span, each.titleSpan, 'problem');
      case 'let':
        return letDefinition(each);
      case 'data':
        return symbol(
          'data',
          SymbolKind.Namespace,
          each.span,
          each.keyword,
          '',
          ordered([
            ...each.declarations.map(declaration(SymbolKind.Constant)),
            ...each.lets.map(letDefinition),
          ]),
        );
      case 'upper':
      case 'lower': {
        const detail =
          each.each === undefined ? '' : `each ${each.each.index.text} in ${each.each.dimension.text}`;
        return symbol(
          each.kind,
          SymbolKind.Namespace,
          each.span,
          each.keyword,
          detail,
          ordered([
            ...each.unknowns.map(declaration(SymbolKind.Variable)),
            ...each.lets.map(letDefinition),
            ...each.objectives.map((objective) =>
              symbol(
                objective.kind,
                SymbolKind.Operator,
                objective.span,
                objective.keyword,
                printExpression(objective.expression),
              ),
            ),
          ]),
        );
      }
      case 'solve':
        return symbol(
          'solve',
          SymbolKind.Namespace,
          each.span,
          each.keyword,
          '',
          each.entries.map((entry) =>
            symbol(
              entry.name.text,
              SymbolKind.Property,
              entry.span,
              entry.name.span,
              printExpression(entry.value),
            ),
          ),
        );
      case 'expect':
        return symbol(
          'expect',
          SymbolKind.Namespace,
          each.span,
          each.keyword,
          '',
          each.relations.map((relation) =>
            symbol(
              printExpression(relation.left),
              SymbolKind.Boolean,
              relation.span,
              relation.span,
              `${relation.operator} ${printExpression(relation.right)}`,
            ),
          ),
        );
      case 'report':
        return symbol(
          'report',
          SymbolKind.Namespace,
          each.span,
          each.keyword,
          '',
          each.entries.map((entry) =>
            symbol(
              entry.name.text,
              SymbolKind.Property,
              entry.span,
              entry.name.span,
              printExpression(entry.value),
            ),
          ),
        );
    }
  };
  return snapshot.parsed.tree.items.map(item);
}

export function typeText({ name, dimensions }: TypeExpression): string {
  return dimensions.length === 0 ? name.text : `${name.text}[${dimensions.map(printExpression).join(', ')}]`;
}

function cut(text: string): string {
  return text.length > longestDetail ? `${text.slice(0, longestDetail - 1)}…` : text;
}
