/**
 * A concrete point at which an expression is not what a rule asks of it: where it bends the wrong way, or where
 * an argument leaves a domain. Found by trying a few round numbers in small instances; where none shows the
 * failure there is no example, which proves nothing. What is found is true of the instance that it names.
 */
import type { DomainRule } from '../atoms/atom.ts';
import type { ArraySymbol, Expression, Interval } from '../atoms/expression.ts';
import { symbolText } from '../atoms/expression.ts';
import { formatNumber } from '../atoms/formula-text.ts';
import type { Point } from './instance.ts';
import { Instance } from './instance.ts';

export interface BentPoint {
  readonly instance: Instance;
  readonly point: Point;
  /** The unknowns that move, in the order of the rows of the Hessian. */
  readonly moving: readonly ArraySymbol[];
  /** Second derivatives, all entries of an array moving alike, or the first one alone. */
  readonly hessian: readonly (readonly number[])[];
  readonly firstEntryOnly: boolean;
  /** The eigenvalue of the wrong sign. */
  readonly eigenvalue: number;
}

export type Bend = 'convex' | 'concave' | 'affine';

const lowerValues = [0, 1, -1, 2, -2, 0.5, -0.5, 3, -3];
const fixedValues = [1, -1, 0.5, -0.5, 2, -2, 0];
/** Of points in one instance; each is a few dozen additions. */
const mostPoints = 60;
/** Below this a second derivative may be rounding. */
const clear = 1e-6;

/** Where the expression bends against `wanted` in the lower unknowns. */
export function bentPoint(expression: Expression, wanted: Bend): BentPoint | undefined {
  for (const size of [1, 2, 3]) {
    const instance = Instance.of(expression, size);
    if (instance === undefined) continue;
    const moving = instance.symbols.filter(({ role }) => role === 'lower');
    if (moving.length === 0 || moving.length > 2) continue;
    for (const point of pointsOf(instance)) {
      const found = bendAt(instance, point, moving, wanted, size > 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function bendAt(
  instance: Instance,
  point: Point,
  moving: readonly ArraySymbol[],
  wanted: Bend,
  firstEntryOnly: boolean,
): BentPoint | undefined {
  const along = (...steps: readonly number[]): Float64Array =>
    instance.secondAt(point, {
      along: new Map(moving.map(({ name }, at) => [name, steps[at] ?? 0])),
      firstEntryOnly,
    });
  const [first, second] = [along(1, 0), along(0, 1)];
  const both = moving.length === 1 ? first : along(1, 1);
  for (const [entry, a] of first.entries()) {
    const d = second[entry] ?? 0;
    const b = ((both[entry] ?? 0) - a - d) / 2;
    const hessian =
      moving.length === 1
        ? [[a]]
        : [
            [a, b],
            [b, d],
          ];
    const eigenvalue = wrongEigenvalue(hessian, wanted);
    if (eigenvalue !== undefined) return { instance, point, moving, hessian, firstEntryOnly, eigenvalue };
  }
  return undefined;
}

function wrongEigenvalue(hessian: BentPoint['hessian'], wanted: Bend): number | undefined {
  const [[a = 0, b = 0] = [], [, d = a] = []] = hessian;
  const middle = (a + d) / 2;
  const radius = hessian.length === 1 ? 0 : Math.hypot((a - d) / 2, b);
  const [least, largest] = [middle - radius, middle + radius];
  if (!Number.isFinite(least) || !Number.isFinite(largest)) return undefined;
  if (wanted !== 'concave' && least < -clear) return least;
  return wanted !== 'convex' && largest > clear ? largest : undefined;
}

/** Points from round numbers in the ranges of the arrays, the simplest first. */
function pointsOf(instance: Instance): readonly Point[] {
  interface Partial {
    readonly values: readonly (readonly [string, number])[];
    /** How late its numbers stand in the lists of round numbers. */
    readonly rank: number;
  }
  let points: readonly Partial[] = [{ values: [], rank: 0 }];
  for (const { name, role, range } of instance.symbols) {
    const round = valuesIn(range, role === 'lower' ? lowerValues : fixedValues);
    points = points
      .flatMap(({ values, rank }) =>
        round.map((value, at) => ({ values: [...values, [name, value] as const], rank: rank + at })),
      )
      .toSorted((a, b) => a.rank - b.rank)
      .slice(0, mostPoints);
  }
  return points.map(({ values }) => new Map(values));
}

function valuesIn({ lower, upper }: Interval, round: readonly number[]): readonly number[] {
  const inside = round.filter((value) => value >= lower && value <= upper);
  if (inside.length > 0) return inside;
  return [...new Set([lower, upper, (lower + upper) / 2])].filter(Number.isFinite);
}

/** `with d = 1 and t = −1, at x = 0 its second derivative is −2`. */
export function bendInWords(bent: BentPoint): string {
  const { instance, point, moving, hessian, firstEntryOnly, eigenvalue } = bent;
  const names = moving.map(symbolText).join(' and ');
  const along = firstEntryOnly ? ` along the first entry of ${names}` : '';
  const value = formatNumber(eigenvalue);
  const matrix = `[${hessian.map((row) => `[${row.map(formatNumber).join(', ')}]`).join(', ')}]`;
  const what =
    hessian.length === 1
      ? `its second derivative${along} is ${value}`
      : `its Hessian in ${names} is ${matrix}, with the eigenvalue ${value}`;
  return `${placeInWords(instance, point)} ${what}`;
}

/** `with n = 1 and t = −1, at x = 0`. */
function placeInWords(instance: Instance, point: Point): string {
  const equations = (wanted: (symbol: ArraySymbol) => boolean): readonly string[] =>
    instance.symbols.filter(wanted).map((symbol) => equation(symbol, point));
  const moving = equations(({ role }) => role === 'lower');
  const sizes = instance.names.length === 0 ? [] : [`${instance.names.join(' = ')} = ${instance.size}`];
  const given = [...sizes, ...equations(({ role }) => role !== 'lower')];
  const place = joined(moving);
  if (given.length === 0) return `at ${place}`;
  return moving.length === 0 ? `with ${joined(given)}` : `with ${joined(given)}, at ${place}`;
}

function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function equation(symbol: ArraySymbol, point: Point): string {
  return `${symbolText(symbol)} = ${formatNumber(point.get(symbol.name) ?? 0)}`;
}

export interface OutsidePoint {
  readonly instance: Instance;
  readonly point: Point;
  readonly value: number;
}

/** A point at which the value of an argument lies outside a function's domain. */
export function outsidePoint(argument: Expression, rule: DomainRule): OutsidePoint | undefined {
  const instance = Instance.of(argument, 1);
  if (instance === undefined) return undefined;
  const { lower, upper } = rule.interval;
  for (const point of pointsOf(instance)) {
    const value = instance.valueAt(point).find((each) => each < lower || each > upper);
    if (value !== undefined) return { instance, point, value };
  }
  return undefined;
}

/** `with t = −2 it is −1`. */
export function outsideInWords({ instance, point, value }: OutsidePoint): string {
  return `${placeInWords(instance, point)} it is ${formatNumber(value)}`;
}

export interface FlatPoint {
  readonly instance: Instance;
  readonly point: Point;
  readonly symbol: ArraySymbol;
  readonly second: number;
}

/** Far out, where functions such as the logistic loss have become straight. */
const farValues = [0, 40, -40];
/** What counts as no curvature at all: far below any that a person would add. */
const flat = 1e-9;

/** Where the second derivative of an objective in one of its unknowns all but vanishes. */
export function flatPoint(objective: Expression, symbol: ArraySymbol): FlatPoint | undefined {
  const instance = Instance.of(objective, 1);
  if (instance === undefined || !instance.symbols.some(({ name }) => name === symbol.name)) return undefined;
  const direction = { along: new Map([[symbol.name, 1]]), firstEntryOnly: false };
  for (const value of valuesIn(symbol.range, farValues)) {
    const point = new Map(
      instance.symbols.map(({ name, role, range }) => {
        const usual = valuesIn(range, role === 'lower' ? lowerValues : fixedValues)[0] ?? 0;
        return [name, name === symbol.name ? value : usual];
      }),
    );
    const second = instance.secondAt(point, direction)[0] ?? NaN;
    if (Math.abs(second) <= flat) return { instance, point, symbol, second };
  }
  return undefined;
}

/** `with d = 1, at x = 40 the second derivative of the objective in x is 4e-18`. */
export function flatInWords({ instance, point, symbol, second }: FlatPoint): string {
  const value = second === 0 ? '0' : second.toPrecision(2);
  const place = placeInWords(instance, point);
  return `${place} the second derivative of the objective in ${symbolText(symbol)} is ${value}`;
}

export interface ExpandedPair {
  readonly instance: Instance;
  readonly point: Point;
  readonly symbol: ArraySymbol;
  /** Two values of the unknown and what the map makes of them. */
  readonly values: readonly [number, number];
  readonly images: readonly [number, number];
}

/** Two points that a map does not bring closer together, the other arrays at round numbers. */
export function expandedPair(map: Expression, symbol: ArraySymbol): ExpandedPair | undefined {
  const instance = Instance.of(map, 1);
  const moving = instance?.symbols.filter(({ role }) => role === 'lower') ?? [];
  if (instance === undefined || moving.length !== 1 || moving[0]?.name !== symbol.name) return undefined;
  for (const point of pointsOf(instance)) {
    const value = point.get(symbol.name) ?? 0;
    const image = imageAt(instance, point);
    for (const other of valuesIn(symbol.range, lowerValues)) {
      if (other === value) continue;
      const otherImage = imageAt(instance, new Map(point).set(symbol.name, other));
      if (Math.abs(otherImage - image) >= Math.abs(other - value) * (1 + clear))
        return { instance, point, symbol, values: [value, other], images: [image, otherImage] };
    }
  }
  return undefined;
}

/** NaN where the map has more than one entry. */
function imageAt(instance: Instance, point: Point): number {
  const entries = instance.valueAt(point);
  return entries.length === 1 ? (entries[0] ?? NaN) : NaN;
}

/** `with d = 1 and t = 2 it takes x = 0 to 0 and x = 1 to 2, further apart`. */
export function expansionInWords({ instance, point, symbol, values, images }: ExpandedPair): string {
  const name = symbolText(symbol);
  const sizes = instance.names.length === 0 ? [] : [`${instance.names.join(' = ')} = ${instance.size}`];
  const others = instance.symbols.filter(({ role }) => role !== 'lower').map((each) => equation(each, point));
  const given = [...sizes, ...others];
  const place = given.length === 0 ? '' : `with ${joined(given)} `;
  const [a, b] = [formatNumber(values[0]), formatNumber(values[1])];
  const [c, d] = [formatNumber(images[0]), formatNumber(images[1])];
  return `${place}the map takes ${name} = ${a} to ${c} and ${name} = ${b} to ${d}, which lie further apart`;
}
