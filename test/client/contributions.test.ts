/** What the package tells an editor without a program: brackets and words, the matcher of problems. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check } from '../../server/src/check/check.ts';
import { withoutFiles } from '../../server/src/check/environment.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { formatDiagnostic } from '../../server/src/terminal/diagnostic-text.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

test('words may have Greek and mathematical letters and subscripts, whole', () => {
  const { wordPattern } = read('grammar/language-configuration.json') as {
    wordPattern: { pattern: string; flags: string };
  };
  const pattern = new RegExp(wordPattern.pattern, `${wordPattern.flags}g`);
  assert.deepEqual('λ₁ + 𝐱_2 .* θ - w2'.match(pattern), ['λ₁', '𝐱_2', 'θ', 'w2']);
});

test('a comment that is broken in its middle goes on as a comment', () => {
  const { onEnterRules } = read('grammar/language-configuration.json') as {
    onEnterRules: { beforeText: { pattern: string }; afterText: { pattern: string } }[];
  };
  const [rule] = onEnterRules;
  assert.ok(rule !== undefined);
  const fits = (before: string, after: string): boolean =>
    new RegExp(rule.beforeText.pattern, 'u').test(before) &&
    new RegExp(rule.afterText.pattern, 'u').test(after);
  assert.ok(fits('  # one', ' two'));
  assert.ok(!fits('  # one', ''));
  assert.ok(!fits('# one', 'minimize'), 'put before a statement on its line');
  assert.ok(!fits('  x : scalar', ' # two'));
  assert.ok(fits('  x : scalar # one', ' two'), 'behind a statement');
  assert.ok(!fits('  X : matrix[n, d] = csv("#1', '.csv")'), 'in a text');
  assert.ok(fits('  X : matrix[n, d] = csv("#1.csv") # one', ' two'));
});

test('the problem matcher reads what `bilevel check` prints', () => {
  const manifest = read('package.json') as {
    contributes: {
      problemMatchers: { name: string; pattern: { regexp: string } & Record<string, number> }[];
    };
  };
  const [matcher] = manifest.contributes.problemMatchers;
  assert.equal(matcher?.name, 'bilevel');
  const text = 'upper {\n  t : scalar = 0\n  minimize sumsq(xx)\n}\n';
  const [diagnostic] = check(parse(text).tree, withoutFiles).diagnostics.filter(
    ({ code }) => code === 'unknown-name',
  );
  assert.ok(diagnostic !== undefined && matcher !== undefined);
  const [line = ''] = formatDiagnostic(
    diagnostic,
    { name: 'a b/c.bilevel', text },
    (_, words) => words,
  ).split('\n');
  const found = new RegExp(matcher.pattern.regexp, 'u').exec(line) ?? [];
  const part = (name: string): string | undefined => found[matcher.pattern[name] ?? -1];
  assert.deepEqual(['file', 'line', 'column', 'severity', 'code', 'message'].map(part), [
    'a b/c.bilevel',
    '3',
    '18',
    'error',
    'unknown-name',
    diagnostic.message,
  ]);
});

test('the page for other editors names every option and message that there is', () => {
  const page = readFileSync(join(root, 'client', 'other-editors.md'), 'utf8');
  const protocol = readFileSync(join(root, 'server', 'src', 'protocol', 'editor.ts'), 'utf8');
  const options = /interface InitializationOptions \{([^}]*)\}/u.exec(protocol)?.[1] ?? '';
  const names = [
    ...[...options.matchAll(/readonly (\w+)\?/gu)].map(([, name = '']) => name),
    ...[...protocol.matchAll(/'(bilevel[./][\w./]+)'/gu)].map(([, name = '']) => name),
  ];
  assert.ok(names.length > 10);
  for (const name of names) assert.ok(page.includes(`\`${name}\``), name);
});
