/**
 * The corpus of wrong files: each has its diagnostics marked in comments and gives exactly those, so
 * that one mistake makes one diagnostic. Every code of the language is provoked by some file, every
 * sentence is in one style, and every quick fix mends its diagnostic and makes no other.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syntaxCodes } from '../../grammar/problems.ts';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import * as constantKinds from '../../server/src/check/constants/diagnostics.ts';
import * as kinds from '../../server/src/check/diagnostics.ts';
import * as compileKinds from '../../server/src/compile/diagnostics.ts';
import { checkMarked } from '../support/markers.ts';
import { applyFix, diagnoseAs, diagnoseFile, readCorpus } from './corpus.ts';

const corpus = readCorpus().map((file) => ({ ...file, diagnostics: diagnoseFile(file) }));

for (const { name, marked, diagnostics } of corpus) {
  test(name, () => checkMarked(marked, () => diagnostics));
}

test('there are many wrong files, and each has something wrong', () => {
  assert.ok(corpus.length >= 100);
  for (const { name, expected } of corpus) assert.ok(expected.length > 0, name);
});

test('every diagnostic says what, why or what to do, in one style', () => {
  for (const { name, diagnostics } of corpus) {
    for (const { message, reason, remedy, severity, fixes = [] } of diagnostics) {
      const where = `${name}: ${message}`;
      assert.ok(message.length > 10, where);
      assert.ok(reason !== undefined || remedy !== undefined || severity !== 'error', where);
      for (const sentence of [message, reason ?? '-', remedy ?? '-']) {
        assert.doesNotMatch(sentence, /undefined|NaN|\[object|\n|!|\.$|\bplease\b/, where);
        assert.doesNotMatch(sentence, /^[A-Z][a-z]/, `${where}: begins with a small letter`);
        assert.equal((sentence.match(/`/g) ?? []).length % 2, 0, `${where}: a backtick is missing`);
      }
      for (const { title } of fixes) assert.match(title, /^[A-Z][^\n]*[^.]$/, where);
    }
  }
});

test('every fix mends its diagnostic and makes no other', () => {
  let mended = 0;
  for (const { name, text, diagnostics } of corpus) {
    for (const diagnostic of diagnostics) {
      for (const fix of diagnostic.fixes ?? []) {
        const before = diagnostics.filter((each) => each !== diagnostic && isMistake(each)).map(inOneLine);
        const left = diagnoseAs(name, applyFix(text, fix)).filter(isMistake).map(inOneLine);
        assert.deepEqual(left.toSorted(), before.toSorted(), `${name}: "${fix.title}"`);
        mended++;
      }
    }
  }
  assert.ok(mended > 12);
});

/** Hints are no mistakes; some can be told only when the rest is understood. */
function isMistake({ severity }: Diagnostic): boolean {
  return severity === 'error' || severity === 'warning';
}

function inOneLine({ code, message }: Diagnostic): string {
  return `${code}: ${message}`;
}

/**
 * Settings from outside are no part of a file (adjustments.test.ts), and shapes that only the compiler finds
 * wrong come from files that change between checking and running (compile.test.ts).
 */
const elsewhere = ['adjustment', 'data-shape', 'start-shape', 'dimension-unbound'];

test('every code is provoked by some file, and is defined once', () => {
  const provoked = new Set(corpus.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
  const tables = [kinds, constantKinds, compileKinds].flatMap((table) => Object.values(table));
  const defined = tables.flatMap((kind) => ('code' in kind ? [kind.code] : []));
  const codes = [...defined, ...Object.keys(syntaxCodes)];
  assert.deepEqual(codes.length, new Set(codes).size);
  assert.deepEqual(
    codes.filter((code) => !provoked.has(code)),
    elsewhere,
  );
});
