/**
 * Expressions with the numbers of sizes in place of their names. A size may be written as a name in one place and as
 * its number in another, `matrix[n, d]` times `vector[400]`; the checker sees by the numbers that they fit, but what
 * makes new expressions of the parts, as the constants do, sees only the parts. Where names and numbers have met, it
 * is given a copy in which all sizes that are known are numbers.
 */
import type { SliceRange } from '../../atoms/atom.ts';
import type { ArraySymbol, Expression } from '../../atoms/expression.ts';
import { partsOf } from '../../atoms/expression.ts';
import { perObject } from '../../base/per-object.ts';
import type { Dimension, Shape } from '../../base/dimension.ts';
import type { Dimensions } from './dimensions.ts';

/** Whether somewhere in the expression a size with a name was taken for a number. */
const mixesSizes = perObject((e: Expression): boolean => e.isResized === true || partsOf(e).some(mixesSizes));

/** The expressions with one way of writing sizes: as they are, or with numbers where names and numbers have met. */
export function sizesAlike(
  expressions: readonly Expression[],
  dimensions: Dimensions,
): Pick<NumericSizes, 'expression' | 'symbol'> {
  return expressions.some(mixesSizes) ? new NumericSizes(dimensions) : asTheyAre;
}

const asTheyAre: Pick<NumericSizes, 'expression' | 'symbol'> = {
  expression: (e) => e,
  symbol: (symbol) => symbol,
};

class NumericSizes {
  private readonly dimensions: Dimensions;
  private readonly expressions = new Map<Expression, Expression>();
  private readonly symbols = new Map<ArraySymbol, ArraySymbol>();

  constructor(dimensions: Dimensions) {
    this.dimensions = dimensions;
  }

  /** The same values. */
  expression(e: Expression): Expression {
    let copy = this.expressions.get(e);
    if (copy === undefined) {
      copy = this.copyOf(e);
      this.expressions.set(e, copy);
    }
    return copy;
  }

  /** The same array; one copy for all its occurrences. */
  symbol(symbol: ArraySymbol): ArraySymbol {
    let copy = this.symbols.get(symbol);
    if (copy === undefined) {
      const { classes, slice } = symbol;
      copy = {
        ...symbol,
        shape: this.shape(symbol.shape),
        ...(classes === undefined ? {} : { classes: this.size(classes) }),
        ...(slice === undefined ? {} : { slice: { ...slice, stack: this.symbol(slice.stack) } }),
      };
      this.symbols.set(symbol, copy);
    }
    return copy;
  }

  private copyOf(e: Expression): Expression {
    const shape = this.shape(e.shape);
    switch (e.kind) {
      case 'number':
      case 'source':
        return { ...e, shape };
      case 'dimension': {
        const value = this.dimensions.values.get(e.name);
        if (value === undefined) return { ...e, shape };
        const { dependence, span } = e;
        return { kind: 'number', value, shape, dependence, span };
      }
      case 'symbol':
        return { ...e, shape, symbol: this.symbol(e.symbol) };
      case 'comprehension':
        return { ...e, shape, dimension: this.size(e.dimension), body: this.expression(e.body) };
      case 'apply': {
        const args = e.args.map((argument) => this.expression(argument));
        const parameters = Object.entries(e.parameters).map(([name, value]) => [
          name,
          isSlices(value) ? value.map((slice) => this.slice(slice)) : value,
        ]);
        return { ...e, shape, args, parameters: Object.fromEntries(parameters) };
      }
    }
  }

  private shape(shape: Shape): Shape {
    return this.dimensions.numeric(shape);
  }

  private size(dimension: Dimension): Dimension {
    return this.dimensions.numeric([dimension])[0] ?? dimension;
  }

  private slice(slice: SliceRange): SliceRange {
    if (slice.kind === 'all') return slice;
    if (slice.kind === 'entry') return { ...slice, at: this.size(slice.at) };
    return { ...slice, from: this.size(slice.from), to: this.size(slice.to) };
  }
}

function isSlices(value: unknown): value is readonly SliceRange[] {
  return Array.isArray(value);
}
