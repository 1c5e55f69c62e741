/**
 * The corpus of wrong files: each has its diagnostics marked in comments and gives exactly those, so
 * that one mistake makes one diagnostic. Every code of the checker is provoked by some file.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { check } from '../../server/src/check/check.ts';
import * as kinds from '../../server/src/check/diagnostics.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { checkMarked, readFixture } from '../support/markers.ts';
import { testFiles } from './files.ts';

const folder = join(import.meta.dirname, 'wrong');
const files = readdirSync(folder).map((name) => ({ name, marked: readFileSync(join(folder, name), 'utf8') }));

function diagnose(text: string): readonly Diagnostic[] {
  const { tree, diagnostics } = parse(text);
  return [...diagnostics, ...check(tree, testFiles).diagnostics];
}

for (const { name, marked } of files) {
  test(name, () => checkMarked(marked, diagnose));
}

test('there are many wrong files, and each has something wrong', () => {
  assert.ok(files.length >= 100);
  for (const { name, marked } of files) assert.ok(readFixture(marked).expected.length > 0, name);
});

test('every diagnostic says what, why or what to do, in one sentence each', () => {
  for (const { name, marked } of files) {
    for (const diagnostic of diagnose(readFixture(marked).text)) {
      const { message, reason, remedy, severity } = diagnostic;
      assert.ok(!message.endsWith('.') && !message.includes('\n') && message.length > 10, name);
      assert.ok(reason !== undefined || remedy !== undefined || severity !== 'error', `${name}: ${message}`);
      assert.ok(
        !/undefined|NaN|\[object/.test(`${message} ${reason ?? ''} ${remedy ?? ''}`),
        `${name}: ${message}`,
      );
    }
  }
});

test('every fix mends its diagnostic', () => {
  let mended = 0;
  for (const { name, marked } of files) {
    const { text } = readFixture(marked);
    for (const { code, span, fixes } of diagnose(text)) {
      for (const fix of fixes ?? []) {
        const after = text.slice(0, fix.span.start) + fix.replacement + text.slice(fix.span.end);
        const same = diagnose(after).some((each) => each.code === code && each.span.start === span.start);
        assert.ok(!same, `${name}: "${fix.title}" leaves ${code}`);
        mended++;
      }
    }
  }
  assert.ok(mended > 12);
});

test('every code is provoked by some file, and is defined once', () => {
  const provoked = new Set(
    files.flatMap(({ marked }) => readFixture(marked).expected.map(({ code }) => code)),
  );
  const codes = Object.values(kinds).flatMap((kind) => ('code' in kind ? [kind.code] : []));
  assert.deepEqual(codes.length, new Set(codes).size);
  // Settings from outside are no part of a file; adjustments.test.ts has them.
  assert.deepEqual(
    codes.filter((code) => !provoked.has(code) && code !== 'adjustment'),
    [],
  );
});
