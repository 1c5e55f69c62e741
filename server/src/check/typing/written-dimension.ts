/**
 * Dimensions as they are written in types, subscripts and shapes: polynomials of sizes and indices. A quotient is one
 * where its sizes are known and it is whole; a parameter of a `let` is what stands for it.
 */
import type { Dimension } from '../../base/dimension.ts';
import { addDimensions, fixedDimension, multiplyDimensions, namedDimension } from '../../base/dimension.ts';
import type { Expression } from '../../atoms/expression.ts';
import type { Expression as Syntax } from '../../syntax/tree.ts';

interface Sizes {
  /** Of a name; undefined when it is no size. */
  readonly name: (text: string) => Dimension | undefined;
  /** The number of a dimension, where it is known. */
  readonly value: (dimension: Dimension) => number | undefined;
}

/** Undefined when it is none. */
export function dimensionWritten(syntax: Syntax, sizes: Sizes): Dimension | undefined {
  switch (syntax.kind) {
    case 'number':
      return whole(syntax.value);
    case 'group':
      return dimensionWritten(syntax.inner, sizes);
    case 'name':
      return sizes.name(syntax.text);
    case 'binary': {
      const left = dimensionWritten(syntax.left, sizes);
      const right = dimensionWritten(syntax.right, sizes);
      if (left === undefined || right === undefined) return undefined;
      switch (syntax.operator) {
        case '+':
          return addDimensions(left, right);
        case '-':
          return addDimensions(left, negated(right));
        case '*':
        case '.*':
          return multiplyDimensions(left, right);
        case '/':
          return whole((sizes.value(left) ?? NaN) / (sizes.value(right) ?? NaN));
        default:
          return undefined;
      }
    }
    default:
      return undefined;
  }
}

/** What stands for a parameter as a dimension: whole numbers, sizes and indices, and what is made of them. */
export function dimensionOf(expression: Expression | undefined): Dimension | undefined {
  if (expression === undefined) return undefined;
  if (expression.kind === 'number') return whole(expression.value);
  if (expression.kind === 'dimension') return namedDimension(expression.name);
  if (expression.kind !== 'apply') return undefined;
  const [a, b = a] = expression.args.map(dimensionOf);
  if (a === undefined || b === undefined) return undefined;
  switch (expression.atom.name) {
    case 'add':
      return addDimensions(a, b);
    case 'subtract':
      return addDimensions(a, negated(b));
    case 'multiply':
    case 'matmul':
      return multiplyDimensions(a, b);
    case 'negate':
      return negated(a);
    default:
      return undefined;
  }
}

function negated(dimension: Dimension): Dimension {
  return multiplyDimensions(dimension, fixedDimension(-1));
}

function whole(value: number): Dimension | undefined {
  return Number.isInteger(value) ? fixedDimension(value) : undefined;
}
