/** Tokens: the rules on points, transposes, names and text; and that the grammar is sound. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BilevelParser } from '../../grammar/parser.ts';
import { keywords, lex } from '../../grammar/tokens.ts';

const images = (text: string): string[] =>
  lex(text).tokens.map((token) => `${token.tokenType.name}:${token.image}`);
const short: Readonly<Record<string, string>> = { I: 'Identifier', N: 'NumberLiteral', T: 'Transpose' };

function check(text: string, ...wanted: string[]): void {
  const expanded = wanted.map((item) =>
    item.replace(/^([INT]):/, (_, key: string) => `${short[key] ?? key}:`),
  );
  assert.deepEqual(images(text), expanded, text);
}

test('the grammar has no ambiguities and no unresolved rules', () => {
  assert.doesNotThrow(() => new BilevelParser(true));
});

test('dotted operators and ranges come before the decimal point', () => {
  check('1..300', 'N:1', 'DotDot:..', 'N:300');
  check('2.*x', 'N:2', 'DotStar:.*', 'I:x');
  check('2./x 2.^x', 'N:2', 'DotSlash:./', 'I:x', 'N:2', 'DotCaret:.^', 'I:x');
  check('1.5.*x', 'N:1.5', 'DotStar:.*', 'I:x');
  check('1.e-3 2.e5*x 2.exp', 'N:1.e-3', 'N:2.e5', 'Star:*', 'I:x', 'N:2', 'Unknown:.', 'I:exp');
  check('1e-4 .5 0.1 2. 1E+3', 'N:1e-4', 'N:.5', 'N:0.1', 'N:2.', 'N:1E+3');
  check('1...5', 'N:1', 'DotDot:..', 'N:.5');
  check('1.x', 'N:1', 'Unknown:.', 'I:x');
  check('1e', 'N:1', 'I:e');
});

test("`'` transposes only directly after a name, a number, `)`, `]` or `'`", () => {
  check("x'", 'I:x', "T:'");
  check("x''", 'I:x', "T:'", "T:'");
  check("(x)'", 'LeftParenthesis:(', 'I:x', 'RightParenthesis:)', "T:'");
  check("x[1]'", 'I:x', 'LeftBracket:[', 'N:1', 'RightBracket:]', "T:'");
  check("3'", 'N:3', "T:'");
  check("x '", 'I:x', "Unknown:'");
  check(`"a"'`, 'StringLiteral:"a"', "Unknown:'");
  check("+'", 'Plus:+', "Unknown:'");
});

test('names are Unicode letters, marks, digits and subscripts', () => {
  check('θ λ₁ x_1 _a é e\u0301 𝛼β', 'I:θ', 'I:λ₁', 'I:x_1', 'I:_a', 'I:é', 'I:e\u0301', 'I:𝛼β');
  check('x²', 'I:x', 'Unknown:²');
  check('😀', 'Unknown:😀');
  check('\uD83D x', 'Unknown:\uD83D', 'I:x');
});

test('keywords are lexed as names: only their place makes them keywords', () => {
  for (const { word } of keywords) check(`${word} ${word}s`, `I:${word}`, `I:${word}s`);
});

test('text ends on its line, comments run to theirs, CR and CRLF end lines', () => {
  check('"a" "b', 'StringLiteral:"a"', 'UnterminatedString:"b');
  check('"b\r\nc', 'UnterminatedString:"b', 'I:c');
  check('"#" # "x"\ry', 'StringLiteral:"#"', 'I:y');
  assert.deepEqual(
    lex('# a\r\nx # b').comments.map((token) => [token.startOffset, token.image]),
    [
      [0, '# a'],
      [7, '# b'],
    ],
  );
});
