/** Arrays of one shape as the slices of a longer one, along a new axis: vectors become the rows of a matrix. */
import { fixedDimension, formatShape, sameShape } from '../base/dimension.ts';
import type { Shape } from '../base/dimension.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { hull } from './interval.ts';
import { axisOf, axisOption } from './shape-rules.ts';

export const stack: Atom = {
  name: 'stack',
  documentation: {
    signature: 'stack(a : vector[n], b : vector[n], …, axis = 1) : matrix[count, n]',
    summary: 'arrays of one shape along a new axis, the first one; with `axis = 2` vectors become columns',
    formula: '(a, b, …)',
  },
  arity: [1, Infinity],
  constants: [axisOption],
  shape: (args, parameters) => {
    const [first, ...others] = args as readonly [Shape, ...Shape[]];
    const different = others.findIndex((shape) => !sameShape(shape, first));
    if (different >= 0) {
      return {
        problem: `${formatShape(others[different] as Shape)} cannot be stacked on ${formatShape(first)}`,
        remedy: 'all arrays need one shape; `concat` puts arrays end to end',
        argument: different + 1,
      };
    }
    const axis = axisOf(parameters, first.length, 'first');
    if (axis > first.length) {
      return {
        problem: `a stack of ${formatShape(first)} has no axis ${axis + 1}`,
        remedy: `the new axis is one of 1 to ${first.length + 1}`,
        argument: 0,
      };
    }
    return first.toSpliced(axis, 0, fixedDimension(args.length));
  },
  range: (args) => args.map((argument) => argument.range).reduce(hull, args[0]?.range ?? wholeLine),
  monotonicity: (args) => args.map(() => 'increasing'),
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, parts, parameters) => {
    const slices = parts.map((part) => {
      const shape = graph.shape(part);
      return graph.reshape(part, shape.toSpliced(axisOf(parameters, shape.length, 'first'), 0, 1));
    });
    const [first] = slices as [number];
    return graph.concatenate(slices, axisOf(parameters, graph.shape(first).length, 'first'));
  },
};
