/** Templates: offered where they fit, and without an error once filled in and their files are there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../server/src/check/check.ts';
import { withoutFiles } from '../../server/src/check/environment.ts';
import { completionsOf } from '../../server/src/features/completion/completion.ts';
import { filled, templates } from '../../server/src/features/completion/templates.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { openFixture, ridge } from './support.ts';

for (const { label, detail, body } of templates) {
  test(`the template "${label}" makes a text that is right`, () => {
    const text = filled(body.join('\n'));
    assert.doesNotMatch(text, /\$/u);
    assert.ok(detail.length > 10);
    const { tree, diagnostics } = parse(text);
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      [],
      text,
    );
    // The others stand beside what the author has.
    if (!body.some((line) => line.startsWith('data'))) return;
    const found = check(tree, withoutFiles).diagnostics.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      found.map(({ message }) => message),
      [],
      text,
    );
  });
}

test('a place is filled with what it proposes, wherever its number stands', () => {
  assert.equal(filled('a ${1:x} $1 ${2:f($1)} $2'), 'a x x f(x) f(x)');
});

function offered(marked: string): readonly string[] {
  const { snapshot, position } = openFixture(marked);
  const list = completionsOf(snapshot, position, { snippets: true, folder: undefined })?.items ?? [];
  return list.map(({ label }) => label).filter((label) => templates.some((each) => each.label === label));
}

test('a whole problem for an empty file, a level where none is, nothing inside a block', () => {
  assert.deepEqual(
    offered('<|>'),
    templates.map(({ label }) => label),
  );
  assert.deepEqual(offered('# mine\nri<|>').length, templates.length);
  const withoutLower = ridge.slice(0, ridge.indexOf('lower {'));
  assert.deepEqual(offered(`${withoutLower}<|>`), ['fixed point', 'lower each']);
  // A word that is nearly `lower` is no lower level yet.
  assert.deepEqual(offered(`${withoutLower}low<|>`), ['fixed point', 'lower each']);
  assert.deepEqual(offered(`${ridge}<|>`), []);
  assert.deepEqual(offered(ridge.replace('sumsq(X * w - y) / n\n', '<|>\n')), []);
});
