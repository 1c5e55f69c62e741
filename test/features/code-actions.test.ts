/** Quick fixes mend what they are offered for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodeActionKind } from 'vscode-languageserver';
import type { CodeAction } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActionsOf } from '../../server/src/features/code-actions.ts';
import { openFixture, ridge, snapshotOf, uri, wholeFile } from './support.ts';

function actionsAt(marked: string, only?: string[]): { text: string; actions: readonly CodeAction[] } {
  const { snapshot, position } = openFixture(marked);
  const context = { diagnostics: [], ...(only === undefined ? {} : { only }) };
  const actions = codeActionsOf(snapshot, { start: position, end: position }, context);
  return { text: snapshot.text, actions };
}

function applied(text: string, action: CodeAction | undefined): string {
  const edits = action?.edit?.changes?.[uri] ?? [];
  return TextDocument.applyEdits(TextDocument.create(uri, 'bilevel', 1, text), edits);
}

test('a misspelt name is changed to the near one', () => {
  const { text, actions } = actionsAt(ridge.replace('exp(theta)', 'exp(tet<|>a)'));
  assert.equal(actions[0]?.title, 'Change to theta');
  assert.equal(actions[0]?.isPreferred, true);
  assert.equal(actions[0]?.kind, CodeActionKind.QuickFix);
  assert.equal(applied(text, actions[0]), ridge);
});

test('a missing regulariser is added, and then the lower level is strongly convex', () => {
  const weak = ridge
    .replace(' + sum(exp(theta) .* w .^ 2)', ' + 0 * sum(theta)')
    .replace('sumsq(X * w - y) / n +', '<|>mean(log_cosh(X * w - y)) +');
  const { text, actions } = actionsAt(weak);
  assert.ok(actions.length > 0, 'there is a fix');
  const errors = snapshotOf(applied(text, actions[0])).diagnostics.filter(
    ({ severity }) => severity === 'error',
  );
  assert.deepEqual(errors, []);
});

test('only where the mistake is, and only the kinds asked for', () => {
  assert.deepEqual(
    actionsAt(ridge.replace('exp(theta)', 'exp(teta)').replace('Ridge', 'Ri<|>dge')).actions,
    [],
  );
  const marked = ridge.replace('exp(theta)', 'exp(tet<|>a)');
  assert.equal(actionsAt(marked, ['quickfix']).actions.length, 1);
  assert.equal(actionsAt(marked, ['']).actions.length, 1);
  assert.equal(actionsAt(marked, ['refactor']).actions.length, 0);
});

test('a range over the file offers every fix', () => {
  const text = ridge.replace('exp(theta)', 'exp(teta)').replace('minimize sumsq', 'minimize sumsk');
  assert.ok(codeActionsOf(snapshotOf(text), wholeFile, { diagnostics: [] }).length >= 2);
});
