/**
 * ln(t/(1 − t)), the inverse of sigmoid, for 0 < t < 1: phi' = 1/t + 1/(1 − t), phi'' = 1/(1 − t)² − 1/t²,
 * phi''' = 2/t³ + 2/(1 − t)³. The first and third are convex, the second is increasing, so that the
 * ends of an interval decide.
 */
import { positivePart } from './ball-bounds.ts';
import { elementwiseAtom } from './elementwise.ts';
import type { Formula } from './formula.ts';
import { add, maximum, multiply, number, one, power, subtract } from './formula.ts';
import { increasingImage, intersect, interval } from './interval.ts';

const unit = interval(0, 1);

export const logit = elementwiseAtom({
  name: 'logit',
  documentation: {
    signature: 'logit(t : any shape) : same shape',
    summary: 'log-odds of each entry, which must lie between 0 and 1; the inverse of sigmoid',
    formula: 'ln(t/(1 − t))',
  },
  domain: () => ({ interval: unit, words: 'between 0 and 1' }),
  range: (t) => increasingImage(intersect(t, unit), (end) => Math.log(end) - Math.log1p(-end)),
  monotonicity: () => 'increasing',
  curvature: (t) => (t.lower >= 0.5 ? 'convex' : t.upper <= 0.5 ? 'concave' : 'none'),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => {
    const ends = [lower, upper].map((end): readonly [Formula, Formula] => [
      power(positivePart(end), -order),
      power(positivePart(subtract(one, end)), -order),
    ]);
    if (order === 2) {
      const [[a, b], [c, d]] = ends as [readonly [Formula, Formula], readonly [Formula, Formula]];
      return maximum(subtract(a, b), subtract(d, c));
    }
    const sums = maximum(...ends.map((pair) => add(...pair)));
    return order === 3 ? multiply(number(2), sums) : sums;
  },
  // Convex from 1/2 on, concave up to there: |phi''| is smallest at the end towards 1/2.
  leastCurvature: (lower, upper) =>
    maximum(
      subtract(power(positivePart(subtract(one, lower)), -2), power(positivePart(lower), -2)),
      subtract(power(positivePart(upper), -2), power(positivePart(subtract(one, upper)), -2)),
    ),
  // The second derivative is increasing.
  bend: (way, lower, upper) => {
    const end = way === 'up' ? upper : lower;
    const [ofZero, ofOne] = [power(positivePart(end), -2), power(positivePart(subtract(one, end)), -2)];
    return positivePart(way === 'up' ? subtract(ofOne, ofZero) : subtract(ofZero, ofOne));
  },
  lower: (graph, t) => graph.subtract(graph.unary('log', t), graph.unary('log1p', graph.negate(t))),
});
