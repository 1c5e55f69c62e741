/** The generated pages are current, and name everything that the registries have. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { atoms } from '../../server/src/atoms/index.ts';
import {
  expectableQuantities,
  methodCatalogue,
  solveSettings,
} from '../../server/src/base/method-catalogue.ts';
import { sourceFormats } from '../../server/src/check/blocks/source-formats.ts';
import { readCorpus } from '../check/corpus.ts';
import { pages } from './pages.ts';

const made = pages();

for (const { name, path, text } of made) {
  test(`${name} is what \`npm run reference\` writes`, () => {
    assert.equal(readFileSync(path, 'utf8'), text, `${name} is not current: run npm run reference`);
  });
}

function textOf(name: string): string {
  return made.find((page) => page.name === name)?.text ?? '';
}

test('every atom has its section, found from the list at the top', () => {
  const text = textOf('functions.md');
  const anchors = new Set(
    [...text.matchAll(/^### (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  assert.equal(anchors.size, atoms.length);
  const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor);
  assert.equal(links.length, atoms.length);
  for (const anchor of links) assert.ok(anchors.has(anchor), anchor);
  for (const { documentation } of atoms)
    assert.ok(text.includes(documentation.summary), documentation.summary);
});

test('every method, option, setting, result and source is named', () => {
  const text = textOf('methods.md');
  const options = methodCatalogue.flatMap((method) => method.options);
  const named = [...methodCatalogue, ...options, ...solveSettings, ...expectableQuantities];
  for (const { name } of named) assert.ok(text.includes(`\`${name}\``), name);
  for (const name of sourceFormats.keys()) assert.ok(text.includes(`\`${name}(`), name);
});

test('every code that the corpus provokes is on the page of messages', () => {
  const text = textOf('messages.md');
  const codes = new Set(readCorpus().flatMap(({ expected }) => expected.map(({ code }) => code)));
  const elsewhere = new Set(['not-strongly-convex-here']);
  for (const code of codes) if (!elsewhere.has(code)) assert.ok(text.includes(`### \`${code}\``), code);
});
