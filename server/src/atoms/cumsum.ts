/**
 * Sums of the first entries along an axis, by doubling: with the array moved by 1, 2, 4, … added, every
 * entry holds the sum of the last 2, 4, 8, … up to it. The singular values of the map on n entries are
 * 1/(2 sin t) with t = (2k - 1) pi/(4n + 2), k = 1..n: at least 1/2, and at most 1/(2 sin(pi/(4n + 2))),
 * of which sin t >= t - t³/6 makes a bound in n.
 */
import { constantDimension } from '../base/dimension.ts';
import type { Dimension, Shape } from '../base/dimension.ts';
import type { NodeId } from '../graph/primitive.ts';
import { padded, part } from './along-axis.ts';
import type { Atom } from './atom.ts';
import { roundedUp } from './ball-bounds.ts';
import { wholeLine } from './expression.ts';
import { add, divide, multiply, number, power, squareRoot, subtract } from './formula.ts';
import { hull, sumInterval } from './interval.ts';
import { axisOf, axisOption, requireAxis } from './shape-rules.ts';
import { sizeOfDimension } from './size.ts';

export const cumsum: Atom = {
  name: 'cumsum',
  documentation: {
    signature: 'cumsum(x : any shape, axis = last) : same shape',
    summary: 'sums of the first entries along an axis',
    formula: 'x₁ + … + xᵢ',
  },
  arity: [1, 1],
  constants: [axisOption],
  shape: ([shape], parameters) => requireAxis(shape as Shape, parameters, 'sum along') ?? (shape as Shape),
  range: ([x], parameters) => {
    const range = x?.range ?? wholeLine;
    const shape = x?.shape ?? [];
    const length = shape[axisOf(parameters, shape.length)];
    return hull(range, sumInterval(range, length === undefined ? undefined : constantDimension(length)));
  },
  monotonicity: () => ['increasing'],
  curvature: () => 'affine',
  smoothness: Infinity,
  linear: (shape, parameters) => {
    const axis = axisOf(parameters, shape.length);
    const n = sizeOfDimension(shape[axis] as Dimension);
    // 1/(2 (t - t³/6)) = 3 m³/(pi (6 m² - pi²)) with t = pi/m.
    const m = add(multiply(number(4), n), number(2));
    const below = subtract(multiply(number(6), power(m, 2)), number(roundedUp(Math.PI ** 2)));
    const euclid = divide(multiply(number(roundedUp(3 / Math.PI)), power(m, 3)), below);
    const largest = squareRoot(n);
    const rows = axis === shape.length - 1 ? euclid : largest;
    return { euclid, largest, rows, rowSum: n, columnSum: n, gram: number(1 / 4) };
  },
  lower: (graph, [x], parameters) => {
    let sums = x as NodeId;
    const axis = axisOf(parameters, graph.shape(sums).length);
    const length = graph.shape(sums)[axis] as number;
    for (let step = 1; step < length; step *= 2) {
      sums = graph.add(sums, padded(graph, part(graph, sums, axis, 0, length - step), axis, step, 0));
    }
    return sums;
  },
};
