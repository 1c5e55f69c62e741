/**
 * What names are, in words; what a called name means; and which names need no use. Functions and arrays live
 * side by side: a name before `(` is a function of the file or of the language, whatever else is called so.
 */
import { functionNamed } from '../../atoms/index.ts';
import type { Expression } from '../../syntax/tree.ts';
import { sourceFormats } from '../blocks/source-formats.ts';
import type { NameKind } from '../facts.ts';
import type { DeclaredName } from './resolve.ts';

const kindWords: Readonly<Record<NameKind, string>> = {
  data: 'a data array',
  upper: 'an upper unknown',
  lower: 'a lower unknown',
  let: 'a `let`',
  parameter: 'a parameter',
  dimension: 'a dimension',
  index: 'an index',
  report: 'a reported value',
};

export function inWords(kind: NameKind): string {
  return kindWords[kind];
}

/** Functions and data sources of the language. A function of the file stands in the place of one called the same. */
export function isCallable(name: string): boolean {
  return functionNamed(name) !== undefined || sourceFormats.has(name);
}

/** A `let` with parameters. */
export function isFunction(declared: DeclaredName | undefined): declared is DeclaredName {
  return declared?.definition?.parameters !== undefined;
}

/** What of the file a name or the callee of a call means. */
export function declaredIn(
  expression: Expression,
  names: Pick<ReadonlyMap<string, DeclaredName>, 'get'>,
): DeclaredName | undefined {
  if (expression.kind === 'name') return names.get(expression.text);
  if (expression.kind !== 'call') return undefined;
  const declared = names.get(expression.callee.text);
  return isFunction(declared) ? declared : undefined;
}

/** Sizes, unknowns (looked at with the objectives) and reported values need no further use. */
export function isUsedBySelf(kind: NameKind): boolean {
  return kind === 'dimension' || kind === 'lower' || kind === 'upper' || kind === 'report';
}
