/**
 * The entropy −t ln t of each entry, 0 at t = 0: concave, increasing up to 1/e. phi' = −(1 + ln t),
 * phi'' = −1/t, phi''' = 1/t²; all are unbounded at 0.
 */
import { xlogx } from '../graph/scalar-functions.ts';
import { positivePart } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import type { Formula } from './formula.ts';
import { add, divide, logarithm, maximum, negate, one, power } from './formula.ts';
import type { Interval } from './interval.ts';
import { interval, intersect, nonNegative } from './interval.ts';

const peak = Math.exp(-1);

function image(t: Interval): Interval {
  const { lower, upper } = intersect(t, nonNegative);
  const ends = [lower, upper].map((end) => (end === Infinity ? -Infinity : 0 - xlogx(end)));
  const most = lower <= peak && peak <= upper ? peak * (1 + 2 ** -50) : Math.max(...ends);
  return interval(Math.min(...ends), most);
}

/** max |1 + ln t| over [lower, upper], t > 0. */
export function logarithmicSlope(lower: Formula, upper: Formula): Formula {
  const [atLower, atUpper] = [lower, upper].map((end) => add(one, logarithm(positivePart(end)))) as [
    Formula,
    Formula,
  ];
  return maximum(atUpper, negate(atLower));
}

export const entr = elementwiseAtom({
  name: 'entr',
  documentation: {
    signature: 'entr(t : any shape) : same shape',
    summary: 'entropy of each entry; t must not be negative, 0 counts as 0',
    formula: '−t ln t',
  },
  domain: () => ({ interval: nonNegative, words: 'at least 0' }),
  range: image,
  monotonicity: (t) => (t.upper <= peak ? 'increasing' : t.lower >= peak ? 'decreasing' : 'none'),
  curvature: () => 'concave',
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) =>
    order === 1 ? logarithmicSlope(lower, upper) : power(positivePart(lower), 1 - order),
  leastCurvature: (_lower, upper) => divide(one, positivePart(upper)),
  lower: (graph, t) => graph.negate(graph.unary('xlogx', t)),
});
