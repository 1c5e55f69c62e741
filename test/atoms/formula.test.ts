/** Folding and printing of formulas: zero wins, infinity propagates, numbers fold only where exact. */
import assert from 'node:assert';
import { test } from 'node:test';
import {
  add,
  divide,
  exponential,
  infinity,
  isInfinite,
  isNonNegative,
  isZero,
  largest,
  largestAbsolute,
  largestRowNorm,
  maximum,
  minimum,
  multiply,
  negate,
  norm,
  number,
  power,
  radius,
  smallest,
  smallestEigenvalue,
  smallestGramEigenvalue,
  spectralNorm,
  squareRoot,
  subtract,
  value,
  zero,
} from '../../server/src/atoms/formula.ts';
import { formatFormula } from '../../server/src/atoms/formula-text.ts';
import {
  apply,
  call,
  entrywise,
  number as literal,
  power as powerOf,
  size,
  symbol,
  times,
} from '../check/constants/written.ts';

const X = symbol('X', 'data', ['n', 'd']);
const D = symbol('D', 'data', ['n', 'd']);
const C = symbol('C', 'data', ['n', 'p']);
const t = symbol('t', 'data', ['n']);
const w = symbol('w', 'lower', ['d']);
const lambda = symbol('lambda', 'upper', ['d']);
const alpha = symbol('alpha', 'upper', []);
const bounded = symbol('bounded', 'upper', [], { lower: 0, upper: 1 });
const n = value(size('n'));

const printed: readonly (readonly [ReturnType<typeof add>, string])[] = [
  [
    add(
      divide(multiply(number(2), power(spectralNorm([X]), 2)), n),
      multiply(number(2), largest(call('exp', lambda))),
    ),
    '2·‖X‖²/n + 2·max(exp(lambda))',
  ],
  [multiply(number(2), smallestGramEigenvalue([X, literal(1)])), '2·λ_min([X, 1]ᵀ[X, 1])'],
  [negate(smallestEigenvalue(D)), '−λ_min(D)'],
  [smallestEigenvalue(alpha), 'alpha'],
  [smallestEigenvalue(literal(-2)), '−2'],
  [largestRowNorm([X, literal(1)]), 'maxᵢ‖[X, 1]ᵢ‖'],
  [multiply(spectralNorm([X]), spectralNorm([X])), '‖X‖²'],
  [squareRoot(power(spectralNorm([X]), 2)), '‖X‖'],
  [multiply(squareRoot(n), squareRoot(n)), 'n'],
  [subtract(smallest(w), multiply(radius, number(3))), 'min(w) − 3·ε'],
  [add(norm(w), norm(w)), '2·‖w‖'],
  [norm(X), '‖X‖_F'],
  [spectralNorm([times(apply('transpose', [D]), C)]), "‖D' * C‖"],
  [spectralNorm([call('transpose', entrywise(call('transpose', X), t))]), '‖diag(t) * X‖'],
  [largestAbsolute(alpha), '|alpha|'],
  [largestAbsolute(bounded), 'bounded'],
  [largestAbsolute(powerOf(w, 2)), 'max(w.^2)'],
  [exponential(largest(lambda)), 'exp(max(lambda))'],
  [multiply(divide(number(1), n), divide(norm(w), number(2))), '0.5·‖w‖/n'],
  [divide(norm(w), number(3)), '‖w‖/3'],
  [multiply(add(norm(w), number(1)), norm(X)), '(‖w‖ + 1)·‖X‖_F'],
  [divide(norm(w), multiply(n, n)), '‖w‖/n²'],
  [negate(add(norm(w), number(1))), '−(‖w‖ + 1)'],
  [maximum(zero, norm(w)), '‖w‖'],
  [maximum(norm(w), number(2), number(1), norm(w)), 'max(‖w‖, 2)'],
  [minimum(multiply(norm(w), norm(X)), multiply(norm(X), norm(w))), '‖w‖·‖X‖_F'],
];

test('a formula prints as in a paper', () => {
  for (const [formula, text] of printed) assert.strictEqual(formatFormula(formula), text);
});

test('zero wins over infinity, infinity over everything else', () => {
  assert.ok(isZero(multiply(zero, infinity)));
  assert.ok(isZero(multiply(zero, norm(w), infinity)));
  assert.ok(isInfinite(multiply(number(2), infinity, norm(w))));
  assert.ok(isInfinite(add(norm(w), infinity)));
  assert.ok(isInfinite(maximum(norm(w), infinity)));
  assert.strictEqual(formatFormula(minimum(norm(w), infinity)), '‖w‖');
  assert.strictEqual(formatFormula(add(infinity, number(-Infinity))), '−∞');
  assert.ok(isInfinite(divide(number(1), zero)));
  assert.ok(isZero(divide(zero, zero)));
  assert.ok(isZero(divide(norm(w), infinity)));
});

test('numbers fold only where the result is exact', () => {
  assert.deepStrictEqual(multiply(number(2), number(0.001)), number(0.002));
  assert.deepStrictEqual(add(number(0.5), number(0.25)), number(0.75));
  // 0.1 · 0.3 and 0.1 + 0.2 are no doubles: both parts stay, in either order.
  for (const formula of [
    multiply(number(0.1), number(0.3)),
    multiply(number(0.3), number(0.1), norm(w)),
    add(number(0.1), number(0.2)),
  ]) {
    assert.strictEqual(formula.kind, 'operation');
  }
  assert.strictEqual(formatFormula(multiply(number(0.1), number(0.3), norm(w))), '0.1·0.3·‖w‖');
  assert.strictEqual(divide(number(1), number(3)).kind, 'operation');
  assert.deepStrictEqual(divide(number(3), number(4)), number(0.75));
  assert.strictEqual(exponential(number(1)).kind, 'operation');
  assert.deepStrictEqual(exponential(number(-Infinity)), zero);
  assert.deepStrictEqual(squareRoot(number(9)), number(3));
  assert.strictEqual(squareRoot(number(2)).kind, 'operation');
});

test('signs are known where the structure tells them', () => {
  assert.ok(isNonNegative(multiply(norm(w), n)));
  assert.ok(!isNonNegative(value(alpha)));
  assert.ok(isNonNegative(value(bounded)));
  assert.ok(!isNonNegative(subtract(norm(w), n)));
  assert.ok(isNonNegative(largest(call('sigmoid', w))));
  assert.ok(!isNonNegative(power(value(alpha), 3)));
  assert.ok(isNonNegative(power(value(alpha), 2)));
  // √(alpha²) is |alpha|, not alpha.
  assert.strictEqual(formatFormula(squareRoot(power(value(alpha), 2))), '√(alpha²)');
});
