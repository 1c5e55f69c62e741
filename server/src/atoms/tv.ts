/**
 * Total variation, smoothed over a width: of a signal the sum of √(d² + width²) over the differences d of
 * neighbours, of an image (or each image of a stack) the sum over the pixels of the same root of the squared
 * length of their two forward differences (isotropic). The constants are those of `smooth_abs` of `diff`
 * and of a root of squares of `grad2d`: L is at most ‖grad‖²/width.
 */
import { constantDimension, formatShape } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { add } from './add.ts';
import { difference } from './along-axis.ts';
import type { Atom } from './atom.ts';
import { applied } from './definition.ts';
import { diff } from './diff.ts';
import { numberParameter } from './elementwise.ts';
import type { Expression } from './expression.ts';
import { wholeLine } from './expression.ts';
import { grad2d } from './grad2d.ts';
import { entryCount, interval, sumInterval } from './interval.ts';
import { power } from './power.ts';
import { smoothAbs } from './smooth-abs.ts';
import { sqrt } from './sqrt.ts';
import { sum } from './sum.ts';
import { sumsqRows } from './sumsq-rows.ts';

/** How many roots are added, where that is a number. */
function rootCount(shape: Shape): number | undefined {
  if (shape.length > 1) return entryCount(shape);
  const entries = constantDimension(shape[0] as Dimension);
  return entries === undefined ? undefined : entries - 1;
}

export const tv: Atom = {
  name: 'tv',
  documentation: {
    signature: 'tv(x : vector, matrix or stack of images, width : number > 0) : scalar',
    summary: 'total variation, smoothed over the width ε; of images isotropic',
    formula: 'Σᵢⱼ √(‖(∇x)ᵢⱼ‖² + ε²)',
  },
  arity: [1, 1],
  constants: [{ name: 'width', least: 0, exclusive: true }],
  shape: ([shape = []]) => {
    const length = shape.length === 1 ? constantDimension(shape[0] as Dimension) : undefined;
    if (shape.length > 0 && length !== 1) return [];
    return {
      problem: `this must be a signal, an image or a stack of images, but is ${formatShape(shape)}`,
      argument: 0,
    };
  },
  range: ([x], parameters) => {
    const { lower, upper } = x?.range ?? wholeLine;
    const width = numberParameter(parameters, 'width');
    const shape = x?.shape ?? [];
    const steepest = shape.length > 1 ? Math.SQRT2 * (upper - lower) : upper - lower;
    return sumInterval(interval(width, Math.hypot(steepest, width)), rootCount(shape));
  },
  monotonicity: () => ['none'],
  curvature: () => 'convex',
  smoothness: Infinity,
  definition: ([x], parameters, span) => {
    const array = x as Expression;
    if (array.shape.length === 1) {
      const steps = applied(diff, [array], span, { order: 1 });
      return applied(sum, [applied(smoothAbs, [steps], span, parameters)], span);
    }
    const width = numberParameter(parameters, 'width');
    const number: Expression = { kind: 'number', value: width, shape: [], dependence: 0, span };
    const square = applied(power, [number], span, { exponent: 2 });
    const lengths = applied(sumsqRows, [applied(grad2d, [array], span)], span);
    return applied(sum, [applied(sqrt, [applied(add, [square, lengths], span)], span)], span);
  },
  lower: (graph, [x], parameters, dimension) => {
    const array = x as NodeId;
    const square = graph.power(graph.constant(numberParameter(parameters, 'width')), 2);
    const rank = graph.shape(array).length;
    const squares =
      rank === 1
        ? graph.power(difference(graph, array, 0), 2)
        : graph.sum(graph.power(grad2d.lower(graph, [array], {}, dimension), 2), [rank]);
    return graph.sum(graph.unary('sqrt', graph.add(squares, square)));
  },
};
