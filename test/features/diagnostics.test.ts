/** Diagnostics as the editor gets them: place, severity, code, words, related places. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { diagnosticsOf } from '../../server/src/features/diagnostics.ts';
import { plain, ridge, showRange, snapshotOf, uri } from './support.ts';

test('a problem without mistakes has none', () => {
  assert.deepEqual(diagnosticsOf(snapshotOf(ridge)), []);
});

test('a mistake has its place, its code, its words and where the other side comes from', () => {
  const snapshot = snapshotOf(
    ridge.replace('minimize sumsq(X * w - y) / n\n', 'minimize sumsq(X * w - theta) / n\n'),
  );
  const [first, ...others] = diagnosticsOf(snapshot);
  assert.ok(first !== undefined, 'there is a mistake');
  assert.deepEqual(
    others.filter(({ severity }) => severity === DiagnosticSeverity.Error),
    [],
  );
  assert.equal(first.severity, DiagnosticSeverity.Error);
  assert.equal(first.source, 'bilevel');
  assert.match(plain(first.message), /3.*4|4.*3/su);
  assert.equal(first.range.start.line, 9);
  const [related] = first.relatedInformation ?? [];
  assert.equal(related?.location.uri, uri);
});

test('positions count UTF-16 units and lines of every kind', () => {
  for (const lineEnd of ['\n', '\r\n', '\r']) {
    const text = ridge
      .replace('Ridge', '😀 Ridge')
      .replace('- y) / n +', '- 𝛽) / n +')
      .replaceAll('\n', lineEnd);
    const snapshot = snapshotOf(text);
    const error = diagnosticsOf(snapshot).find(({ message }) => plain(message).includes('𝛽'));
    assert.ok(error !== undefined);
    assert.equal(showRange(snapshot, error.range), '14:25 𝛽');
    assert.equal(error.range.end.character, 27, 'a character outside the basic plane is two units');
  }
});

test('an empty span becomes a visible one', () => {
  const snapshot = snapshotOf(ridge.replace('minimize sumsq(X * w - y) / n\n', 'minimize\n'));
  const [first] = diagnosticsOf(snapshot);
  assert.ok(first !== undefined);
  assert.notDeepEqual(first.range.start, first.range.end);
});

test('a name that nothing uses is faded', () => {
  const snapshot = snapshotOf(ridge.replace('data {\n', 'data {\n  let unused = 3\n'));
  const found = diagnosticsOf(snapshot).find(
    ({ tags }) => tags?.includes(DiagnosticTag.Unnecessary) === true,
  );
  assert.ok(found !== undefined);
  assert.equal(showRange(snapshot, found.range), '3:6 unused');
});
