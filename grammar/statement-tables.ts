/**
 * What the statement reader knows as data: which words begin what in which block, how each block's
 * statements read, and which tokens end, begin or ask for an expression.
 */
import type { TokenType } from 'chevrotain';
import { either } from './problems.ts';
import * as t from './tokens.ts';

/** Upper and lower level take the same statements. */
export type BlockKind = 'top' | 'data' | 'level' | 'solve' | 'expect' | 'report';

export const blockKinds: ReadonlyMap<TokenType, BlockKind> = new Map<TokenType, BlockKind>([
  [t.Data, 'data'],
  [t.Upper, 'level'],
  [t.Lower, 'level'],
  [t.Solve, 'solve'],
  [t.Expect, 'expect'],
  [t.Report, 'report'],
]);
export const blockWords: readonly string[] = t.keywords
  .filter((row) => row.position === 'block')
  .map((row) => row.word);
export const objectiveTypes: ReadonlySet<TokenType> = new Set([t.Minimize, t.Maximize, t.FixedPoint]);

/** The keywords that a statement of each block may begin with: candidates for a misspelt word. */
export const statementWords: Readonly<Record<BlockKind, readonly string[]>> = {
  top: ['problem', ...blockWords, 'let'],
  data: ['let'],
  level: ['minimize', 'maximize', 'fixed_point', 'let'],
  solve: ['sample'],
  expect: [],
  report: [],
};

/** How the statements of each block read, as the reason of an error. */
export const statementForms: Readonly<Record<BlockKind, string>> = {
  top: `a file consists of ${either(['problem', ...blockWords, 'let'])}`,
  data: 'a statement of `data` reads `name : type = source` or `let name = …`',
  level:
    'a statement of a level reads `name : type = start`, `minimize …`, `maximize …`, `fixed_point name = …` or `let name = …`',
  solve: 'an entry of `solve` reads `name = value` or `sample n = value`',
  expect: 'an entry of `expect` compares two values, for example `upper_objective <= 0.4`',
  report: 'an entry of `report` reads `name = value` or `name = value with X = Y`',
};

/** Words that begin statements elsewhere, and what to write for them here. */
export const foreignWords: ReadonlyMap<string, string> = new Map([
  ['subject', 'bounds on an upper unknown stand after its type: `t : vector[d] in [0, 1]`'],
  ['var', 'a declaration is `name : type`, without a word before it'],
  ['param', 'a declaration is `name : type`, without a word before it'],
  ['def', 'a function is `let f(a) = …`'],
  ['function', 'a function is `let f(a) = …`'],
  ['import', 'nothing is imported: all functions are there'],
  ['from', 'nothing is imported: all functions are there'],
  ['using', 'nothing is imported: all functions are there'],
  ['scalar', 'in a declaration the name comes first: `x : scalar`'],
  ['vector', 'in a declaration the name comes first: `x : vector[d]`'],
  ['matrix', 'in a declaration the name comes first: `X : matrix[n, d]`'],
  ['for', 'there are no loops: sums and products of whole arrays take their place'],
]);

/** The types of the language; the checker has the last word on them. */
export const typeWords: ReadonlySet<string> = new Set(['scalar', 'vector', 'matrix', 'tensor', 'labels']);

/** After these a value is complete, so a name that follows begins something new. */
export const operandEnds: ReadonlySet<TokenType> = new Set([
  t.Identifier,
  t.DeclarationName,
  t.EntryName,
  t.NumberLiteral,
  t.StringLiteral,
  t.UnterminatedString,
  t.RightParenthesis,
  t.RightBracket,
  t.Transpose,
  t.Missing,
]);

/** Of those, the ones between which and another value `*` is the likely omission. */
export const factorEnds: ReadonlySet<TokenType> = new Set([
  t.Identifier,
  t.NumberLiteral,
  t.RightParenthesis,
  t.RightBracket,
  t.Transpose,
]);

/** After these an expression is due. */
export const wantExpression: ReadonlySet<TokenType> = new Set([
  ...t.vocabulary.filter((type) =>
    type.CATEGORIES?.some((category) => category === t.BinaryOperator || category === t.Comparison),
  ),
  t.Equals,
  t.Comma,
  t.In,
  t.Minimize,
  t.Maximize,
  t.LeftParenthesis,
  t.LeftBracket,
]);

export const expressionStarts: ReadonlySet<TokenType> = new Set([
  t.Missing,
  t.Identifier,
  t.NumberLiteral,
  t.StringLiteral,
  t.UnterminatedString,
  t.LeftParenthesis,
  t.LeftBracket,
  t.Plus,
  t.Minus,
]);
