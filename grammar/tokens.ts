/**
 * Every token of the language, in one table: the lexer, the parser, the messages and the
 * highlighting are made from it. Keywords are contextual: they are lexed as names, and the
 * statement reader (statements.ts) promotes those that stand where a keyword can stand.
 * Invariant: lexing never fails; a character that belongs to nothing is an `Unknown` token.
 */
import { createToken, Lexer } from 'chevrotain';
import type { CustomPatternMatcherFunc, IToken, TokenType } from 'chevrotain';

/** What a token is for a reader: drives semantic tokens and the TextMate grammar. */
export type TokenClass = 'keyword' | 'name' | 'number' | 'string' | 'operator' | 'punctuation' | 'comment';

/** How a token is spoken of in a message: `says.get(type)`. */
export const says = new Map<TokenType, string>();
export const classes = new Map<TokenType, TokenClass>();

/** A letter, mark or `_`; then also digits and subscripts. Superscripts are left out: `x²` is `x ^ 2`. */
export const identifierSource = '[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{M}\\p{Nd}_₀-₉]*';
/** A point that begins `..`, `.*`, `./` or `.^` is not a decimal point. */
export const numberSource =
  '(?:\\d+(?:\\.\\d+|\\.(?=[eE][+-]?\\d)|\\.(?![.*/^\\p{L}_]))?|\\.\\d+)(?:[eE][+-]?\\d+)?';
export const stringSource = '"[^"\\r\\n]*"';
export const commentSource = '#[^\\r\\n]*';

/**
 * First code units of names for the lexer's jump table: ASCII letters, and beyond ASCII one code
 * unit for each of the lexer's buckets (255 wide), since any of them may hold letters.
 */
const nameStarts: string[] = ['_'];
for (let code = 65; code <= 90; code++) nameStarts.push(String.fromCharCode(code, code + 32));
for (let code = 128; code < 256; code++) nameStarts.push(String.fromCharCode(code));
for (let code = 255; code <= 65_535; code += 255) nameStarts.push(String.fromCharCode(code));
nameStarts.push('\u0100');
const nameStartHints = nameStarts.flatMap((text) => text.split(''));

function define(
  name: string,
  tokenClass: TokenClass,
  label: string,
  pattern: RegExp | string | CustomPatternMatcherFunc,
  extra: { categories?: TokenType[]; start_chars_hint?: string[]; group?: string } = {},
): TokenType {
  const type = createToken({ name, pattern, line_breaks: false, ...extra });
  says.set(type, label);
  classes.set(type, tokenClass);
  return type;
}

/** chevrotain drops the `u` flag of a plain pattern, so Unicode ones are matched by a function. */
function unicode(source: string): CustomPatternMatcherFunc {
  const pattern = new RegExp(source, 'uy');
  return (text, offset) => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
}

// Categories: never lexed, only used by the grammar.
export const BinaryOperator = define('BinaryOperator', 'operator', 'an operator', Lexer.NA);
export const Sign = define('Sign', 'operator', '`-`', Lexer.NA);
export const Comparison = define('Comparison', 'operator', 'a comparison such as `<=`', Lexer.NA);
export const Text = define('Text', 'string', 'text in double quotes', Lexer.NA);

export const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[\s\uFEFF]+/,
  line_breaks: true,
  group: Lexer.SKIPPED,
});
export const Comment = define('Comment', 'comment', 'a comment', new RegExp(commentSource), {
  group: 'comments',
  start_chars_hint: ['#'],
});

export const Identifier = define('Identifier', 'name', 'a name', unicode(identifierSource), {
  start_chars_hint: nameStartHints,
});
export const NumberLiteral = define('NumberLiteral', 'number', 'a number', unicode(numberSource), {
  start_chars_hint: '.0123456789'.split(''),
});
export const StringLiteral = define('StringLiteral', 'string', 'text', new RegExp(stringSource), {
  categories: [Text],
});
/** Text without its closing quote; it recovers at the end of the line. */
export const UnterminatedString = define('UnterminatedString', 'string', 'text', /"[^"\r\n]*/, {
  categories: [Text],
});

/** `'` transposes only directly after what it transposes; anywhere else it is `Unknown`. */
const matchTranspose: CustomPatternMatcherFunc = (text, offset, matched) => {
  if (text.charCodeAt(offset) !== 39) return null;
  const before = matched[matched.length - 1];
  if (before === undefined || endOf(before) !== offset || !transposable.has(before.tokenType)) return null;
  return ["'"];
};
export const Transpose = createToken({
  name: 'Transpose',
  pattern: matchTranspose,
  line_breaks: false,
  start_chars_hint: ["'"],
});
says.set(Transpose, "`'`");
classes.set(Transpose, 'operator');

function symbol(name: string, text: string, tokenClass: TokenClass, categories: TokenType[] = []): TokenType {
  return define(name, tokenClass, `\`${text}\``, text, { categories });
}
export const DotDot = symbol('DotDot', '..', 'operator', [BinaryOperator]);
export const DotStar = symbol('DotStar', '.*', 'operator', [BinaryOperator]);
export const DotSlash = symbol('DotSlash', './', 'operator', [BinaryOperator]);
export const DotCaret = symbol('DotCaret', '.^', 'operator', [BinaryOperator]);
export const LessEqual = symbol('LessEqual', '<=', 'operator', [Comparison]);
export const GreaterEqual = symbol('GreaterEqual', '>=', 'operator', [Comparison]);
export const EqualEqual = symbol('EqualEqual', '==', 'operator', [Comparison]);
export const Less = symbol('Less', '<', 'operator', [Comparison]);
export const Greater = symbol('Greater', '>', 'operator', [Comparison]);
export const Equals = symbol('Equals', '=', 'operator');
export const Plus = symbol('Plus', '+', 'operator', [BinaryOperator, Sign]);
export const Minus = symbol('Minus', '-', 'operator', [BinaryOperator, Sign]);
export const Star = symbol('Star', '*', 'operator', [BinaryOperator]);
export const Slash = symbol('Slash', '/', 'operator', [BinaryOperator]);
export const Caret = symbol('Caret', '^', 'operator', [BinaryOperator]);
export const Ampersand = symbol('Ampersand', '&', 'operator', [BinaryOperator]);
export const LeftParenthesis = symbol('LeftParenthesis', '(', 'punctuation');
export const RightParenthesis = symbol('RightParenthesis', ')', 'punctuation');
export const LeftBracket = symbol('LeftBracket', '[', 'punctuation');
export const RightBracket = symbol('RightBracket', ']', 'punctuation');
export const LeftBrace = symbol('LeftBrace', '{', 'punctuation');
export const RightBrace = symbol('RightBrace', '}', 'punctuation');
export const Comma = symbol('Comma', ',', 'punctuation');
export const Colon = symbol('Colon', ':', 'punctuation');
/** One character (not half of a surrogate pair) that begins no token. */
export const Unknown = define('Unknown', 'punctuation', 'a character', unicode('[^\\s]'), {
  start_chars_hint: [
    ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
    ...nameStartHints.filter((c) => c.charCodeAt(0) > 127),
  ],
});

// Made by the statement reader, never lexed.
/** The name that begins a declaration `name : type`. */
export const DeclarationName = define('DeclarationName', 'name', 'a name', Lexer.NA);
/** The name that begins an entry `name = value` of `solve` or `report`. */
export const EntryName = define('EntryName', 'name', 'a name', Lexer.NA);
/** Stands where an expression was expected and none was written. */
export const Missing = define('Missing', 'punctuation', 'an expression', Lexer.NA);

export type KeywordScope = 'storage.type' | 'keyword.control';
export interface KeywordRow {
  readonly word: string;
  readonly type: TokenType;
  readonly scope: KeywordScope;
  /** `line`: begins a statement; `after`: follows something, so it is highlighted between names. */
  readonly position: 'block' | 'line' | 'after';
}

function keyword(word: string, scope: KeywordScope, position: KeywordRow['position']): KeywordRow {
  const name = word
    .split('_')
    .map((part) => part[0]?.toUpperCase() + part.slice(1))
    .join('');
  return { word, scope, position, type: define(name, 'keyword', `\`${word}\``, Lexer.NA) };
}

const problem = keyword('problem', 'keyword.control', 'line');
const data = keyword('data', 'storage.type', 'block');
const upper = keyword('upper', 'storage.type', 'block');
const lower = keyword('lower', 'storage.type', 'block');
const solve = keyword('solve', 'storage.type', 'block');
const expect = keyword('expect', 'storage.type', 'block');
const report = keyword('report', 'storage.type', 'block');
const letKeyword = keyword('let', 'storage.type', 'line');
const minimize = keyword('minimize', 'keyword.control', 'line');
const maximize = keyword('maximize', 'keyword.control', 'line');
const fixedPoint = keyword('fixed_point', 'keyword.control', 'line');
const sample = keyword('sample', 'keyword.control', 'line');
const each = keyword('each', 'keyword.control', 'after');
const inKeyword = keyword('in', 'keyword.control', 'after');
const withKeyword = keyword('with', 'keyword.control', 'after');

/** Every keyword, in the order in which a file uses them. */
export const keywords: readonly KeywordRow[] = [
  problem,
  data,
  upper,
  lower,
  solve,
  expect,
  report,
  letKeyword,
  minimize,
  maximize,
  fixedPoint,
  sample,
  each,
  inKeyword,
  withKeyword,
];
export const Problem = problem.type;
export const Data = data.type;
export const Upper = upper.type;
export const Lower = lower.type;
export const Solve = solve.type;
export const Expect = expect.type;
export const Report = report.type;
export const Let = letKeyword.type;
export const Minimize = minimize.type;
export const Maximize = maximize.type;
export const FixedPoint = fixedPoint.type;
export const Sample = sample.type;
export const Each = each.type;
export const In = inKeyword.type;
export const With = withKeyword.type;

export const keywordTypes: ReadonlyMap<string, TokenType> = new Map(
  keywords.map((row) => [row.word, row.type]),
);

const transposable: ReadonlySet<TokenType> = new Set([
  Identifier,
  NumberLiteral,
  RightParenthesis,
  RightBracket,
  Transpose,
]);

/** What the lexer tries, first match first: longer operators before their prefixes, `Unknown` last. */
const lexed: TokenType[] = [
  WhiteSpace,
  Comment,
  Identifier,
  NumberLiteral,
  StringLiteral,
  UnterminatedString,
  Transpose,
  DotDot,
  DotStar,
  DotSlash,
  DotCaret,
  LessEqual,
  GreaterEqual,
  EqualEqual,
  Less,
  Greater,
  Equals,
  Plus,
  Minus,
  Star,
  Slash,
  Caret,
  Ampersand,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Colon,
  Unknown,
];

/** The parser's vocabulary. */
export const vocabulary: TokenType[] = [
  ...lexed.filter((type) => type !== WhiteSpace && type !== Comment && type !== Unknown),
  BinaryOperator,
  Sign,
  Comparison,
  Text,
  DeclarationName,
  EntryName,
  Missing,
  ...keywords.map((row) => row.type),
];

/** Exclusive; tokens carry only their start and their text. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** The payload of a statement's first token, which recovery must not go beyond. */
export const statementStart = 'statement start';

/** Gives a token another type: a name becomes the keyword that it is in its place. */
export function retag(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx as number;
}

/** A token without text, put in where one is missing. */
export function emptyToken(type: TokenType, offset: number): IToken {
  return { image: '', startOffset: offset, tokenType: type, tokenTypeIdx: type.tokenTypeIdx as number };
}

/** A token as it is quoted in a message. */
export function quote(token: IToken): string {
  const { image } = token;
  if (image === '') return says.get(token.tokenType) ?? 'nothing';
  return image.length > 24 ? `\`${image.slice(0, 23)}…\`` : `\`${image}\``;
}

const lexer = new Lexer([...lexed, BinaryOperator, Sign, Comparison, Text], {
  positionTracking: 'onlyOffset',
  ensureOptimizations: true,
});

export interface Lexed {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
}

/** Tokens and comments of a text, in order; linear, and never fails. */
export function lex(text: string): Lexed {
  const { tokens, groups } = lexer.tokenize(text);
  return { tokens, comments: groups['comments'] ?? [] };
}
