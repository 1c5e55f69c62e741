/** What names are, in words; which cannot be declared, and which need no use. */
import { functionNamed } from '../atoms/index.ts';
import { sourceFormats } from './source-formats.ts';
import type { NameKind } from './facts.ts';

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

const typeNames = ['scalar', 'vector', 'matrix', 'tensor', 'labels'];

/** What the language itself means by the name, if anything. */
export function reservedWords(name: string): string | undefined {
  if (functionNamed(name) !== undefined) return 'a function';
  if (sourceFormats.has(name)) return 'a data source';
  if (typeNames.includes(name)) return 'a type';
  return undefined;
}

/** Sizes, unknowns (looked at with the objectives) and reported values need no further use. */
export function isUsedBySelf(kind: NameKind): boolean {
  return kind === 'dimension' || kind === 'lower' || kind === 'upper' || kind === 'report';
}
