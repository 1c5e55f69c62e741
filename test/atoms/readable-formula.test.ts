/** Formulas as they are read: the same numbers, in the order and form of a paper. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFormula } from '../../server/src/atoms/formula-text.ts';
import type { Formula, FormulaOperation } from '../../server/src/atoms/formula.ts';
import {
  add,
  divide,
  multiply,
  negate,
  number,
  power,
  squareRoot,
  subtract,
  value,
} from '../../server/src/atoms/formula.ts';
import { readable } from '../../server/src/atoms/readable-formula.ts';
import { seeded } from '../support/seeded.ts';

const size = (name: string): Formula =>
  value({ kind: 'dimension', name, shape: [], dependence: 0, span: { start: 0, end: 0 } });
const n = size('n');
const h = size('h');

test('positive terms come before negative ones', () => {
  assert.equal(formatFormula(add(negate(n), number(1))), '1 − n');
  assert.equal(formatFormula(subtract(add(negate(n), h), number(2))), 'h − n − 2');
  assert.equal(formatFormula(multiply(number(3), add(multiply(number(-2), n), h))), '3·(h − 2·n)');
});

test('powers above and below cancel, and roots join', () => {
  const root = (formula: Formula): Formula => power(formula, 0.5);
  assert.equal(formatFormula(divide(multiply(root(n), root(h)), root(h))), '√n');
  assert.equal(formatFormula(multiply(number(2), root(n), root(h))), '2·√(n·h)');
  assert.equal(formatFormula(divide(power(n, 3), power(n, 2))), 'n');
  assert.equal(formatFormula(divide(n, power(n, 2))), '1/n');
  assert.equal(formatFormula(divide(multiply(number(2), root(n)), multiply(n, squareRoot(h)))), '2/√(n·h)');
  assert.equal(formatFormula(divide(add(n, h), multiply(add(n, h), h))), '1/h');
});

/** At whole sizes above 0, where nothing is an exception. */
function evaluate(formula: Formula, sizes: Readonly<Record<string, number>>): number {
  if (formula.kind === 'number') return formula.value;
  if (formula.kind === 'functional') {
    const [only] = formula.args;
    return only?.kind === 'dimension' ? (sizes[only.name] ?? NaN) : NaN;
  }
  if (formula.kind !== 'operation') return NaN;
  const args = formula.args.map((each) => evaluate(each, sizes));
  const [a = NaN, b = NaN] = args;
  const operations: Partial<Record<FormulaOperation, () => number>> = {
    add: () => args.reduce((sum, each) => sum + each),
    multiply: () => args.reduce((product, each) => product * each),
    divide: () => a / b,
    negate: () => -a,
    sqrt: () => Math.sqrt(a),
    power: () => a ** b,
  };
  return operations[formula.operation]?.() ?? NaN;
}

test('what is read is the same number', () => {
  const random = seeded(3);
  const grow = (depth: number): Formula => {
    const choice = Math.floor(8 * random());
    if (depth === 0 || choice === 0)
      return [n, h, size('k'), number(1 + Math.floor(4 * random()))][Math.floor(4 * random())] as Formula;
    const [a, b] = [grow(depth - 1), grow(depth - 1)];
    if (choice <= 2) return multiply(a, b);
    if (choice <= 4) return divide(a, b);
    if (choice === 5) return add(a, b);
    return choice === 6 ? power(a, [0.5, 2, 3][Math.floor(3 * random())] as number) : squareRoot(a);
  };
  for (let count = 0; count < 400; count++) {
    const formula = grow(5);
    const sizes = { n: 7, h: 3, k: 5 };
    const [exact, read] = [evaluate(formula, sizes), evaluate(readable(formula), sizes)];
    assert.ok(
      Math.abs(exact - read) <= 1e-12 * Math.abs(exact),
      `${formatFormula(formula)}: ${exact} and ${read}`,
    );
  }
});
