/**
 * Forward differences of an image or of a stack of images: [.., h, w] to [.., h, w, 2], the difference to the
 * entry below and to the entry at the right, 0 in the last row and column. ‖grad‖² is 4 cos²(pi/2h) +
 * 4 cos²(pi/2w), at most 8; the two differences of a pixel are a map of norm √3.
 */
import { fixedDimension, formatShape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { difference, padded } from './along-axis.ts';
import type { Atom } from './atom.ts';
import { wholeLine } from './expression.ts';
import { number, squareRoot, zero } from './formula.ts';
import { interval } from './interval.ts';

export const grad2d: Atom = {
  name: 'grad2d',
  documentation: {
    signature: 'grad2d(x : matrix[h, w]) : tensor[h, w, 2]; grad2d(x : tensor[k, h, w]) : tensor[k, h, w, 2]',
    summary: 'forward differences of an image, downwards and to the right, 0 in the last row and column',
    formula: '(xᵢ₊₁,ⱼ − xᵢⱼ, xᵢ,ⱼ₊₁ − xᵢⱼ)',
  },
  arity: [1, 1],
  shape: ([shape = []]) =>
    shape.length >= 2
      ? [...shape, fixedDimension(2)]
      : {
          problem: `this must be an image or a stack of images, but is ${formatShape(shape)}`,
          remedy: 'for a signal write `diff(x)`; `reshape(x, h, w)` makes an image',
          argument: 0,
        },
  range: ([x]) => {
    const { lower, upper } = x?.range ?? wholeLine;
    return interval(lower - upper, upper - lower);
  },
  monotonicity: () => ['none'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: () => ({
    euclid: squareRoot(number(8)),
    largest: squareRoot(number(2)),
    rows: squareRoot(number(3)),
    rowSum: number(2),
    columnSum: number(4),
    gram: zero,
  }),
  lower: (graph, [x]) => {
    const image = x as NodeId;
    const rank = graph.shape(image).length;
    const differences = [rank - 2, rank - 1].map((axis) => {
      const whole = padded(graph, difference(graph, image, axis), axis, 0, 1);
      return graph.reshape(whole, [...graph.shape(image), 1]);
    });
    return graph.concatenate(differences, rank);
  },
};
