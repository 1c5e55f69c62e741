/**
 * Completion at the beginning of a statement, of types, and of sets.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type { Item } from '../../syntax/tree.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { Suggestion } from './suggestion.ts';
import { keywordWords, setWords, typeWords } from '../words.ts';

const blockSnippets: readonly (readonly [Item['kind'], string])[] = [
  ['problem', 'problem "${1:title}"'],
  ['data', 'data {\n\t${1:X} : ${2:matrix[n, d]} = ${3:csv("$4")}\n}'],
  ['upper', 'upper {\n\t${1:theta} : ${2:vector[d]} = ${3:0}\n\tminimize $4\n}'],
  ['lower', 'lower {\n\t${1:x} : ${2:vector[d]} = ${3:0}\n\tminimize $4\n}'],
  ['solve', 'solve {\n\t$1\n}'],
  ['expect', 'expect {\n\t${1:upper_objective <= $2}\n}'],
  ['report', 'report {\n\t${1:test} = ${2:upper_objective} with $3\n}'],
];

/** The kinds of blocks that are there, without the one that is being typed: `low` is read as `lower`. */
export function presentBlocks({ parsed }: Snapshot, word: Span): ReadonlySet<Item['kind']> {
  const others = parsed.tree.items.filter(({ span }) => span.start < word.start || span.start > word.end);
  return new Set(others.map(({ kind }) => kind));
}

/** Blocks that are not there yet; a file may have several `data` and `expect` blocks. */
export function topLevelSuggestions(snapshot: Snapshot, word: Span): readonly Suggestion[] {
  const present = presentBlocks(snapshot, word);
  const missing = blockSnippets.filter(
    ([kind]) => kind === 'data' || kind === 'expect' || !present.has(kind),
  );
  return [...missing.map(([kind, snippet]) => keyword(kind, snippet)), keyword('let', 'let ${1:name} = $2')];
}

export function statementSuggestions(snapshot: Snapshot, block: string): readonly Suggestion[] {
  const letStatement = keyword('let', 'let ${1:name} = $2');
  if (block === 'data') return [letStatement];
  if (block !== 'upper' && block !== 'lower') return [];
  const level = snapshot.parsed.tree.items.find((item) => item.kind === block);
  const hasObjective = level?.kind === block && level.objectives.length > 0;
  const objectives = ['minimize', 'maximize'];
  const fixedPoint = block === 'lower' ? [keyword('fixed_point', 'fixed_point ${1:z} = $2')] : [];
  const written = objectives.map((name) => keyword(name, `${name} $1`));
  return [...(hasObjective ? [] : [...written, ...fixedPoint]), letStatement];
}

export function typeSuggestions(block: string): readonly Suggestion[] {
  return Object.entries(typeWords)
    .filter(([name]) => name !== 'labels' || block === 'data')
    .map(([label, { snippet, summary }]) => ({
      label,
      kind: CompletionItemKind.Class,
      detail: summary,
      snippet,
    }));
}

export const setSuggestions: readonly Suggestion[] = Object.entries(setWords).map(
  ([label, { snippet, summary }]) => ({
    label,
    kind: CompletionItemKind.Keyword,
    detail: summary,
    snippet,
  }),
);

/** After `lower`. */
export const eachSuggestions: readonly Suggestion[] = [keyword('each', 'each ${1:i} in ${2:s} {\n\t$3\n}')];

function keyword(label: string, snippet: string): Suggestion {
  const documentation = keywordWords[label];
  return {
    label,
    kind: CompletionItemKind.Keyword,
    snippet,
    ...(documentation === undefined ? {} : { documentation: () => documentation }),
  };
}
