/** Diagnostics as text: the recognised first line, the underline under the exact range, reason and remedy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { formatDiagnostic, summarise } from '../../server/src/terminal/diagnostic-text.ts';
import { colouredStyle, plainStyle } from '../../server/src/terminal/style.ts';

function diagnose(text: string, marked: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(marked);
  return {
    code: 'shape-mismatch',
    severity: 'error',
    span: { start, end: start + marked.length },
    message: 'wrong',
    ...more,
  };
}

function shown(text: string, diagnostic: Diagnostic): string {
  return formatDiagnostic(diagnostic, { name: 'a.bilevel', text }, plainStyle);
}

test('a diagnostic shows its place, line, range, reason, remedy and related places', () => {
  const text = 'upper {\n  minimize X * w\n}\n';
  const diagnostic = diagnose(text, 'X * w', {
    reason: 'X has d columns, w has n rows',
    remedy: "write X' * w",
    related: [{ span: { start: 0, end: 5 }, message: 'declared here' }],
  });
  assert.equal(
    shown(text, diagnostic),
    [
      'a.bilevel:2:12: error[shape-mismatch]: wrong',
      '  |',
      '2 |   minimize X * w',
      '  |            ^^^^^',
      '  = why: X has d columns, w has n rows',
      "  = help: write X' * w",
      '  = see: a.bilevel:1:1: declared here',
    ].join('\n'),
  );
});

test('the underline stays within the first line of a longer range', () => {
  const text = 'lower {\r\n  x\r\n}';
  assert.deepEqual(shown(text, diagnose(text, text)).split('\n').slice(2), ['1 | lower {', '  | ^^^^^^^']);
});

test('an empty range at the end of the text is underlined by one caret', () => {
  const text = 'lower {\n';
  const diagnostic = { ...diagnose(text, ''), span: { start: text.length, end: text.length } };
  assert.deepEqual(shown(text, diagnostic).split('\n'), [
    'a.bilevel:2:1: error[shape-mismatch]: wrong',
    '  |',
    '2 |',
    '  | ^',
  ]);
});

test('tabs and wide characters keep the underline below the range', () => {
  const text = '\tminimize 重み * θ';
  const [line = '', underline = ''] = shown(text, diagnose(text, 'θ')).split('\n').slice(2);
  assert.equal(line, '1 |     minimize 重み * θ');
  // Each of the two wide characters takes two columns.
  assert.equal(underline.indexOf('^'), line.indexOf('θ') + 2);
});

test('a very long line is shown around the place', () => {
  const text = `minimize ${'a + '.repeat(1000)}wrong + ${'b + '.repeat(1000)}c`;
  const lines = shown(text, diagnose(text, 'wrong')).split('\n');
  assert.ok(lines.every((line) => line.length < 200));
  assert.equal(lines[2]?.indexOf('wrong'), lines[3]?.indexOf('^'));
});

test('colour changes nothing but colour', () => {
  const text = 'minimize x';
  const diagnostic = diagnose(text, 'x', { remedy: 'declare x' });
  const coloured = formatDiagnostic(diagnostic, { name: 'a.bilevel', text }, colouredStyle);
  assert.notEqual(coloured, shown(text, diagnostic));
  assert.equal(stripVTControlCharacters(coloured), shown(text, diagnostic));
});

test('a summary counts errors and warnings', () => {
  const error = diagnose('x', 'x');
  const warning = { ...error, severity: 'warning' as const };
  assert.equal(summarise([error, error, warning]), '2 errors and 1 warning');
  assert.equal(summarise([warning]), '1 warning');
  assert.equal(summarise([]), '');
});
