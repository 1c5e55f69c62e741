/**
 * A formula as one would write it by hand: positive terms before negative ones, equal factors above and below a
 * fraction cancelled, √(n·h) for n^0.5·h^0.5. For reading only: factors are cancelled also where they may be 0, for
 * which evaluation has conventions of its own.
 */
import type { Formula, FormulaOperation } from './formula.ts';
import { formulaKey } from './formula-key.ts';
import { numberOf } from './formula.ts';

export function readable(formula: Formula): Formula {
  if (formula.kind === 'over') return { ...formula, body: readable(formula.body) };
  if (formula.kind !== 'operation') return formula;
  const args = formula.args.map(readable);
  switch (formula.operation) {
    case 'add':
      return made('add', [...args.filter((each) => !isNegative(each)), ...args.filter(isNegative)]);
    case 'multiply':
    case 'divide':
      return quotient(formula.operation, args);
    default:
      return made(formula.operation, args);
  }
}

function made(operation: FormulaOperation, args: readonly Formula[]): Formula {
  return { kind: 'operation', operation, args };
}

/** Printed with a minus in front. */
function isNegative(formula: Formula): boolean {
  if (formula.kind !== 'operation') return (numberOf(formula) ?? 0) < 0;
  if (formula.operation === 'negate') return true;
  const [first] = formula.args;
  const leads = formula.operation === 'multiply' || formula.operation === 'divide';
  return leads && first !== undefined && isNegative(first);
}

interface Factor {
  readonly base: Formula;
  exponent: number;
}

/** The factors of one side; numbers and what is no product stay as they are. */
function factorsOf(formula: Formula): readonly Factor[] {
  if (formula.kind === 'operation') {
    const [first, second] = formula.args as [Formula, Formula | undefined];
    if (formula.operation === 'multiply') return formula.args.flatMap(factorsOf);
    if (formula.operation === 'power')
      return [{ base: first, exponent: second === undefined ? 1 : (numberOf(second) ?? 1) }];
    if (formula.operation === 'sqrt')
      return factorsOf(first).map(({ base, exponent }) => ({ base, exponent: exponent / 2 }));
  }
  return [{ base: formula, exponent: 1 }];
}

function quotient(operation: 'multiply' | 'divide', args: readonly Formula[]): Formula {
  const [first, second] = args as [Formula, Formula];
  const above = operation === 'multiply' ? args.flatMap(factorsOf) : factorsOf(first);
  const below = operation === 'multiply' ? [] : factorsOf(second);
  const collected = new Map<string, Factor>();
  const numbers = { above: [] as Formula[], below: [] as Formula[] };
  for (const [side, sign] of [
    [above, 1],
    [below, -1],
  ] as const) {
    for (const { base, exponent } of side) {
      if (numberOf(base) !== undefined) {
        (sign > 0 ? numbers.above : numbers.below).push(raised(base, exponent));
        continue;
      }
      const key = formulaKey(base);
      const before = collected.get(key);
      if (before === undefined) collected.set(key, { base, exponent: sign * exponent });
      else before.exponent += sign * exponent;
    }
  }
  const factors = [...collected.values()];
  const top = product(
    numbers.above,
    factors.filter(({ exponent }) => exponent > 0),
  );
  const bottom = product(
    numbers.below,
    factors
      .filter(({ exponent }) => exponent < 0)
      .map(({ base, exponent }) => ({ base, exponent: -exponent })),
  );
  return bottom === undefined
    ? (top ?? { kind: 'number', value: 1 })
    : made('divide', [top ?? { kind: 'number', value: 1 }, bottom]);
}

/** Whole powers first, then one root of all that have half of one. */
function product(numbers: readonly Formula[], factors: readonly Factor[]): Formula | undefined {
  const isRoot = ({ exponent }: Factor): boolean => exponent === 0.5;
  const parts = [
    ...numbers,
    ...factors.filter((each) => !isRoot(each)).map(({ base, exponent }) => raised(base, exponent)),
  ];
  const rooted = factors.filter(isRoot).map(({ base }) => base);
  if (rooted.length > 0) parts.push(made('sqrt', [joined(rooted)]));
  return parts.length === 0 ? undefined : joined(parts);
}

function joined(parts: readonly Formula[]): Formula {
  return parts.length === 1 ? (parts[0] as Formula) : made('multiply', parts);
}

function raised(base: Formula, exponent: number): Formula {
  if (exponent === 1) return base;
  return exponent === 0.5 ? made('sqrt', [base]) : made('power', [base, { kind: 'number', value: exponent }]);
}
