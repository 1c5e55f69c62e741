/** Pictures of formulas: boxes that hold what is drawn, lines that fit a hover, valid markup. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../../client/src/formulas/boxes.ts';
import { textWidth } from '../../client/src/formulas/metrics.ts';
import { formulaPicture } from '../../client/src/formulas/picture.ts';
import { atoms } from '../../server/src/atoms/index.ts';
import { expressionMath } from '../../server/src/features/mathematics/from-syntax.ts';
import { unicodeMath } from '../../server/src/features/mathematics/from-unicode.ts';
import type { Mathematics } from '../../server/src/protocol/mathematics.ts';
import { parse } from '../../server/src/syntax/parse.ts';

const style = { colour: '#123456', size: 16 };

function mathOf(text: string): Mathematics {
  const [item] = parse(`let f = ${text}`).tree.items;
  assert.ok(item?.kind === 'let');
  return expressionMath(item.value);
}

function svgOf(math: Mathematics): string {
  const uri = formulaPicture(math, style);
  const prefix = 'data:image/svg+xml;base64,';
  assert.ok(uri.startsWith(prefix));
  return Buffer.from(uri.slice(prefix.length), 'base64').toString('utf8');
}

const samples = [
  ...atoms.map(({ documentation }) => unicodeMath(documentation.formula)),
  mathOf("sumsq(X * w - y) / n + sqrt(x' * x / (1 + a / b)) - [a, b] + dot(x, y)"),
  mathOf('sum(i in s, abs(u[i]) ^ 2 / m) + norm1(x)'),
];

test('everything that is drawn lies in its picture', () => {
  for (const math of samples) {
    const svg = svgOf(math);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/u.exec(svg) ?? [];
    assert.ok(width !== undefined && height !== undefined);
    for (const [, x, y, length] of svg.matchAll(
      /<text x="([\d.-]+)" y="([\d.-]+)"[^>]*textLength="([\d.]+)"/gu,
    )) {
      assert.ok(Number(x) >= 0 && Number(x) + Number(length) <= Number(width), svg);
      assert.ok(Number(y) > 0 && Number(y) <= Number(height), svg);
    }
    for (const [, path = ''] of svg.matchAll(/ d="([^"]*)"/gu)) {
      const numbers = [...path.matchAll(/-?[\d.]+/gu)].map(Number);
      for (const [at, value] of numbers.entries()) {
        assert.ok(value >= -0.5 && value <= Number(at % 2 === 0 ? width : height) + 0.5, `${path} in ${svg}`);
      }
    }
  }
});

test('markup is closed and what is written in it escaped', () => {
  const svg = svgOf({ kind: 'word', text: 'a<b & "c"', style: 'upright' });
  assert.match(svg, />a&lt;b &amp; "c"<\/text>/u);
  assert.match(svg, /^<svg [^>]*><g fill="#123456"[^>]*>.*<\/g><\/svg>$/u);
});

test('a wide formula is broken before operators, and what cannot be broken is drawn smaller', () => {
  const terms = Array.from({ length: 12 }, (_, at) => `sumsq(data_${at} * weight)`).join(' + ');
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/u.exec(svgOf(mathOf(terms))) ?? [];
  assert.ok(Number(width) <= 560 && Number(height) > 60, `${String(width)} × ${String(height)}`);
  const [, narrow, view] =
    /width="([\d.]+)"[^>]*viewBox="0 0 ([\d.]+)/u.exec(svgOf(mathOf(`(${terms}) / n`))) ?? [];
  assert.ok(Number(narrow) <= 560.01 && Number(view) > 560, `${String(narrow)} of ${String(view)}`);
});

test('brackets, roots and fractions grow with what is in them', () => {
  const height = (text: string): number => {
    const { ascent, descent } = layOut(mathOf(text), 16);
    return ascent + descent;
  };
  assert.ok(height('(a / b) ^ 2') > height('(-a) ^ 2') + 5);
  assert.ok(height('sqrt(a / b)') > height('sqrt(a)') + 5);
  assert.ok(height('a / (b / c)') > height('a / b'));
});

test('every character has a width, marks none', () => {
  assert.equal(textWidth('e\u0301', false), textWidth('e', false));
  for (const character of ['λ', '𝐱', '😀', '漢', '∑', '\u00a0'])
    assert.ok(textWidth(character, true) > 0, character);
});
