/**
 * Differences of neighbours along an axis, the k-th ones by taking differences k times. An entry is the
 * sum of k + 1 neighbours with the signed binomials: their absolute sum is 2^k, which bounds the norm of
 * the map (for k = 1 it is 2 cos(pi/2n)), and the sum of their squares is the middle binomial of 2k.
 */
import { addDimensions, constantDimension, fixedDimension, formatDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { difference } from './along-axis.ts';
import type { Atom, Parameters } from './atom.ts';
import { numberParameter } from './elementwise.ts';
import { wholeLine } from './expression.ts';
import { number, squareRoot, zero } from './formula.ts';
import { interval } from './interval.ts';
import { axisOf, axisOption, requireAxis } from './shape-rules.ts';

const orderOf = (parameters: Parameters): number => numberParameter(parameters, 'order');

/** The number of ways to choose half of 2k. */
function middleBinomial(k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (k + i)) / i;
  return Math.round(result);
}

export const diff: Atom = {
  name: 'diff',
  documentation: {
    signature: 'diff(x : vector[n], order = 1, axis = last) : vector[n - order]',
    summary: 'differences of neighbours along an axis, taken `order` times',
    formula: 'xᵢ₊₁ − xᵢ',
  },
  arity: [1, 1],
  constants: [{ name: 'order', default: 1, least: 1, whole: true }, axisOption],
  shape: ([argument], parameters) => {
    const shape = argument as Shape;
    const order = orderOf(parameters);
    const wrong = requireAxis(shape, parameters, 'take differences along');
    if (wrong !== undefined) return wrong;
    const axis = axisOf(parameters, shape.length);
    const length = shape[axis] as Dimension;
    if ((constantDimension(length) ?? Infinity) <= order) {
      return {
        problem: `${formatDimension(length)} entries have no differences of order ${order}`,
        remedy: 'the axis must be longer than the order',
        final: true,
        argument: 0,
      };
    }
    return shape.with(axis, addDimensions(length, fixedDimension(-order)));
  },
  range: ([x], parameters) => {
    const { lower, upper } = x?.range ?? wholeLine;
    const spread = 2 ** (orderOf(parameters) - 1) * (upper - lower);
    return interval(-spread, spread);
  },
  monotonicity: () => ['none'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: (shape, parameters) => {
    const order = orderOf(parameters);
    const sum = number(2 ** order);
    const largest = squareRoot(number(middleBinomial(order)));
    const withinRow = axisOf(parameters, shape.length) === shape.length - 1;
    return { euclid: sum, largest, rows: withinRow ? sum : largest, rowSum: sum, columnSum: sum, gram: zero };
  },
  lower: (graph, [x], parameters) => {
    let result = x as NodeId;
    const axis = axisOf(parameters, graph.shape(result).length);
    for (let k = 0; k < orderOf(parameters); k++) result = difference(graph, result, axis);
    return result;
  },
};
