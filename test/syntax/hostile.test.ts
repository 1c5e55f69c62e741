/**
 * Texts that nobody writes and an editor may be given: one thing over and over, with and without something around it,
 * of a size at which anything more than linear would hang. None throws, none takes long, and none is diagnosed
 * without end. Mistakes in thousands of statements leave the time of a few.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../server/src/check/check.ts';
import { ParseMemory, parse } from '../../server/src/syntax/parse.ts';
import { format } from '../../server/src/syntax/print.ts';
import { caseCount } from '../support/long.ts';

const size = caseCount(12_000, 1_000_000);
/** Linear work takes seconds at the very most; what is killed by this hangs on any machine. */
const hang = { timeout: 240_000 };

const parts: readonly string[] = [
  ...['let ', 'let\n', 'let a\n', 'let a =\n', 'let f(', 'let f(a) = ', 'let upper lower minimize '],
  ...['(', '[', '{', ')', ']', '}', '([{', '(]', 'x[', 'f(', 'sum(i in s, ', '[a,', '"', '"\n', "'", '"a" '],
  ...['a ', 'a', '1', '1 2 ', 'a+', '+a', '-', '2^', '&a', "A'", '..', '.', '1.', '1e', '0x1 ', '_', ','],
  ...['#', '#\n', '# abc def ', '// a\n', '\r', 'let a = 1\r', '\n', ' ', '\t', '\0', '\ud800', '\udc00'],
  ...[
    '\u{1f600}',
    'e\u0301',
    '\ufeff',
    '\u2028',
    'λ',
    'x²',
    '−',
    '@',
    '$a',
    'a;',
    'a ** ',
    'np.',
    'a.b()',
    'A.T ',
  ],
  ...[
    '=',
    '<=',
    'a <= ',
    'a:',
    'a : scalar\n',
    'a = ',
    'a = b, ',
    'a with ',
    'in ',
    'vector ',
    'subject to ',
  ],
  ...[
    'upper {}\n',
    'upper ',
    'problem ',
    'data { ',
    'lower each i in ',
    'minimize ',
    'minimize (\n',
    'fixed_point ',
  ],
];
const around: readonly (readonly [string, string])[] = [
  ['', ''],
  ['upper { t : scalar\n minimize a', '\n}\nlower { x : scalar\n minimize x ^ 2 }'],
  ['data { ', ' }'],
  ['solve { a = ', ''],
  ['expect { ', '}'],
  ['report { a = b with ', ''],
];

for (const part of parts) {
  test(`${JSON.stringify(part)} over and over`, hang, () => {
    for (const [before, after] of around) {
      const text = before + part.repeat(Math.ceil(size / part.length)) + after;
      const { tree, diagnostics } = parse(text);
      assert.ok(diagnostics.length <= 10_000);
      check(tree, { header: () => undefined });
      const formatted = format(text);
      if (diagnostics.length > 0) assert.ok(formatted === text, 'what has mistakes is left as it is');
    }
  });
}

test('after thousands of wrong statements the next version of the text is read as a fresh one', hang, () => {
  const wrong = 'let\n'.repeat(10_050);
  const text = `${wrong}let k = 3\n`;
  const memory = new ParseMemory();
  assert.equal(parse(text, memory).diagnostics.length, 10_000);
  const { tree, diagnostics } = parse(text.slice(wrong.length), memory);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    tree.items.map(({ kind }) => kind),
    ['let'],
  );
});
