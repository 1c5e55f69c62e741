/**
 * Completion: what may stand where the cursor is. The place decides what kind of thing that is (a
 * statement, a type, a dimension, a value, a method, a result, a file, a column), the checker which there
 * are. Suggestions of the file's own come first.
 */
import type { CompletionItem, CompletionList, Position } from 'vscode-languageserver';
import { InsertTextFormat, MarkupKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type { Snapshot } from '../../workspace/document.ts';
import { contextAt } from './cursor-context.ts';
import type { CursorContext } from './cursor-context.ts';
import { fileSuggestions, optionTextSuggestions } from './files.ts';
import {
  optionSuggestions,
  quantitySuggestions,
  reportSuggestions,
  solveEntries,
  methodSuggestions,
  switchSuggestions,
} from './solve.ts';
import {
  eachSuggestions,
  statementSuggestions,
  topLevelSuggestions,
  typeSuggestions,
  setSuggestions,
} from './statements.ts';
import { shapeFitsAt } from './shapes.ts';
import type { ShapeFits } from './shapes.ts';
import type { Suggestion } from './suggestion.ts';
import { templateSuggestions } from './templates.ts';
import { plainText } from './suggestion.ts';
import { presented } from '../markdown.ts';
import type { MarkdownAbilities } from '../markdown.ts';
import { dimensionSuggestions, sourceOptions, valueSuggestions } from './values.ts';

export interface CompletionSettings {
  /** The client understands snippets. */
  readonly snippets: boolean;
  /** Where data paths begin; undefined: files may not be looked at. */
  readonly folder: string | undefined;
}

export function completionsOf(
  snapshot: Snapshot,
  position: Position,
  settings: CompletionSettings,
): CompletionList | null {
  const context = contextAt(snapshot.text, snapshot.offset(position));
  if (context.inside === 'comment') return null;
  const fits = context.inside === 'code' ? shapeFitsAt(snapshot, context.word) : undefined;
  const suggestions = suggestionsFor(snapshot, context, settings, fits);
  const ordered = suggestions.toSorted((a, b) => (b.fit ?? always) - (a.fit ?? always));
  const span = replacedSpan(context);
  const place: CompletionPlace = { uri: snapshot.uri, offset: span.start };
  return {
    isIncomplete: false,
    items: ordered.map((suggestion, index) => ({
      ...item(suggestion, index, snapshot, span, settings),
      ...(suggestion.documentation === undefined ? {} : { data: place }),
    })),
  };
}

/** What an item brings back when the editor asks for its documentation. */
export interface CompletionPlace {
  readonly uri: string;
  readonly offset: number;
}

/** Suggestions without a shape, such as options, stand before all that have one. */
const always = 4;

/** The item with its documentation: the suggestions of its place are made again, for this one only. */
export function resolvedCompletion(
  snapshot: Snapshot,
  item: CompletionItem,
  settings: CompletionSettings & { readonly markdown: MarkdownAbilities },
): CompletionItem {
  const { offset } = item.data as CompletionPlace;
  const context = contextAt(snapshot.text, offset);
  const documentation = suggestionsFor(snapshot, context, settings, undefined)
    .find(({ label, kind }) => label === item.label && kind === item.kind)
    ?.documentation?.();
  if (documentation === undefined || documentation === '') return item;
  const value = presented(documentation, settings.markdown);
  return { ...item, documentation: { kind: MarkupKind.Markdown, value } };
}

function suggestionsFor(
  snapshot: Snapshot,
  context: CursorContext,
  { folder }: CompletionSettings,
  fits: ShapeFits | undefined,
): readonly Suggestion[] {
  const { inside, block, brackets, statement, startsStatement } = context;
  const innermost = brackets.at(-1);
  if (inside === 'string') {
    if (folder === undefined || block !== 'data') return [];
    return innermost?.argumentName === undefined && innermost?.bracket === '('
      ? fileSuggestions(context, folder)
      : optionTextSuggestions(snapshot, context, folder);
  }
  // Sizes after `lower each i in` and `sum(i in`.
  const isHead = block === undefined && statement[0] === 'lower' && statement[1] === 'each';
  const isOver =
    innermost?.bracket === '(' && innermost.argument === 0 && innermost.argumentName === undefined;
  if (statement.at(-1) === 'in' && (isHead || (isOver && !inSet(context))))
    return dimensionSuggestions(snapshot);
  if (block === undefined && statement.length === 1 && statement[0] === 'lower') return eachSuggestions;
  if (block === undefined) {
    return startsStatement || statement.length === 0
      ? [...topLevelSuggestions(snapshot, context.word), ...templateSuggestions(snapshot, context.word)]
      : inLet(snapshot, context, fits);
  }
  if (block === 'solve') {
    if (statement.length === 1 && statement[0] === 'sample') return dimensionSuggestions(snapshot);
    if (startsStatement || !statement.includes('=')) return solveEntries(snapshot);
    return [
      ...methodSuggestions(snapshot, context),
      ...optionSuggestions(context),
      ...switchSuggestions(context),
    ];
  }
  if (block === 'expect') {
    const results = quantitySuggestions(snapshot, innermost?.callee);
    if (brackets.length > 0 || startsStatement || statement.length === 0) return results;
    // After a comparison or an operator, where numbers of the file may stand too.
    return isAfterOperator(statement) ? [...results, ...dimensionSuggestions(snapshot)] : [];
  }
  if (block === 'report') {
    if (startsStatement) return [];
    const isValue = statement.includes('=') && !statement.includes('with');
    const values = isValue ? valueSuggestions(snapshot, { data: false, fits }) : [];
    return [...reportSuggestions(snapshot, context), ...values];
  }
  if (startsStatement) return statementSuggestions(snapshot, block);
  if (inType(context)) return brackets.length > 0 ? dimensionSuggestions(snapshot) : typeSuggestions(block);
  if (isSetPlace(context)) return setSuggestions;
  if (statement.length === 0) return statementSuggestions(snapshot, block);
  // After a complete type only the set or the start can follow.
  if (statement[1] === ':' && !statement.includes('=') && !statement.includes('in')) return typeEnd(block);
  if (isNameBeingDeclared(context)) return [];
  const isSource = block === 'data' && statement[0] !== 'let';
  const options = innermost === undefined ? [] : sourceOptions(innermost, block === 'data');
  return [...options, ...valueSuggestions(snapshot, { data: isSource || isStart(context), fits })];
}

function isAfterOperator(statement: readonly string[]): boolean {
  return /^(?:[<>]=?|==|[+*/^-])$/u.test(statement.at(-1) ?? '');
}

/** Where a set begins: after `in`, after `&`, and inside `rows(…)`. */
function isSetPlace({ statement, brackets }: CursorContext): boolean {
  if (!statement.includes(':') || statement.includes('=')) return false;
  const last = statement.at(-1);
  if (brackets.length === 0) return last === 'in' || (last === '&' && statement.includes('in'));
  return brackets.at(-1)?.callee === 'rows' && statement.includes('in');
}

/** In the set of a declaration, whose `in` is another one. */
function inSet({ statement, brackets }: CursorContext): boolean {
  return brackets.length === 0 && statement[1] === ':';
}

function inLet(
  snapshot: Snapshot,
  context: CursorContext,
  fits: ShapeFits | undefined,
): readonly Suggestion[] {
  return context.statement.includes('=') ? valueSuggestions(snapshot, { data: false, fits }) : [];
}

/** `let na` declares a name of the author's own. */
function isNameBeingDeclared({ statement }: CursorContext): boolean {
  return statement[0] === 'let' && !statement.includes('=');
}

/** In the start of an unknown, where sources may stand. */
function isStart({ statement, block }: CursorContext): boolean {
  return (block === 'upper' || block === 'lower') && statement[1] === ':';
}

/** Directly after `name :`, or in the brackets of the type. */
function inType({ statement, brackets }: CursorContext): boolean {
  if (statement[1] !== ':') return false;
  if (statement.length === 2) return true;
  return brackets.length > 0 && !statement.includes('=') && !statement.includes('in');
}

function typeEnd(block: string): readonly Suggestion[] {
  const words =
    block === 'upper'
      ? 'the set of the unknown'
      : block === 'data'
        ? 'what is promised of the data'
        : undefined;
  return words === undefined ? [] : [plainText('in', words)];
}

/** A word is replaced whole, a path or column up to the closing quote. */
function replacedSpan({ word, string }: CursorContext): Span {
  return string?.span ?? word;
}

function item(
  { label, kind, detail, filter, snippet, text, opens }: Suggestion,
  index: number,
  snapshot: Snapshot,
  span: Span,
  settings: CompletionSettings,
): CompletionItem {
  const asSnippet = settings.snippets && snippet !== undefined;
  return {
    label,
    kind,
    ...(detail === undefined ? {} : { detail }),
    // Editors sort by this text: the order here is the order meant.
    sortText: String(index).padStart(4, '0'),
    filterText: filter ?? label,
    insertTextFormat: asSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range: snapshot.range(span), newText: asSnippet ? snippet : (text ?? label) },
    // After a folder or an opening bracket, what may come next is offered at once.
    ...(opens === true ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } } : {}),
  };
}
