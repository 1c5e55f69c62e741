/** Formulas as one would write them on paper: from the text, from constants, from what functions say of themselves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { atoms } from '../../server/src/atoms/index.ts';
import { formulaMath } from '../../server/src/features/mathematics/from-formula.ts';
import { expressionMath, objectiveMath } from '../../server/src/features/mathematics/from-syntax.ts';
import { unicodeMath } from '../../server/src/features/mathematics/from-unicode.ts';
import { knownOf } from '../../server/src/features/hover/expression.ts';
import { mathematicsText } from '../../server/src/features/mathematics/text.ts';
import { keywordHeadings } from '../../server/src/features/words.ts';
import { formulaAddress, replaceFormulas } from '../../server/src/protocol/mathematics.ts';
import { parse } from '../../server/src/syntax/parse.ts';
import type { LevelBlock } from '../../server/src/syntax/tree.ts';
import { ridge, snapshotOf } from './support.ts';

function written(text: string): string {
  const [item] = parse(`let f = ${text}`).tree.items;
  assert.ok(item?.kind === 'let');
  return mathematicsText(expressionMath(item.value));
}

const expressions: readonly (readonly [string, string])[] = [
  ['sumsq(X * w - y) / n', '‖X w − y‖²/n'],
  ['(a + b) / (c + d)', '(a + b)/(c + d)'],
  ['a - (b - c)', 'a − (b − c)'],
  ['a - (b + c)', 'a − (b + c)'],
  ['(a + b) * c', '(a + b) c'],
  ['-(a + b)', '−(a + b)'],
  ['2 * x * 3', '2x · 3'],
  ['-x ^ 2', '−x²'],
  ['(-x) ^ 2', '(−x)²'],
  ['x ^ -1', 'x⁻¹'],
  ["w' * A * w", 'wᵀ A w'],
  ["(A * w)'", '(A w)ᵀ'],
  ['quad_form(A * x, P)', '(A x)ᵀ P A x'],
  ['solve(A + I, X * w)', '(A + I)⁻¹ X w'],
  ["matrix_frac(x, A) + inv(A)' * x", 'xᵀ A⁻¹ x + (A⁻¹)ᵀ x'],
  ['log_det(A + B)', 'log det(A + B)'],
  ['dot(x, y)', '⟨x, y⟩'],
  ['norm1(x) + norm2(x) + abs(t)', '‖x‖₁ + ‖x‖ + |t|'],
  ['sqrt(1e-4 + t ^ 2)', '√(10⁻⁴ + t²)'],
  ['sum(exp(lambda) .* w .^ 2)', '∑ exp(λ) ⊙ w²'],
  ['sum(a + b)', '∑ (a + b)'],
  ['sum(i in s, f(u[i]))', '∑ᵢ₌₁ˢ f(uᵢ)'],
  ['mean(i in t, x[i])', '1/t ∑ᵢ₌₁ᵗ xᵢ'],
  ['A[1..k, :] + x[3]', 'A_(1…k, :) + x₃'],
  ['alpha_1 + theta2 + w0 + lambda_max + data2', 'α₁ + θ₂ + w₀ + λₘₐₓ + data2'],
  ['x[i] ^ 2 + norm1(x) ^ 2', 'xᵢ² + ‖x‖₁²'],
  ['huber(t, threshold = 2)', 'huber(t, threshold = 2)'],
  ['a + ', 'a + □'],
  ['𝐱 + 😀', '𝐱 + □'],
];

for (const [text, expected] of expressions) {
  test(`\`${text}\` is ${expected}`, () => {
    assert.equal(written(text), expected);
  });
}

test('objectives of every kind', () => {
  const text = `
upper { a : vector[2] in [0, 1]  maximize a' * x }
lower { z : matrix[2, 2]  fixed_point z = tanh(z * A') }`;
  const levels = parse(text).tree.items as readonly LevelBlock[];
  const texts = levels.map((level) => {
    const [objective] = level.objectives;
    assert.ok(objective !== undefined);
    return mathematicsText(objectiveMath(level, objective, ['a']));
  });
  assert.deepEqual(texts, ['maxₐ aᵀ x', 'z = tanh(z Aᵀ)']);
});

test('a matrix has the norm of Frobenius where its shape is known', () => {
  const snapshot = snapshotOf(ridge.replace('sumsq(X * w - y) / n\n', 'sumsq(X * w - y) / n + sumsq(X)\n'));
  const level = snapshot.parsed.tree.items.find((item): item is LevelBlock => item.kind === 'upper');
  assert.ok(level !== undefined && level.objectives[0] !== undefined);
  const math = expressionMath(level.objectives[0].expression, knownOf(snapshot));
  assert.match(mathematicsText(math), /‖X‖_F²$/u);
});

test("a function of the file is written as a call, also where it has the name of the language's", () => {
  const snapshot = snapshotOf(
    `let norm2(z) = sum(z .^ 2)\n${ridge.replace('sumsq(X * w - y) / n\n', 'norm2(X * w - y) + sumsq(w)\n')}`,
  );
  const level = snapshot.parsed.tree.items.find((item): item is LevelBlock => item.kind === 'upper');
  assert.ok(level?.objectives[0] !== undefined);
  const text = mathematicsText(expressionMath(level.objectives[0].expression, knownOf(snapshot)));
  assert.equal(text, 'norm2(X w − y) + ‖w‖²');
});

test('constants read as in a paper', () => {
  const { constants } = snapshotOf(ridge).checked.partial;
  assert.ok(constants !== undefined);
  assert.equal(mathematicsText(formulaMath(constants.mu.formula)), '2λₘᵢₙ(Xᵀ X)/n + 2 min(exp(θ))');
  assert.match(mathematicsText(formulaMath(constants.L.formula)), /‖X‖₂²/u);
});

test('what functions say of themselves: scripts, fractions, roots and sums are found', () => {
  const of = (text: string): unknown => unicodeMath(text);
  assert.deepEqual(of('1/(1 + e⁻ᵗ)'), {
    kind: 'fraction',
    above: { kind: 'word', text: '1', style: 'upright' },
    below: unicodeMath('1 + e⁻ᵗ'),
  });
  assert.equal((of('√(t² + n²)') as { kind: string }).kind, 'root');
  assert.deepEqual((of('√Σᵢ xᵢ² ≤ r') as { parts: unknown[] }).parts[0], {
    kind: 'root',
    inner: of('Σᵢ xᵢ²'),
  });
  assert.equal((of('Σᵢ') as { kind: string }).kind, 'limits');
  assert.equal((of('maxᵢ') as { kind: string }).kind, 'limits');
  for (const { name, documentation } of atoms) {
    const text = mathematicsText(unicodeMath(documentation.formula));
    const letters = (each: string): string => each.replaceAll(/[\s()Σ∑·,;]/gu, '');
    assert.equal(letters(text), letters(documentation.formula), name);
  }
});

test('any text whatever has an image', () => {
  for (const text of [
    '',
    ' ',
    '²',
    'ᵢ',
    '/',
    '√',
    '(',
    ')',
    '|',
    '||',
    '‖a',
    'a)b',
    '1//2',
    'Σ / Σ',
    '😀ᵗ',
    '()',
    '𝐱²',
  ]) {
    assert.doesNotThrow(() => mathematicsText(unicodeMath(text)), text);
  }
});

test('a formula travels in an address; what only looks like one stays', () => {
  const math = unicodeMath('‖x‖² = Σᵢ xᵢ²');
  const address = formulaAddress(math);
  assert.ok(address !== undefined);
  assert.equal(replaceFormulas(`a ![b](${address}) c`, mathematicsText), 'a ![b](‖x‖² = ∑ᵢ xᵢ²) c');
  assert.equal(replaceFormulas('bilevel-formula:nonsense', mathematicsText), 'bilevel-formula:nonsense');
  const long = unicodeMath('x + '.repeat(2000));
  assert.equal(formulaAddress(long), undefined);
});

test('links to the reference lead to headings that it has', () => {
  const reference = readFileSync(join(import.meta.dirname, '..', '..', 'grammar', 'README.md'), 'utf8');
  const headings = [...reference.matchAll(/^#+ (.*)$/gmu)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replaceAll(/[^\w\s-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  for (const heading of [
    ...Object.values(keywordHeadings),
    'types-and-dimensions',
    'data-sources',
    'solve',
  ]) {
    assert.ok(headings.includes(heading), heading);
  }
});
