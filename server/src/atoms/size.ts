/** The number of entries of symbolic shapes, as formulas. */
import type { Dimension, Shape } from '../base/dimension.ts';
import type { Formula } from './formula.ts';
import { add, multiply, number, value } from './formula.ts';

/** The number that a dimension stands for. */
export function sizeOfDimension(dimension: Dimension): Formula {
  const terms = [...dimension].map(([key, coefficient]) =>
    multiply(
      number(coefficient),
      ...key
        .split('*')
        .filter(Boolean)
        .map((name) =>
          value({ kind: 'dimension', name, shape: [], dependence: 0, span: { start: 0, end: 0 } }),
        ),
    ),
  );
  return add(...terms);
}

/** The number of entries. */
export function sizeOf(shape: Shape): Formula {
  return multiply(number(1), ...shape.map(sizeOfDimension));
}
