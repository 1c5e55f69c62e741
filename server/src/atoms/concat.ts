/** Arrays stacked along their first axis: vectors end to end, matrices as blocks of rows. */
import type { Dimension, Shape } from '../base/dimension.ts';
import { addDimensions, formatShape, sameShape } from '../base/dimension.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { hull } from './interval.ts';

export const concat: Atom = {
  name: 'concat',
  documentation: {
    signature: 'concat(a, b, …) : same shape but for a longer first axis',
    summary: 'vectors end to end, or the rows of matrices below each other',
    formula: '(a; b; …)',
  },
  arity: [1, Infinity],
  shape: (args) => {
    const [first, ...others] = args as readonly [Shape, ...Shape[]];
    let total: Dimension | undefined = first[0];
    if (total === undefined) {
      return {
        problem: 'a scalar has no axis to stack along',
        remedy: 'stack vectors or matrices',
        argument: 0,
      };
    }
    for (const [offset, shape] of others.entries()) {
      const length = shape[0];
      if (length === undefined || !sameShape(shape.slice(1), first.slice(1))) {
        return {
          problem: `${formatShape(shape)} cannot be stacked below ${formatShape(first)}`,
          remedy: 'all axes but the first must agree',
          argument: offset + 1,
        };
      }
      total = addDimensions(total, length);
    }
    return [total, ...first.slice(1)];
  },
  range: (args) => args.map((argument) => argument.range).reduce(hull, args[0]?.range ?? wholeLine),
  monotonicity: (args) => args.map(() => 'increasing'),
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, parts) => graph.concatenate(parts, 0),
};
