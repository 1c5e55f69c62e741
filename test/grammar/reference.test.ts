/** The language reference holds: its examples parse, its EBNF and tables name what the code has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { syntaxCodes } from '../../grammar/problems.ts';
import { keywords, vocabulary } from '../../grammar/tokens.ts';
import { methodCatalogue, solveSettings } from '../../server/src/base/method-catalogue.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import { format } from '../../server/src/syntax/print.ts';

const reference = readFileSync(new URL('../../grammar/README.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...reference.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '');

test('every example parses without an error and formats to the same tree', () => {
  const examples = blocks('bilevel');
  assert.ok(examples.length >= 15);
  for (const example of examples) {
    assert.deepEqual(parse(example).diagnostics, [], example);
    assert.deepEqual(parse(format(example)).diagnostics, [], example);
  }
});

test('the EBNF defines each rule that it uses and names every keyword and symbol', () => {
  const grammar = blocks('ebnf').join('\n');
  const defined = new Set([...grammar.matchAll(/^(\w+)\s*=/gm)].map((match) => match[1]));
  const literals = new Set([...grammar.matchAll(/"([^"]+)"/g)].map((match) => match[1]));
  const used = grammar.replaceAll(/"[^"]+"/g, ' ').matchAll(/\b[a-z]+\b/g);
  for (const [word] of used) {
    assert.ok(defined.has(word) || ['name', 'number', 'text'].includes(word), `${word} is not defined`);
  }
  for (const { word } of keywords) assert.ok(literals.has(word), `${word} is not in the EBNF`);
  for (const type of vocabulary) {
    if (typeof type.PATTERN === 'string')
      assert.ok(literals.has(type.PATTERN), `${type.PATTERN} is not in the EBNF`);
  }
});

test('codes, methods and settings of the reference are those of the code', () => {
  for (const [code, meaning] of Object.entries(syntaxCodes)) {
    assert.ok(reference.includes(`| \`${code}\` | ${meaning} |`), code);
  }
  for (const { name } of [...methodCatalogue, ...solveSettings]) {
    assert.ok(reference.includes(`\`${name}`), `${name} is not in the reference`);
  }
});
