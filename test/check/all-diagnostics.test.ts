/** One mistake is told once: what the checker says of a statement that could not be read, or because of one, is left out. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allDiagnostics } from '../../server/src/check/all-diagnostics.ts';
import { check } from '../../server/src/check/check.ts';
import { withoutFiles } from '../../server/src/check/environment.ts';
import { parse } from '../../server/src/syntax/parse.ts';

const ridge = `data {
  X : matrix[n, d] = normal(0, 1)
  y : vector[n] = zeros()
}
let n = 4
let d = 3
upper {
  theta : scalar = 0
  minimize sumsq(X * w - y)
}
lower {
  w : vector[d]
  minimize sumsq(X * w - y) + exp(theta) * sumsq(w)
}
`;

function codes(text: string): readonly string[] {
  const parsed = parse(text);
  const found = allDiagnostics(text, parsed, check(parsed.tree, withoutFiles).diagnostics);
  return found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['an unread call', 'sumsq(w)', 'sumsqq(w', ['syntax-unclosed']],
  ['a lost name', 'w : vector[d]', ': vector[d]', ['syntax-unknown-statement']],
  ['a declaration without colon', 'w : vector[d]', 'w vector[d]', ['syntax-missing-type']],
  ['a block without name', 'lower {', '{', ['syntax-unknown-block']],
  ['a missing operator', '+ exp', 'exp', ['syntax-missing-operator']],
  ['another mistake elsewhere', 'sumsq(X * w - y)\n', 'sumsq(X * v -\n', ['syntax-missing-expression']],
];

for (const [what, before, after, expected] of cases) {
  test(`${what}: one error`, () => {
    assert.ok(ridge.includes(before));
    assert.deepEqual(codes(ridge.replace(before, after)), expected);
  });
}

test('a mistake in a statement that can be read is told besides', () => {
  assert.deepEqual(codes(ridge.replace('exp(theta)', 'exp(tetta)').replace('zeros()', 'zeros(')), [
    'syntax-missing-expression',
    'unknown-name',
  ]);
});

test('whatever token is lost, no statement has errors of both kinds, and the syntax error stays', () => {
  for (const name of ['ridge', 'logistic', 'quadratic', 'hyper-cleaning']) {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'samples', `${name}.bilevel`), 'utf8');
    for (const { span } of parse(text).tokens) {
      const changed = text.slice(0, span.start) + text.slice(span.end);
      const parsed = parse(changed);
      if (parsed.diagnostics.length === 0) continue;
      const all = allDiagnostics(changed, parsed, check(parsed.tree, withoutFiles).diagnostics);
      const statement = (at: number): number => parsed.starts.findLastIndex((start) => start <= at);
      const broken = new Set(parsed.diagnostics.map((each) => statement(each.span.start)));
      for (const each of parsed.diagnostics) assert.ok(all.includes(each));
      for (const each of all) {
        if (parsed.diagnostics.includes(each)) continue;
        assert.ok(!broken.has(statement(each.span.start)), `${changed}\n${each.message}`);
      }
    }
  }
});
