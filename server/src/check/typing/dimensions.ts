/**
 * The dimensions of a file: polynomials in names, and the numbers that data headers, `let` and
 * literals give the names. A name and its number are the same size; two names are different sizes
 * even where their numbers agree, because other data would tell them apart.
 */
import type { RelatedPlace } from '../../base/diagnostic.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import {
  addDimensions,
  constantDimension,
  evaluateDimension,
  fixedDimension,
  formatDimension,
  multiplyDimensions,
  sameDimension,
} from '../../base/dimension.ts';
import type { Span } from '../../base/span.ts';
import * as report from '../diagnostics.ts';
import type { Findings } from '../facts.ts';
import type { DimensionFact } from '../problem.ts';
import { WatchedMap } from '../memory/watched-map.ts';

/** What a name was found to be: a number, or another dimension of which it is a second name. */
export type Binding = { readonly name: string; readonly span: Span; readonly origin: string } & (
  | { readonly value: number }
  | { readonly alias: Dimension }
);

export class Dimensions {
  private readonly known = new Map<string, DimensionFact>();
  /** The numbers that are known by now. */
  readonly values = new WatchedMap<number>();
  /** Names that are another dimension under a second name. */
  readonly aliases = new WatchedMap<Dimension>();
  /** All that has been found by now, in its order. */
  readonly bindings: Binding[] = [];
  private readonly findings: Findings;

  constructor(findings: Findings) {
    this.findings = findings;
  }

  get facts(): ReadonlyMap<string, DimensionFact> {
    return this.known;
  }

  /** Makes the name known without a size. */
  declare(name: string, span: Span, origin: string): void {
    if (!this.known.has(name)) this.known.set(name, { name, span, origin });
  }

  bindValue(name: string, value: number, span: Span, origin: string): void {
    const before = this.values.get(name);
    if (before === undefined) this.bind({ name, value, span, origin });
    else if (before !== value) this.reportClash(name, String(value), span);
  }

  /** Finds again what was found in the same situation. */
  bind(binding: Binding): void {
    this.bindings.push(binding);
    if ('alias' in binding) {
      this.aliases.set(binding.name, binding.alias);
      return;
    }
    this.known.set(binding.name, binding);
    this.values.set(binding.name, binding.value);
  }

  private reportClash(name: string, here: string, span: Span): void {
    const before = this.facts.get(name);
    if (before === undefined) return;
    const there = `${before.value ?? ''} by the ${before.origin}`;
    this.findings.add(report.dimensionClash(span, before.name, here, there, before.span));
  }

  /** Second names replaced by first ones. */
  resolve(dimension: Dimension): Dimension {
    if (this.aliases.all.size === 0 && !this.aliases.isWatched) return dimension;
    return substitute(dimension, (name) => this.aliases.get(name));
  }

  /** Every name replaced by its number where there is one. */
  numeric(shape: Shape): Shape {
    if (shape.length === 0) return shape;
    return shape.map((dimension) =>
      substitute(dimension, (name) => {
        const value = this.values.get(name);
        return value === undefined ? undefined : fixedDimension(value);
      }),
    );
  }

  evaluate(dimension: Dimension): number | undefined {
    return evaluateDimension(dimension, this.values);
  }

  /**
   * Fits a declared dimension to that of a value: equal, or one unknown name that the value binds.
   * Returns false where they differ; a clash of two numbers for one name is reported here.
   */
  fit(declared: Dimension, given: Dimension, span: Span, origin: string): boolean {
    const wanted = this.resolve(declared);
    const found = this.resolve(given);
    if (sameDimension(wanted, found)) return true;
    const wantedValue = this.evaluate(wanted);
    const foundValue = this.evaluate(found);
    const name = singleName(wanted);
    if (wantedValue !== undefined && foundValue !== undefined) {
      if (wantedValue === foundValue) return true;
      if (name === undefined || !this.facts.has(name)) return false;
      this.reportClash(name, String(foundValue), span);
      return true;
    }
    if (wantedValue === undefined && foundValue !== undefined) {
      return this.solve(wanted, foundValue, span, origin);
    }
    if (name !== undefined && wantedValue === undefined && !mentions(found, name)) {
      this.bind({ name, alias: found, span, origin });
      return true;
    }
    // One side has no number yet: the file has not been read, nothing is known to be wrong.
    return true;
  }

  /** c name + rest = value with one name without a number. */
  private solve(wanted: Dimension, value: number, span: Span, origin: string): boolean {
    const partly = this.numeric([wanted])[0] as Dimension;
    const names = [...partly.keys()].filter((key) => key !== '');
    const [name] = names;
    if (names.length !== 1 || name === undefined || name.includes('*')) return true;
    const size = (value - (partly.get('') ?? 0)) / (partly.get(name) ?? 1);
    if (!Number.isInteger(size) || size < 1) return false;
    this.bindValue(name, size, span, origin);
    return true;
  }

  /** `n is 300 (rows of X)` for every name of the shapes that has a number, with the places. */
  explain(shapes: readonly Shape[]): { readonly reason?: string; readonly related: readonly RelatedPlace[] } {
    const names = new Set<string>();
    for (const shape of shapes) {
      for (const dimension of shape) for (const name of namesOf(dimension)) names.add(name);
    }
    const parts: string[] = [];
    const related: RelatedPlace[] = [];
    for (const name of names) {
      const fact = this.facts.get(name);
      if (fact === undefined) continue;
      const words = fact.value === undefined ? `the ${fact.origin}` : `${fact.value}, the ${fact.origin}`;
      parts.push(`${name} is ${words}`);
      related.push({ span: fact.span, message: `${name}: ${fact.origin}` });
    }
    return parts.length === 0 ? { related } : { reason: parts.join('; '), related };
  }
}

export function namesOf(dimension: Dimension): readonly string[] {
  return [...dimension.keys()].flatMap((key) => key.split('*').filter((name) => name !== ''));
}

function mentions(dimension: Dimension, name: string): boolean {
  return namesOf(dimension).includes(name);
}

/** The name when the dimension is one name alone. */
export function singleName(dimension: Dimension): string | undefined {
  const text = formatDimension(dimension);
  return dimension.size === 1 &&
    constantDimension(dimension) === undefined &&
    dimension.get(text) === 1 &&
    !text.includes('*')
    ? text
    : undefined;
}

function substitute(dimension: Dimension, replacement: (name: string) => Dimension | undefined): Dimension {
  const names = namesOf(dimension);
  const [only] = names;
  if (names.length === 1 && only !== undefined && dimension.size === 1 && dimension.get(only) === 1) {
    return replacement(only) ?? dimension;
  }
  if (names.every((name) => replacement(name) === undefined)) return dimension;
  let sum = fixedDimension(0);
  for (const [key, coefficient] of dimension) {
    let product = fixedDimension(coefficient);
    for (const name of key.split('*').filter((part) => part !== '')) {
      product = multiplyDimensions(product, replacement(name) ?? new Map([[name, 1]]));
    }
    sum = addDimensions(sum, product);
  }
  return sum;
}
