/**
 * Completion inside expressions: the file's own names with their shapes, functions with signature and
 * documentation, and in `data` the sources with their options.
 */
import { CompletionItemKind } from 'vscode-languageserver';
import { formatShape } from '../../base/dimension.ts';
import type { Atom } from '../../atoms/atom.ts';
import { atoms } from '../../atoms/index.ts';
import { isNeeded } from '../../check/typing/arguments.ts';
import { functionOf } from '../../check/facts.ts';
import type { NameFact, NameKind } from '../../check/facts.ts';
import { sourceFormats } from '../../check/blocks/source-formats.ts';
import type { Snapshot } from '../../workspace/document.ts';
import type { ShapeFits } from './shapes.ts';
import type { Suggestion } from './suggestion.ts';
import { snippetText } from './suggestion.ts';
import type { OpenBracket } from './cursor-context.ts';
import { factText } from '../hover/name.ts';
import { atomDescription, sourceText } from '../hover/words.ts';
import { sourceOptionWords } from '../words.ts';

const kinds: Readonly<Record<NameKind, CompletionItemKind>> = {
  data: CompletionItemKind.Constant,
  upper: CompletionItemKind.Variable,
  lower: CompletionItemKind.Variable,
  let: CompletionItemKind.Property,
  parameter: CompletionItemKind.Variable,
  dimension: CompletionItemKind.TypeParameter,
  index: CompletionItemKind.Variable,
  report: CompletionItemKind.Property,
};

/** A source takes the shape that is declared; names that have it already come before. */
const fitOfSources = 2.95;

/** Sizes fit wherever numbers do, and are rarely meant: they stand after the functions. */
function fitOfName(name: NameFact, fits: ShapeFits | undefined): number {
  const fit = fits?.ofName(name) ?? 2;
  return fits !== undefined && name.kind === 'dimension' ? fit - 0.2 : fit;
}

/** `data`: the value belongs to data or to a start, where sources may stand and only data may be named. */
export function valueSuggestions(
  snapshot: Snapshot,
  { data, fits }: { readonly data: boolean; readonly fits: ShapeFits | undefined },
): readonly Suggestion[] {
  const names = snapshot.checked.facts.names.filter(
    ({ kind }) => !data || (kind !== 'upper' && kind !== 'lower'),
  );
  const isLanguages = ({ label }: Suggestion): boolean =>
    functionOf(snapshot.checked.facts, label) === undefined;
  return [
    ...names.map((name) => ({ ...nameSuggestion(snapshot, name), fit: fitOfName(name, fits) })),
    ...(data
      ? sources()
          .filter(isLanguages)
          .map((source) => ({ ...source, fit: fitOfSources }))
      : []),
    ...functions
      .filter((atom) => data || atom.dataOnly !== true)
      .map((atom) => ({ ...functionSuggestion(atom), fit: Math.min(fits?.ofFunction(atom) ?? 2, 2.9) }))
      .filter(isLanguages),
  ];
}

export function dimensionSuggestions(snapshot: Snapshot): readonly Suggestion[] {
  return snapshot.checked.facts.names
    .filter(({ kind, value }) => kind === 'dimension' || (kind === 'let' && value !== undefined))
    .map((name) => nameSuggestion(snapshot, name));
}

function nameSuggestion(snapshot: Snapshot, name: NameFact): Suggestion {
  const { symbol, kind, value, definition } = name;
  const parameters = definition?.parameters;
  const detail =
    symbol !== undefined
      ? `${formatShape(symbol.shape)}, ${kind === 'data' ? 'data' : `${kind} unknown`}`
      : value !== undefined
        ? `${kind} = ${value}`
        : kind;
  return {
    label: name.name,
    kind: parameters === undefined ? kinds[kind] : CompletionItemKind.Function,
    detail,
    documentation: () => factText(snapshot, name, undefined),
    ...(parameters === undefined
      ? {}
      : {
          snippet: `${name.name}(${parameters.map(({ text }, index) => `\${${index + 1}:${snippetText(text)}}`).join(', ')})`,
        }),
  };
}

const functions: readonly Atom[] = atoms.filter(({ notation }) => notation === undefined);

function functionSuggestion(atom: Atom): Suggestion {
  const required = atom.arity[0] + (atom.constants ?? []).filter(isNeeded).length;
  const holes = Array.from({ length: Math.max(1, required) }, (_, index) => `$${index + 1}`);
  return {
    label: atom.name,
    kind: CompletionItemKind.Function,
    detail: atom.documentation.signature,
    documentation: () => atomDescription(atom),
    snippet: `${atom.name}(${holes.join(', ')})`,
  };
}

function sources(): readonly Suggestion[] {
  return [...sourceFormats.values()].map(({ name, summary, positional }) => ({
    label: name,
    kind: CompletionItemKind.Function,
    detail: summary,
    snippet: positional === 'path' ? `${name}("$1")` : `${name}($1)`,
    opens: positional === 'path',
    documentation: () => sourceText(name) ?? '',
  }));
}

/** Options of the source that is open, those already given left out; none before the path. */
export function sourceOptions(bracket: OpenBracket, inData: boolean): readonly Suggestion[] {
  const { callee, argument, argumentName, namedBefore } = bracket;
  if (callee === undefined || !inData || argumentName !== undefined) return [];
  if (callee === 'standardize')
    return argument === 1
      ? [
          {
            label: 'like',
            kind: CompletionItemKind.Field,
            detail: 'mean and deviation of this array',
            text: 'like = ',
          },
        ]
      : [];
  const source = sourceFormats.get(callee);
  if (source === undefined || (argument === 0 && source.positional === 'path')) return [];
  return source.options
    .filter((option) => !namedBefore.includes(option))
    .map((option) => {
      const documentation = sourceOptionWords[option];
      return {
        label: option,
        kind: CompletionItemKind.Field,
        text: `${option} = `,
        ...(documentation === undefined ? {} : { documentation: () => documentation }),
      };
    });
}
