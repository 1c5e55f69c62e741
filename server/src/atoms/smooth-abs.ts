/**
 * sqrt(t^2 + n^2), an absolute value smoothed over the width n. phi' = t/N with N = √(t² + n²);
 * phi'' = n²/N³ <= 1/n (at 0); |phi'''| = 3n²|t|/N⁵ <= 48/(25 sqrt 5 n^2) = 0.8587/n^2 (at |t| = n/2).
 */
import { farthest, nearest, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom, numberParameter } from './elementwise.ts';
import type { Formula } from './formula.ts';
import { add, divide, number, power, squareRoot } from './formula.ts';
import { absoluteInterval, increasingImage } from './interval.ts';

const third = 48 / (25 * Math.sqrt(5));

/** n²/(t² + n²)^(3/2) */
function second(t: Formula, width: number): Formula {
  const squared = power(number(width), 2);
  return divide(squared, power(add(power(t, 2), squared), 3 / 2));
}

function profile(order: 1 | 2 | 3, n: number): DerivativeProfile {
  // Written by t/n, so that neither a tiny nor a huge width overflows.
  const root = (t: number): number => Math.hypot(t / n, 1);
  switch (order) {
    case 1:
      return {
        size: (t) => (Number.isFinite(t) ? Math.abs(t / n) / root(t) : 1),
        extremes: mirrored({ at: Infinity, size: 1 }),
        formula: (lower, upper) => {
          const far = farthest(lower, upper);
          return divide(far, squareRoot(add(power(far, 2), power(number(n), 2))));
        },
      };
    case 2:
      return {
        size: (t) => 1 / n / root(t) ** 3,
        extremes: [{ at: 0, size: roundedUp(1 / n) }],
        formula: (lower, upper) => second(nearest(lower, upper), n),
      };
    case 3:
      return {
        size: (t) => (Number.isFinite(t) ? (3 * Math.abs(t / n)) / root(t) ** 5 / n / n : 0),
        extremes: mirrored({ at: n / 2, size: roundedUp(third / n ** 2) }),
      };
  }
}

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
  derivativeBound: (order, lower, upper, parameters) =>
    profileBound(profile(order, numberParameter(parameters, 'width')), lower, upper),
  leastCurvature: (lower, upper, parameters) =>
    second(farthest(lower, upper), numberParameter(parameters, 'width')),
  lower: (graph, t, parameters) =>
    graph.unary(
      'sqrt',
      graph.add(graph.power(t, 2), graph.power(graph.constant(numberParameter(parameters, 'width')), 2)),
    ),
});
