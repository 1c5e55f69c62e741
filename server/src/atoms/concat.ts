/** Arrays end to end along an axis, the first one unless named: vectors, matrices as blocks of rows or columns. */
import type { Dimension, Shape } from '../base/dimension.ts';
import { addDimensions, formatShape, sameShape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { hull } from './interval.ts';
import { axisOf, axisOption, requireAxis } from './shape-rules.ts';

export const concat: Atom = {
  name: 'concat',
  documentation: {
    signature: 'concat(a, b, …, axis = 1) : same shape but for a longer axis',
    summary:
      'vectors end to end, the rows of matrices below each other; with `axis = 2` their columns side by side',
    formula: '(a; b; …)',
  },
  arity: [1, Infinity],
  constants: [axisOption],
  shape: (args, parameters) => {
    const [first, ...others] = args as readonly [Shape, ...Shape[]];
    const axis = axisOf(parameters, first.length, 'first');
    const wrong = requireAxis(first, { axis: axis + 1 }, 'join along');
    if (wrong !== undefined) return wrong;
    let total = first[axis] as Dimension;
    for (const [offset, shape] of others.entries()) {
      const length = shape[axis];
      if (length === undefined || !sameShape(shape.toSpliced(axis, 1), first.toSpliced(axis, 1))) {
        return {
          problem: `${formatShape(shape)} cannot be joined to ${formatShape(first)} along axis ${axis + 1}`,
          remedy: `all axes but axis ${axis + 1} must agree`,
          argument: offset + 1,
        };
      }
      total = addDimensions(total, length);
    }
    return first.with(axis, total);
  },
  range: (args) => args.map((argument) => argument.range).reduce(hull, args[0]?.range ?? wholeLine),
  monotonicity: (args) => args.map(() => 'increasing'),
  curvature: () => 'affine',
  smoothness: Infinity,
  lower: (graph, parts, parameters) =>
    graph.concatenate(parts, axisOf(parameters, graph.shape(parts[0] as NodeId).length, 'first')),
};
