/**
 * Entrywise compositions of one array s, such as `inv_pos(1.5 + tanh(s))` or `s .* sigmoid(2 * s)`, as functions F of one
 * variable. The chain rule on the whole line takes the worst of each factor wherever that is; here it is taken
 * on small intervals, so that all factors are at about the same s, and the largest of these bounds counts. The
 * intervals are halved where the bound is largest until that gains little. All are numbers, rounded outwards.
 */
import type { ApplyTerm, Expression, Interval } from '../../atoms/expression.ts';
import type { Formula } from '../../atoms/formula.ts';
import { number, numberOf } from '../../atoms/formula.ts';
import { expressionKey } from '../../atoms/formula-key.ts';
import { sameShape } from '../../base/dimension.ts';
import { isFixed, rangeOf } from '../curvature.ts';
import { levelsOf } from './expressions.ts';
import { outwardRange, widened } from './static-range.ts';

/** Upper bounds of the sizes of the first, second and third derivative. */
export type Sizes = readonly [number, number, number];

/** A composition F(inner), and bounds of its derivatives over the static range of inner. */
export interface OneVariable {
  readonly inner: Expression;
  readonly bounds: Sizes;
}

/** F on an interval: where it lies, and its derivatives. */
interface Jet {
  readonly range: Interval;
  readonly sizes: Sizes;
}

const known = new WeakMap<ApplyTerm, OneVariable | undefined>();

/** Undefined where the term is no such composition, or one of a single function, which has its own bounds. */
export function oneVariableOf(term: ApplyTerm): OneVariable | undefined {
  if (!known.has(term)) known.set(term, find(term));
  return known.get(term);
}

function find(term: ApplyTerm): OneVariable | undefined {
  const composed = compositionOf(term, 2);
  if (composed === undefined) return undefined;
  const { inner, jetOn } = composed;
  return { inner, bounds: largestOver(rangeOf(inner), (interval) => jetOn(interval)?.sizes ?? unbounded) };
}

export interface Composition {
  readonly inner: Expression;
  readonly jetOn: JetOn;
}

/** With at least so many functions that are not straight around the variable. */
export function compositionOf(term: ApplyTerm, leastBends: number): Composition | undefined {
  if (isFixed(term)) return undefined;
  const inner = variableOf(term);
  if (inner === undefined || !sameShape(inner.shape, term.shape)) return undefined;
  const key = expressionKey(inner);
  return bendsIn(term, key) < leastBends ? undefined : { inner, jetOn: jetOf(term, key) };
}

export const unbounded: Sizes = [Infinity, Infinity, Infinity];

const arithmetic: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'negate',
  'multiply',
  'matmul',
  'divide',
]);

/** A kink at the end of two intervals would be seen in neither: functions that have one are no part of this. */
function isEntrywise(e: Expression): e is ApplyTerm {
  if (e.kind !== 'apply') return false;
  const { name, derivativeBound, smoothness } = e.atom;
  if (name === 'matmul') return e.args.some(({ shape }) => shape.length === 0);
  return (
    arithmetic.has(name) || (derivativeBound !== undefined && e.args.length === 1 && smoothness === Infinity)
  );
}

/** All that a composition is made of beside numbers; undefined where that is not one thing. A product of levels is. */
function variableOf(e: Expression): Expression | undefined {
  if (!isEntrywise(e) || levelsOf(e) !== undefined) return e;
  const found = e.args.filter(({ kind }) => kind !== 'number').map(variableOf);
  const [first] = found;
  if (first === undefined) return undefined;
  const key = expressionKey(first);
  return found.every((each) => each !== undefined && expressionKey(each) === key) ? first : undefined;
}

/** How many functions that are not straight there are around the variable. */
function bendsIn(e: Expression, key: string): number {
  if (!isEntrywise(e) || expressionKey(e) === key) return 0;
  const inside = e.args.reduce((sum, argument) => sum + bendsIn(argument, key), 0);
  const isStraight = arithmetic.has(e.atom.name) && e.args.some(({ kind }) => kind === 'number');
  const isSum = e.atom.name === 'add' || e.atom.name === 'subtract' || e.atom.name === 'negate';
  return inside + (isStraight || isSum ? 0 : 1);
}

interface Cell {
  readonly interval: Interval;
  readonly sizes: Sizes;
}

/** Where to begin, on both sides of 0. */
const ends = [0, 1e-3, 1e-2, 0.1, 0.3, 1, 3, 10, 30, 100, 1000, 1e6, Infinity];
/** For all three derivatives together. */
const mostCells = 200;
/** How close a bound is to come to the largest one that was met at a single point. */
const closeEnough = 1.01;
/** So often an interval without a bound is halved before none is expected. */
const mostUnbounded = 6;

/** The largest sizes over the domain, from bounds over parts of it. */
export function largestOver(domain: Interval, sizesOn: (interval: Interval) => Sizes): Sizes {
  const inside = [...ends.map((end) => -end), ...ends].filter(
    (end) => end > domain.lower && end < domain.upper,
  );
  const cuts = [...new Set([domain.lower, ...inside, domain.upper])].sort((a, b) => a - b);
  if (cuts.length < 2) return sizesOn(domain);
  const cellOn = (lower: number, upper: number): Cell => ({
    interval: { lower, upper },
    sizes: sizesOn({ lower, upper }),
  });
  const cells = cuts.slice(1).map((upper, at) => cellOn(cuts[at] as number, upper));
  const largest = (order: 0 | 1 | 2): number => {
    let attained = 0;
    let failures = 0;
    for (;;) {
      const worst = cells.reduce((a, b) => (b.sizes[order] > a.sizes[order] ? b : a));
      const size = worst.sizes[order];
      const { lower, upper } = worst.interval;
      const middle = middleOf(worst.interval);
      const isDone = size === 0 || cells.length >= mostCells || !(lower < middle && middle < upper);
      if (isDone || (size === Infinity && failures++ >= mostUnbounded)) return size;
      attained = Math.max(attained, sizesOn({ lower: middle, upper: middle })[order]);
      if (size <= closeEnough * attained) return size;
      cells.splice(cells.indexOf(worst), 1, cellOn(lower, middle), cellOn(middle, upper));
    }
  };
  return [largest(0), largest(1), largest(2)];
}

function middleOf({ lower, upper }: Interval): number {
  if (lower === -Infinity) return upper === Infinity ? 0 : Math.min(2 * upper, -1);
  return upper === Infinity ? Math.max(2 * lower, 1) : lower / 2 + upper / 2;
}

/** The composition where its variable lies in an interval; undefined where a derivative has no bound. */
type JetOn = (at: Interval) => Jet | undefined;

function jetOf(e: Expression, key: string): JetOn {
  if (e.kind === 'number') {
    const constant: Jet = { range: { lower: e.value, upper: e.value }, sizes: [0, 0, 0] };
    return () => constant;
  }
  if (!isEntrywise(e) || expressionKey(e) === key) return (at) => ({ range: at, sizes: [1, 0, 0] });
  const { atom, args, parameters } = e;
  const [a, b] = args.map((argument) => jetOf(argument, key)) as [JetOn, JetOn?];
  const rangeFrom = (...parts: readonly Jet[]): Interval => {
    const facts = parts.map(({ range }, k) => ({
      shape: (args[k] as Expression).shape,
      range,
      fixed: false,
    }));
    return widened(atom.range(facts, parameters));
  };
  if (b === undefined) return (at) => ofFunction(e, a(at), rangeFrom);
  return (at) => {
    const [first, second] = [a(at), b(at)];
    if (first === undefined || second === undefined) return undefined;
    const range = rangeFrom(first, second);
    if (atom.name === 'add' || atom.name === 'subtract') {
      return { range, sizes: sumOf(first.sizes, second.sizes) };
    }
    if (atom.name !== 'divide') return { range, sizes: productOf(first, second) };
    const inverse = reciprocalOf(second);
    return inverse && { range, sizes: productOf(first, inverse) };
  };
}

/** phi of one argument, or its negative. */
function ofFunction(
  { atom, parameters }: ApplyTerm,
  inner: Jet | undefined,
  rangeFrom: (inner: Jet) => Interval,
): Jet | undefined {
  if (inner === undefined) return undefined;
  const range = rangeFrom(inner);
  const { derivativeBound } = atom;
  if (atom.name === 'negate' || derivativeBound === undefined) return { range, sizes: inner.sizes };
  const [lower, upper] = [number(inner.range.lower), number(inner.range.upper)];
  const slope = (order: 1 | 2 | 3): number => above(derivativeBound(order, lower, upper, parameters));
  return { range, sizes: chained([slope(1), slope(2), slope(3)], inner.sizes) };
}

function reciprocalOf({ range: { lower, upper }, sizes }: Jet): Jet | undefined {
  const distance = Math.max(lower, -upper);
  if (!(distance > 0)) return undefined;
  const slopes = [1, 2, 6].map((factor, k) => up(factor / distance ** (k + 2)));
  return { range: widened({ lower: 1 / upper, upper: 1 / lower }), sizes: chained(slopes, sizes) };
}

function above(formula: Formula): number {
  return numberOf(formula) ?? outwardRange(formula).upper;
}

/** The chain rule, from the derivatives of the outer and of the inner function. */
function chained(outer: readonly number[], [a, b, c]: Sizes): Sizes {
  const [f = Infinity, g = Infinity, h = Infinity] = outer;
  return [
    up(times(f, a)),
    up(times(g, a, a) + times(f, b)),
    up(times(h, a, a, a) + 3 * times(g, a, b) + times(f, c)),
  ];
}

function sumOf(a: Sizes, b: Sizes): Sizes {
  return [up(a[0] + b[0]), up(a[1] + b[1]), up(a[2] + b[2])];
}

function productOf(first: Jet, second: Jet): Sizes {
  const [p, q] = [first, second].map(({ range: { lower, upper } }) => Math.max(-lower, upper)) as [
    number,
    number,
  ];
  const [a, b] = [first.sizes, second.sizes];
  return [
    up(times(a[0], q) + times(p, b[0])),
    up(times(a[1], q) + 2 * times(a[0], b[0]) + times(p, b[1])),
    up(times(a[2], q) + 3 * times(a[1], b[0]) + 3 * times(a[0], b[1]) + times(p, b[2])),
  ];
}

/** 0 times infinity is 0. */
export function times(...factors: readonly number[]): number {
  return factors.includes(0) ? 0 : factors.reduce((product, factor) => product * factor, 1);
}

/** Covers the few operations on numbers that are not negative before it; what is not a number has no bound. */
export function up(value: number): number {
  return Number.isNaN(value) ? Infinity : value * (1 + 32 * Number.EPSILON) + Number.MIN_VALUE;
}
