/**
 * Completion in `solve` and `expect`, from the catalogue of methods: entries, methods of the entry's
 * axis, options of the method, results.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import {
  expectableQuantities,
  methodCatalogue,
  methodsFor,
  solveSettings,
} from '../../base/method-catalogue.ts';
import type { MethodDescription } from '../../base/method-catalogue.ts';
import { formatShape } from '../../base/dimension.ts';
import { entryAxes } from '../../check/blocks/solve-block.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { Suggestion } from './suggestion.ts';
import type { CursorContext } from './cursor-context.ts';
import { axisOf, describeMethod, describeOption, settingText } from '../hover/words.ts';
import { keywordWords } from '../words.ts';

/** Entries of `report`: a name of the author's, then a result, then other data for it. */
export function reportSuggestions(
  snapshot: Snapshot,
  { statement, brackets }: CursorContext,
): readonly Suggestion[] {
  const { checked } = snapshot;
  if (brackets.length > 0 || !statement.includes('=')) return [];
  const at = statement.indexOf('with');
  if (at < 0) {
    if (statement.at(-1) === '=') return resultSuggestions();
    return [
      { label: 'with', kind: CompletionItemKind.Keyword, detail: 'other data', text: 'with ', opens: true },
    ];
  }
  const isNew = statement.at(-1) === '=';
  const replaced = checked.facts.names.find(({ name }) => name === statement.at(-2))?.symbol;
  return checked.facts.names
    .filter(({ kind, symbol }) => (kind === 'data' || (kind === 'upper' && !isNew)) && symbol !== undefined)
    .filter(({ symbol }) => !isNew || symbol?.shape.length === replaced?.shape.length)
    .map(({ name, symbol }) => ({
      label: name,
      kind: CompletionItemKind.Constant,
      detail: formatShape(symbol?.shape ?? []),
      ...(isNew ? {} : { text: `${name} = `, opens: true }),
    }));
}

/** Entries that the block does not have yet; several dimensions may be sampled. */
export function solveEntries({ parsed }: Snapshot): readonly Suggestion[] {
  const block = parsed.tree.items.find((item) => item.kind === 'solve');
  const present = new Set(block?.entries.map(({ name }) => name.text));
  const entries = [...entryAxes, ...solveSettings.map(({ name }) => name)]
    .filter((name) => !present.has(name))
    .map((name) => {
      const documentation = settingText(name);
      return {
        label: name,
        kind: CompletionItemKind.Property,
        text: `${name} = `,
        opens: true,
        ...(documentation === undefined ? {} : { documentation: () => documentation }),
      };
    });
  const sampleWords = keywordWords['sample'] ?? '';
  return [
    ...entries,
    {
      label: 'sample',
      kind: CompletionItemKind.Keyword,
      snippet: 'sample ${1:n} = ${2:128}',
      documentation: () => sampleWords,
    },
  ];
}

/** Methods where one may stand: as the entry's value, or as the positional argument of a method. */
export function methodSuggestions(
  { parsed }: Snapshot,
  { statement, brackets }: CursorContext,
): readonly Suggestion[] {
  const entry = statement[0];
  const innermost = brackets.at(-1);
  if (entry === undefined || innermost?.argumentName !== undefined) return [];
  if (innermost !== undefined && !takesMethod(innermost.callee, innermost.argument)) return [];
  if (innermost === undefined && statement.at(-1) !== '=') return [];
  const axis = axisOf(entry, brackets.length + 1);
  if (axis === undefined) return [];
  // Only what suits the lower level that is written.
  const isFixedPoint = parsed.tree.items.some(
    (item) => item.kind === 'lower' && item.objectives.some(({ kind }) => kind === 'fixed_point'),
  );
  return methodsFor(axis, isFixedPoint ? 'fixed_point' : 'minimum').map(methodSuggestion);
}

function takesMethod(callee: string | undefined, argument: number): boolean {
  return (
    argument === 0 &&
    methodCatalogue.some(({ name, positional }) => name === callee && positional !== undefined)
  );
}

function methodSuggestion(method: MethodDescription): Suggestion {
  const { name, summary, positional, options } = method;
  const inner = positional === undefined ? '' : '${1:cg}';
  return {
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: summary,
    documentation: () => describeMethod(method),
    ...(options.length === 0 && positional === undefined
      ? {}
      : { snippet: `${name}(${inner === '' ? '$1' : inner})` }),
    text: name,
  };
}

/** Options of the method that is open, those already given left out. */
export function optionSuggestions({ statement, brackets }: CursorContext): readonly Suggestion[] {
  const innermost = brackets.at(-1);
  const entry = statement[0];
  if (innermost === undefined || entry === undefined || innermost.argumentName !== undefined) return [];
  const axis = axisOf(entry, brackets.length);
  const method = methodCatalogue.find((each) => each.name === innermost.callee && each.axis === axis);
  return (method?.options ?? [])
    .filter(({ name }) => !innermost.namedBefore.includes(name))
    .map((option) => ({
      label: option.name,
      kind: CompletionItemKind.Field,
      detail: option.summary,
      documentation: () => describeOption(option),
      text: `${option.name} = `,
    }));
}

/** `true` and `false` for a setting that is a switch. */
export function switchSuggestions({ statement }: CursorContext): readonly Suggestion[] {
  const setting = solveSettings.find(({ name }) => name === statement[0]);
  if (setting?.type !== 'boolean' || statement.at(-1) !== '=') return [];
  return ['true', 'false'].map((label) => ({ label, kind: CompletionItemKind.Value }));
}

function resultSuggestions(): readonly Suggestion[] {
  return expectableQuantities.map(({ name, summary }) => ({
    label: name,
    kind: CompletionItemKind.Property,
    detail: summary,
  }));
}

/** Results and reported values, and `estimated(…)` around one unless it is open already. */
export function quantitySuggestions(snapshot: Snapshot, callee: string | undefined): readonly Suggestion[] {
  const { names } = snapshot.checked.facts;
  const reported = names
    .filter(({ kind }) => kind === 'report')
    .map(({ name }) => ({ label: name, kind: CompletionItemKind.Property, detail: 'a reported value' }));
  const quantities = [...reported, ...resultSuggestions()];
  if (callee === 'estimated') return quantities;
  return [
    ...quantities,
    {
      label: 'estimated',
      kind: CompletionItemKind.Function,
      detail: 'accept a number that is not certified',
      snippet: 'estimated($1)',
      opens: true,
    },
  ];
}
