/**
 * The TextMate grammar, made of the token table: what an editor colours before (or without) the
 * language server. Keywords are contextual, so each is matched only where it can be one.
 */
import { commentSource, identifierSource, keywords, numberSource, stringSource } from './tokens.ts';

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
}

const notInName = '(?![\\p{L}\\p{Nl}\\p{M}\\p{Nd}_₀-₉])';
const notAfterName = '(?<![\\p{L}\\p{Nl}\\p{M}\\p{Nd}_₀-₉])';

function words(position: 'block' | 'line', scope: string): string {
  return keywords
    .filter((row) => row.position === position && row.scope === scope)
    .map((row) => row.word)
    .join('|');
}

function rules(): Rule[] {
  const type = words('block', 'storage.type');
  return [
    { name: 'comment.line.number-sign.bilevel', match: commentSource },
    { name: 'string.quoted.double.bilevel', match: stringSource },
    { name: 'invalid.illegal.unterminated-text.bilevel', match: '"[^"]*$' },
    {
      // `lower each i in s {`
      match: `${notAfterName}(lower)\\s+(each)\\s+(${identifierSource})\\s+(in)\\s+(${identifierSource})`,
      captures: {
        1: { name: 'storage.type.bilevel' },
        2: { name: 'keyword.control.bilevel' },
        3: { name: 'variable.parameter.bilevel' },
        4: { name: 'keyword.control.bilevel' },
        5: { name: 'entity.name.type.bilevel' },
      },
    },
    { name: 'storage.type.bilevel', match: `${notAfterName}(?:${type})(?=\\s*\\{)` },
    {
      match: `${notAfterName}(let)\\s+(${identifierSource})(?=\\s*\\()`,
      captures: { 1: { name: 'storage.type.bilevel' }, 2: { name: 'entity.name.function.bilevel' } },
    },
    {
      match: `${notAfterName}(let)\\s+(${identifierSource})`,
      captures: { 1: { name: 'storage.type.bilevel' }, 2: { name: 'entity.name.variable.bilevel' } },
    },
    {
      // The name and the type of a declaration.
      match: `(?:^|(?<=[\\s{]))(${identifierSource})\\s*(:)(?:\\s*(${identifierSource}))?`,
      captures: {
        1: { name: 'entity.name.variable.bilevel' },
        2: { name: 'punctuation.separator.bilevel' },
        3: { name: 'support.type.bilevel' },
      },
    },
    {
      match: `^\\s*(sample)\\s+(${identifierSource})(?=\\s*=)`,
      captures: { 1: { name: 'keyword.control.bilevel' }, 2: { name: 'entity.name.type.bilevel' } },
    },
    {
      // The name of an entry: `lower = …` in `solve`.
      match: `^\\s*(${identifierSource})(?=\\s*=(?!=))`,
      captures: { 1: { name: 'entity.name.tag.bilevel' } },
    },
    {
      name: 'keyword.control.bilevel',
      match: `(?:^|(?<=[\\s{}]))(?:${words('line', 'keyword.control')})${notInName}(?!\\s*[:=*/^+,)\\]}])`,
    },
    { name: 'keyword.control.bilevel', match: `(?<=[^\\s=+*/^(,\\[{-])\\s+(?:in|with)${notInName}(?=\\s)` },
    { name: 'support.function.bilevel', match: `${identifierSource}(?=\\s*\\()` },
    { name: 'variable.parameter.bilevel', match: `${identifierSource}(?=\\s*=(?!=))` },
    { name: 'variable.other.bilevel', match: identifierSource },
    { name: 'constant.numeric.bilevel', match: numberSource },
    { name: 'keyword.operator.bilevel', match: "\\.\\.|\\.[*/^]|<=|>=|==|[<>=+\\-*/^&]|(?<=\\S)'" },
    { name: 'punctuation.separator.bilevel', match: '[,:]' },
    { name: 'punctuation.section.bilevel', match: '[(){}\\[\\]]' },
  ];
}

/** The text of `bilevel.tmLanguage.json`. */
export function textMateGrammar(): string {
  const grammar = {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'Bilevel',
    scopeName: 'source.bilevel',
    fileTypes: ['bilevel'],
    patterns: rules(),
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
