/**
 * Numbers known before any data is read: the value of a typed expression made of literals,
 * dimensions with a size, and scalar arithmetic. Used for options, bounds, seeds and exponents.
 */
import type { Expression } from '../../atoms/expression.ts';
import type { Sizes } from '../../base/dimension.ts';

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  matmul: (a, b) => a * b,
  divide: (a, b) => a / b,
};

const unary: Readonly<Record<string, (a: number) => number>> = {
  negate: (a) => -a,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  square: (a) => a * a,
  transpose: (a) => a,
};

/** The number, or undefined when the expression is no scalar or depends on data or unknowns. */
export function foldNumber(expression: Expression, sizes: Sizes): number | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'dimension':
      return sizes.get(expression.name);
    case 'symbol':
    case 'source':
    case 'comprehension':
      return undefined;
    case 'apply': {
      if (expression.shape.length > 0) return undefined;
      const args: number[] = [];
      for (const argument of expression.args) {
        const value = foldNumber(argument, sizes);
        if (value === undefined) return undefined;
        args.push(value);
      }
      const [a, b] = args;
      const { name } = expression.atom;
      const exponent = expression.parameters['exponent'];
      if (name === 'power' && a !== undefined && typeof exponent === 'number') return a ** exponent;
      if (a !== undefined && b !== undefined) return binary[name]?.(a, b);
      return a === undefined ? undefined : unary[name]?.(a);
    }
  }
}
