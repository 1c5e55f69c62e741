/**
 * sqrt(t^2 + n^2), an absolute value smoothed over the width n: |phi'| <= 1, phi'' <= 1/n (at 0),
 * |phi'''| <= 48/(25 sqrt 5 n^2) = 0.8587/n^2 (at |t| = n/2); phi'' = n^2/(t^2 + n^2)^(3/2).
 */
import { farthest, roundedUp } from './ball-bounds.ts';
import { elementwiseAtom, numberParameter } from './elementwise.ts';
import { add, divide, multiply, number, power } from './formula.ts';
import { absoluteInterval, increasingImage } from './interval.ts';

const third = 48 / (25 * Math.sqrt(5));

export const smoothAbs = elementwiseAtom({
  name: 'smooth_abs',
  documentation: {
    signature: 'smooth_abs(t : any shape, width : number > 0) : same shape',
    summary: 'absolute value of each entry, smoothed over the width n',
    formula: '√(t² + n²)',
  },
  constants: [{ name: 'width', least: 0, exclusive: true }],
  range: (t, parameters) => {
    const width = numberParameter(parameters, 'width');
    return increasingImage(absoluteInterval(t), (end) => Math.hypot(end, width));
  },
  monotonicity: (t) => (t.lower >= 0 ? 'increasing' : t.upper <= 0 ? 'decreasing' : 'none'),
  curvature: () => 'convex',
  smoothness: Infinity,
  derivativeBound: (order, _lower, _upper, parameters) => {
    const width = numberParameter(parameters, 'width');
    if (order === 1) return number(1);
    return number(roundedUp(order === 2 ? 1 / width : third / width ** 2));
  },
  leastCurvature: (lower, upper, parameters) => {
    const squaredWidth = number(numberParameter(parameters, 'width') ** 2);
    const far = farthest(lower, upper);
    return divide(squaredWidth, power(add(multiply(far, far), squaredWidth), 3 / 2));
  },
  lower: (graph, t, parameters) =>
    graph.unary(
      'sqrt',
      graph.add(graph.power(t, 2), graph.constant(numberParameter(parameters, 'width') ** 2)),
    ),
});
