/**
 * Scalar formulas for constants (mu, L, L_H, …): sums, products and maxima of numbers and of
 * functionals of typed expressions in theta, the data and, on a ball, the lower point x~ and its
 * radius eps. Built only through the functions below, which fold numbers, so that a printed
 * formula reads as in a paper (formula-text.ts). The compiler lowers a formula to the graph like
 * any expression.
 *
 * Meaning, for whoever evaluates:
 * - Lower unknowns inside functionals stand for their values at the centre of the ball. Where no
 *   ball is given the radius is infinite.
 * - 0 · infinity = 0 (a term that is absent), a / 0 = infinity for a > 0, 0 / 0 = 0.
 * - Numbers are folded only where that is exact, so that a formula means one real number; the
 *   evaluator rounds outwards.
 */
import { formulaKey } from './formula-key.ts';
import type { Dimension } from '../base/dimension.ts';
import type { Expression } from './expression.ts';
import { isExactProduct, isExactQuotient, isExactRoot, isExactSum } from './exact.ts';
import { wholeLine } from './expression.ts';

/**
 * Functionals of arrays: largest, smallest and largest absolute entry; sum of absolute entries; `norm`
 * (2-norm of all entries); `value` of a scalar. Others take several matrices side by side:
 * A = [A1, A2, …], in which a vector is one column and a scalar a column that repeats it: `largest_row_norm`
 * (of a tensor the last axis is the row), `spectral_norm` (of a vector: its 2-norm),
 * `smallest_gram_eigenvalue` of A'A. `smallest_eigenvalue` is that of one symmetric matrix, of either sign,
 * `smallest_curvature` that of the Hessian of a scalar that is convex and quadratic in the lower unknowns, in
 * those that occur in it. It and `smallest_gram_eigenvalue` are never negative, and an evaluator may give 0.
 */
export type Functional =
  | 'largest'
  | 'smallest'
  | 'largest_absolute'
  | 'sum_absolute'
  | 'norm'
  | 'largest_row_norm'
  | 'spectral_norm'
  | 'smallest_gram_eigenvalue'
  | 'smallest_eigenvalue'
  | 'smallest_curvature'
  | 'convolution_norm'
  /** The value of a scalar expression. */
  | 'value';

/** `power` has a number as its second argument; the base is not negative unless that is an integer. */
export type FormulaOperation =
  | 'add'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'sqrt'
  | 'exp'
  /** Of what is not negative; −∞ at 0. */
  | 'log'
  | 'negate'
  | 'power';

export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  /** `args`: several only for the side-by-side functionals. */
  | { readonly kind: 'functional'; readonly functional: Functional; readonly args: readonly Expression[] }
  /** The radius eps of the ball B(x~, eps) on which the constant is wanted. */
  | { readonly kind: 'radius' }
  | { readonly kind: 'operation'; readonly operation: FormulaOperation; readonly args: readonly Formula[] }
  /** The largest, the smallest or the sum of the values of the body for the index from 1 to the dimension. */
  | {
      readonly kind: 'over';
      readonly reduce: OverReduction;
      readonly index: string;
      readonly dimension: Dimension;
      readonly body: Formula;
    };

export type OverReduction = 'maximum' | 'minimum' | 'sum';

export const zero: Formula = { kind: 'number', value: 0 };
export const one: Formula = { kind: 'number', value: 1 };
export const infinity: Formula = { kind: 'number', value: Infinity };
export const radius: Formula = { kind: 'radius' };

export function number(value: number): Formula {
  return { kind: 'number', value };
}

export function numberOf(formula: Formula): number | undefined {
  return formula.kind === 'number' ? formula.value : undefined;
}

export function isZero(formula: Formula): boolean {
  return numberOf(formula) === 0;
}

/** Known to be infinite whatever the data. */
export function isInfinite(formula: Formula): boolean {
  return Math.abs(numberOf(formula) ?? 0) === Infinity;
}

/** Provably at least 0 whatever the data. */
export function isNonNegative(formula: Formula): boolean {
  switch (formula.kind) {
    case 'number':
      return formula.value >= 0;
    case 'radius':
      return true;
    case 'functional':
      if (formula.functional === 'smallest_eigenvalue') return false;
      return (
        !['largest', 'smallest', 'value'].includes(formula.functional) ||
        formula.args.every(isNonNegativeExpression)
      );
    case 'operation': {
      const { operation, args } = formula;
      if (operation === 'exp' || operation === 'sqrt') return true;
      if (operation === 'power') {
        const [base, exponent] = args as readonly [Formula, Formula];
        return isNonNegative(base) || (numberOf(exponent) ?? 1) % 2 === 0;
      }
      if (operation === 'maximum') return args.some(isNonNegative);
      return operation !== 'negate' && operation !== 'log' && args.every(isNonNegative);
    }
    case 'over':
      return isNonNegative(formula.body);
  }
}

/** By the signs of the arguments and the range of the outermost atom. */
export function isNonNegativeExpression(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
      return expression.value >= 0;
    case 'dimension':
      return true;
    case 'symbol':
      return expression.symbol.range.lower >= 0;
    case 'source':
      return false;
    case 'apply': {
      const facts = expression.args.map((argument) => ({
        shape: argument.shape,
        range: isNonNegativeExpression(argument) ? { lower: 0, upper: Infinity } : wholeLine,
        fixed: false,
      }));
      return expression.atom.range(facts, expression.parameters).lower >= 0;
    }
    case 'comprehension':
      return isNonNegativeExpression(expression.body);
  }
}

export function add(...terms: readonly Formula[]): Formula {
  let constant = 0;
  const apart: Formula[] = [];
  const collected = new Map<string, { coefficient: number; rest: Formula }>();
  for (const term of terms.flatMap((each) => operandsOf(each, 'add'))) {
    const value = numberOf(term);
    if (value !== undefined) {
      // -infinity wins: it only arises in lower bounds, where it is the safe answer.
      if (constant === -Infinity || value === -Infinity) constant = -Infinity;
      else if (isExactSum(constant, value)) constant += value;
      else apart.push(term);
      continue;
    }
    const { coefficient, rest } = splitCoefficient(term);
    const key = formulaKey(rest);
    const before = collected.get(key)?.coefficient ?? 0;
    if (isExactSum(before, coefficient)) collected.set(key, { coefficient: before + coefficient, rest });
    else apart.push(term);
  }
  if (Math.abs(constant) === Infinity) return number(constant);
  const args = [...collected.values()]
    .filter(({ coefficient }) => coefficient !== 0)
    .map(({ coefficient, rest }) => scale(coefficient, rest))
    .concat(apart);
  if (constant !== 0 || args.length === 0) args.push(number(constant));
  return args.length === 1 ? (args[0] as Formula) : operation('add', args);
}

export function subtract(a: Formula, b: Formula): Formula {
  return add(a, negate(b));
}

export function negate(a: Formula): Formula {
  return multiply(number(-1), a);
}

/** Zero wins over infinity; equal factors become powers. */
export function multiply(...factors: readonly Formula[]): Formula {
  let coefficient = 1;
  const apart: Formula[] = [];
  const collected = new Map<string, { base: Formula; exponent: number }>();
  const flat = factors.flatMap((factor) => operandsOf(factor, 'multiply'));
  if (flat.some(isZero)) return zero;
  const quotients = flat.filter((factor) => factor.kind === 'operation' && factor.operation === 'divide');
  if (quotients.length > 0 && flat.length > 1) {
    // One quotient of products.
    const parts = quotients.map((factor) => (factor.kind === 'operation' ? factor.args : [])) as (readonly [
      Formula,
      Formula,
    ])[];
    const above = flat
      .filter((factor) => !quotients.includes(factor))
      .concat(parts.map(([numerator]) => numerator));
    return divide(multiply(...above), multiply(...parts.map(([, denominator]) => denominator)));
  }
  for (const factor of flat) {
    const value = numberOf(factor);
    if (value !== undefined) {
      if (isExactProduct(coefficient, value)) coefficient *= value;
      else apart.push(factor);
      continue;
    }
    const { base, exponent } = splitPower(factor);
    const key = formulaKey(base);
    const before = collected.get(key);
    collected.set(key, { base, exponent: (before?.exponent ?? 0) + exponent });
  }
  if (Math.abs(coefficient) === Infinity) return number(coefficient);
  const powers = [...collected.values()].map(({ base, exponent }) => power(base, exponent));
  // √3 · √3 is a number again.
  if (powers.some((each) => each.kind === 'number'))
    return multiply(number(coefficient), ...apart, ...powers);
  const args = [...apart, ...powers];
  return scale(
    coefficient,
    args.length === 1 ? (args[0] as Formula) : args.length === 0 ? one : operation('multiply', args),
  );
}

export function divide(a: Formula, b: Formula): Formula {
  if (isZero(a)) return zero;
  const divisor = numberOf(b);
  if (divisor === 0) return multiply(a, infinity);
  if (divisor !== undefined && Math.abs(divisor) === Infinity) return isInfinite(a) ? infinity : zero;
  if (isInfinite(a)) return divisor !== undefined && divisor < 0 ? negate(a) : a;
  const { coefficient, rest } = splitCoefficient(a);
  if (divisor !== undefined && isExactQuotient(coefficient, divisor))
    return scale(coefficient / divisor, rest);
  if (formulaKey(rest) === formulaKey(b)) return number(coefficient);
  if (rest.kind === 'operation' && rest.operation === 'divide') {
    const [above, below] = rest.args as readonly [Formula, Formula];
    return scale(coefficient, operation('divide', [above, multiply(below, b)]));
  }
  return operation('divide', [a, b]);
}

export function maximum(...args: readonly Formula[]): Formula {
  return extremum('maximum', args);
}

export function minimum(...args: readonly Formula[]): Formula {
  return extremum('minimum', args);
}

/** base^exponent for base >= 0, or an integer exponent. */
export function power(base: Formula, exponent: number): Formula {
  const value = numberOf(base);
  if (exponent === 0 || value === 1) return one;
  if (exponent === 1) return base;
  if (value === 0 || value === Infinity) return number(value ** exponent);
  if (value !== undefined && exponent === 2 && isExactProduct(value, value)) return number(value * value);
  if (base.kind === 'operation') {
    const [first, second] = base.args;
    if (base.operation === 'power' && (Number.isInteger(exponent) || isNonNegative(first as Formula)))
      return power(first as Formula, exponent * (numberOf(second as Formula) ?? 1));
    if (base.operation === 'sqrt' && exponent % 2 === 0) return power(first as Formula, exponent / 2);
    if (base.operation === 'multiply') return multiply(...base.args.map((factor) => power(factor, exponent)));
    if (base.operation === 'divide')
      return divide(power(first as Formula, exponent), power(second as Formula, exponent));
  }
  return operation('power', [base, number(exponent)]);
}

export function squareRoot(a: Formula): Formula {
  const value = numberOf(a);
  if (value !== undefined && isExactRoot(value)) return number(Math.sqrt(value));
  const { coefficient, rest } = splitCoefficient(a);
  if (rest.kind === 'operation' && rest.operation === 'power' && isNonNegative(rest.args[0] as Formula)) {
    const exponent = numberOf(rest.args[1] as Formula) ?? 1;
    return multiply(squareRoot(number(coefficient)), power(rest.args[0] as Formula, exponent / 2));
  }
  return operation('sqrt', [a]);
}

export function exponential(a: Formula): Formula {
  const value = numberOf(a);
  return value === 0 || Math.abs(value ?? 0) === Infinity
    ? number(Math.exp(value as number))
    : operation('exp', [a]);
}

export function logarithm(a: Formula): Formula {
  const value = numberOf(a);
  return value === 1 || value === 0 || value === Infinity ? number(Math.log(value)) : operation('log', [a]);
}

/** max_k e_k */
export function largest(e: Expression): Formula {
  return functional('largest', [e]);
}

/** min_k e_k */
export function smallest(e: Expression): Formula {
  return functional('smallest', [e]);
}

/** max_k |e_k| */
export function largestAbsolute(e: Expression): Formula {
  return functional('largest_absolute', [e]);
}

/** sum_k |e_k| */
export function sumAbsolute(e: Expression): Formula {
  return functional('sum_absolute', [e]);
}

/** 2-norm of all entries. */
export function norm(e: Expression): Formula {
  return functional('norm', [e]);
}

/** The value of a scalar. */
export function value(e: Expression): Formula {
  return functional('value', [e]);
}

/** The norm of convolution with the filters [m, w], [m, h, w], or [f, c, h, w] from c channels. */
export const convolutionNorm = (filters: Expression): Formula => functional('convolution_norm', [filters]);

/** ‖[A1, A2, …]‖; ‖A'‖ is ‖A‖. */
export function spectralNorm(matrices: readonly Expression[]): Formula {
  const [only] = matrices;
  if (matrices.length === 1 && only?.kind === 'apply' && only.atom.name === 'transpose') {
    // Rows with weights are written by transposes, and read better with them.
    if (only.args[0]?.kind === 'symbol') return spectralNorm(only.args);
  }
  return functional('spectral_norm', matrices);
}

/** max_i ‖row i of [A1, A2, …]‖ */
export function largestRowNorm(matrices: readonly Expression[]): Formula {
  return functional('largest_row_norm', matrices);
}

/** lambda_min(A'A) with A = [A1, A2, …] */
export function smallestGramEigenvalue(matrices: readonly Expression[]): Formula {
  return functional('smallest_gram_eigenvalue', matrices);
}

/** lambda_min(S) of a symmetric matrix S */
export function smallestEigenvalue(matrix: Expression): Formula {
  return functional('smallest_eigenvalue', [matrix]);
}

function functional(name: Functional, args: readonly Expression[]): Formula {
  const [only] = args;
  if (args.length === 1 && only !== undefined && only.kind === 'number' && only.shape.length === 0) {
    const signed = ['largest', 'smallest', 'value', 'smallest_eigenvalue'].includes(name);
    return number(
      signed ? only.value : name === 'smallest_gram_eigenvalue' ? only.value ** 2 : Math.abs(only.value),
    );
  }
  // A scalar is its own largest and smallest entry, and its norms are its absolute value.
  if (args.length === 1 && only !== undefined && only.shape.length === 0) {
    if (['largest', 'smallest', 'smallest_eigenvalue'].includes(name))
      return { kind: 'functional', functional: 'value', args };
    if (name === 'smallest_gram_eigenvalue') return power(functional('largest_absolute', args), 2);
    if (name !== 'value') {
      return {
        kind: 'functional',
        functional: isNonNegativeExpression(only) ? 'value' : 'largest_absolute',
        args,
      };
    }
  }
  if (name === 'largest_absolute' && only !== undefined && isNonNegativeExpression(only)) {
    return { kind: 'functional', functional: 'largest', args };
  }
  return { kind: 'functional', functional: name, args };
}

function operation(name: FormulaOperation, args: readonly Formula[]): Formula {
  return { kind: 'operation', operation: name, args };
}

function scale(coefficient: number, rest: Formula): Formula {
  const value = numberOf(rest);
  if (value !== undefined && isExactProduct(coefficient, value)) return number(coefficient * value);
  if (coefficient === 1) return rest;
  if (rest.kind === 'operation' && rest.operation === 'divide') {
    const [above, below] = rest.args as readonly [Formula, Formula];
    return operation('divide', [multiply(number(coefficient), above), below]);
  }
  const factors = operandsOf(rest, 'multiply');
  return coefficient === -1
    ? operation('negate', [rest])
    : operation('multiply', [number(coefficient), ...factors]);
}

/** The operands of a sum, a product or an extremum, or the formula alone. */
export function operandsOf(
  formula: Formula,
  name: 'add' | 'multiply' | 'maximum' | 'minimum',
): readonly Formula[] {
  if (formula.kind !== 'operation') return [formula];
  if (name === 'multiply' && formula.operation === 'negate')
    return [number(-1), ...operandsOf(formula.args[0] as Formula, name)];
  return formula.operation === name ? formula.args : [formula];
}

function splitCoefficient(formula: Formula): { coefficient: number; rest: Formula } {
  if (formula.kind !== 'operation') return { coefficient: 1, rest: formula };
  if (formula.operation === 'negate') return { coefficient: -1, rest: formula.args[0] as Formula };
  if (formula.operation === 'divide') {
    const [above, below] = formula.args as readonly [Formula, Formula];
    const { coefficient, rest } = splitCoefficient(above);
    const value = numberOf(above);
    if (value !== undefined) return { coefficient: value, rest: operation('divide', [one, below]) };
    return { coefficient, rest: coefficient === 1 ? formula : operation('divide', [rest, below]) };
  }
  if (formula.operation !== 'multiply') return { coefficient: 1, rest: formula };
  const [first, ...others] = formula.args;
  const coefficient = first === undefined ? undefined : numberOf(first);
  if (coefficient === undefined) return { coefficient: 1, rest: formula };
  return { coefficient, rest: others.length === 1 ? (others[0] as Formula) : operation('multiply', others) };
}

function splitPower(formula: Formula): { base: Formula; exponent: number } {
  if (formula.kind !== 'operation') return { base: formula, exponent: 1 };
  const [first, second] = formula.args;
  if (formula.operation === 'power')
    return { base: first as Formula, exponent: numberOf(second as Formula) ?? 1 };
  if (formula.operation === 'sqrt') return { base: first as Formula, exponent: 0.5 };
  return { base: formula, exponent: 1 };
}

function extremum(name: 'maximum' | 'minimum', args: readonly Formula[]): Formula {
  const better = name === 'maximum' ? Math.max : Math.min;
  let constant = name === 'maximum' ? -Infinity : Infinity;
  const others = new Map<string, Formula>();
  for (const arg of args.flatMap((each) => operandsOf(each, name))) {
    const value = numberOf(arg);
    const key = formulaKey(arg);
    if (value === undefined) others.set(key, others.get(key) ?? arg);
    else constant = better(constant, value);
  }
  if (others.size === 0) return number(constant);
  if (constant === (name === 'maximum' ? Infinity : -Infinity)) return number(constant);
  let rest = [...others.values()];
  if (constant === 0 && rest.some(isNonNegative)) {
    if (name === 'minimum' && rest.every(isNonNegative)) return zero;
    if (name === 'maximum') constant = -Infinity;
  }
  if (Number.isFinite(constant)) rest = [...rest, number(constant)];
  return rest.length === 1 ? (rest[0] as Formula) : operation(name, rest);
}
