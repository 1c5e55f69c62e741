/**
 * When two formulas or expressions are the same: written alike, up to the order of terms and factors (keys), or in
 * every part.
 */
import type { Expression } from './expression.ts';
import { symbolText } from './expression.ts';
import type { Formula } from './formula.ts';
import { formatDimension, sameDimension } from '../base/dimension.ts';
import { perObject } from '../base/per-object.ts';

/** The same in every part, in the same order, of the same expressions. */
export function isSameFormula(a: Formula, b: Formula): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'number':
      return b.kind === 'number' && Object.is(a.value, b.value);
    case 'radius':
      return b.kind === 'radius';
    case 'functional':
      return (
        b.kind === 'functional' &&
        a.functional === b.functional &&
        a.args.length === b.args.length &&
        a.args.every((each, at) => each === b.args[at])
      );
    case 'operation':
      return (
        b.kind === 'operation' &&
        a.operation === b.operation &&
        a.args.length === b.args.length &&
        a.args.every((each, at) => isSameFormula(each, b.args[at] as Formula))
      );
    case 'over':
      return (
        b.kind === 'over' &&
        a.reduce === b.reduce &&
        a.index === b.index &&
        sameDimension(a.dimension, b.dimension) &&
        isSameFormula(a.body, b.body)
      );
  }
}

/** Equal for formulas that are written alike; names are unique in a file, so they mean the same. */
export const formulaKey = perObject((formula: Formula): string => {
  switch (formula.kind) {
    case 'number':
      return String(formula.value);
    case 'radius':
      return 'radius';
    case 'functional':
      return `${formula.functional}(${formula.args.map(expressionKey).join(',')})`;
    case 'operation': {
      const keys = formula.args.map(formulaKey);
      // Order does not matter but for these two.
      if (formula.operation !== 'divide' && formula.operation !== 'power') keys.sort();
      return `${formula.operation}(${keys.join(',')})`;
    }
    case 'over':
      return `${formula.reduce}(${formula.index} in ${formatDimension(formula.dimension)},${formulaKey(formula.body)})`;
  }
});

/** Equal for expressions that are written alike. */
export const expressionKey = perObject((expression: Expression): string => {
  switch (expression.kind) {
    case 'number':
      return `${expression.value}${expression.shape.length === 0 ? '' : `[${expression.shape.map(formatDimension).join(';')}]`}`;
    case 'dimension':
      return expression.name;
    case 'symbol':
      return symbolText(expression.symbol);
    case 'source':
      return `${JSON.stringify(expression.source)}[${expression.shape.map(formatDimension).join(';')}]`;
    case 'apply': {
      const parameters = JSON.stringify(expression.parameters, (_, value: unknown) =>
        value instanceof Map ? [...value] : value,
      );
      return `${expression.atom.name}${parameters}(${expression.args.map(expressionKey).join(',')})`;
    }
    case 'comprehension': {
      const { operation: name, index, dimension, body } = expression;
      return `${name}(${index} in ${formatDimension(dimension)},${expressionKey(body)})`;
    }
  }
});
