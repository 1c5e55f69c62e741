// Numbers in csv cells: the same doubles as JavaScript's own parser, and nothing else taken for a number.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellKind, looksNumeric, parseNumber } from '../../server/src/data/formats/csv-number.ts';
import { createRandom } from '../../server/src/data/random.ts';

function parse(text: string): number {
  const bytes = Buffer.from(`,${text},`);
  return parseNumber(bytes, 1, bytes.length - 1);
}

function kind(text: string): string {
  const bytes = Buffer.from(text);
  return cellKind(bytes, 0, bytes.length);
}

test('decimal numbers round as Number does', () => {
  const texts = [
    '0',
    '-0',
    '+1',
    '007',
    '.5',
    '5.',
    '1e5',
    '1E-5',
    '9007199254740993',
    '123456789012345678',
    '0.1',
  ];
  texts.push(
    '1e22',
    '1e23',
    '1e-22',
    '1e-23',
    '4.9e-324',
    '2.4e-324',
    '1.7976931348623157e308',
    '1e-400',
    '0.000000000000000000000001',
  );
  texts.push(
    '999999999999999e22',
    `0.${'0'.repeat(300)}1e300`,
    `1${'0'.repeat(400)}e-400`,
    '3.141592653589793238462643',
  );
  for (const text of texts) assert.ok(Object.is(parse(text), Number(text)), text);
  assert.equal(parse(' \t 2.5 \t'), 2.5);
  const random = createRandom(11);
  for (let i = 0; i < 20_000; i++) {
    const value = (random.uniform() - 0.5) * 10 ** Math.floor(random.uniform() * 60 - 30);
    const text = i % 2 === 0 ? String(value) : value.toPrecision(1 + (i % 20));
    assert.ok(Object.is(parse(text), Number(text)), text);
  }
});

test('other notations are no numbers', () => {
  for (const text of [
    '',
    '-',
    '.',
    'e5',
    '1e',
    '1e+',
    '1.2.3',
    '0x10',
    '1_000',
    '1 2',
    '1,5',
    '--1',
    '1d5',
    'NA',
    'Infinit',
    '∞',
  ]) {
    assert.ok(Number.isNaN(parse(text)), text);
  }
  assert.equal(parse('-Infinity'), -Infinity);
  assert.equal(parse('INF'), Infinity);
  assert.equal(parse('1e999'), Infinity);
});

test('what a cell holds instead of a number', () => {
  assert.deepEqual(['', ' ', 'nan', '-NaN', 'inf', '1e999', '1,5', 'abc', '9'.repeat(2000)].map(kind), [
    'empty',
    'empty',
    'nan',
    'nan',
    'infinite',
    'too large',
    'decimal comma',
    'text',
    'too long',
  ]);
  assert.ok(looksNumeric(Buffer.from('nan'), 0, 3));
  assert.ok(!looksNumeric(Buffer.from('nam'), 0, 3));
});
