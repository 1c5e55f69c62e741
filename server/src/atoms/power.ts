/**
 * t .^ p with a number p. Whole p >= 0 takes any t; whole p < 0 any t other than 0; other p need
 * t >= 0 (t > 0 when p < 0). phi^(k) = p (p-1) … (p-k+1) t^(p-k), bounded by its value at the far end
 * of [lower, upper] when p >= k and at the near end otherwise.
 */
import { farthest, nearest, positivePart, roundedDown, roundedUp } from './ball-bounds.ts';
import { knownLeast, knownMost } from './derivative-profile.ts';
import { elementwiseAtom, numberParameter } from './elementwise.ts';
import type { Parameters } from './atom.ts';
import type { Formula } from './formula.ts';
import { multiply, negate, number, power as powerFormula } from './formula.ts';
import type { Interval } from './interval.ts';
import {
  absoluteInterval,
  increasingImage,
  intersect,
  interval,
  nonNegative,
  reciprocalInterval,
} from './interval.ts';

function image(t: Interval, exponent: number): Interval {
  if (exponent === 0) return interval(1, 1);
  if (exponent < 0) return reciprocalInterval(image(t, -exponent));
  if (!Number.isInteger(exponent)) {
    return increasingImage(intersect(t, nonNegative), (end) => end ** exponent);
  }
  if (exponent % 2 === 0) return increasingImage(absoluteInterval(t), (end) => end ** exponent);
  return increasingImage(t, (end) => end ** exponent);
}

/** p (p-1) … (p-k+1). */
function factor(exponent: number, order: number): number {
  let product = 1;
  for (let k = 0; k < order; k++) product *= exponent - k;
  return product;
}

function derivativeBound(order: 1 | 2 | 3, lower: Formula, upper: Formula, parameters: Parameters): Formula {
  const exponent = numberParameter(parameters, 'exponent');
  const coefficient = Math.abs(factor(exponent, order));
  if (coefficient === 0) return number(0);
  const whole = Number.isInteger(exponent);
  const near = whole ? nearest(lower, upper) : positivePart(lower);
  const base = exponent >= order ? farthest(lower, upper) : near;
  return multiply(number(roundedUp(coefficient)), powerFormula(base, exponent - order));
}

export const power = {
  ...elementwiseAtom({
    name: 'power',
    documentation: {
      signature: 't .^ p : same shape (t ^ p for a scalar), p a number',
      summary: 'power of each entry with a constant exponent',
      formula: 'tᵖ',
    },
    constants: [{ name: 'exponent' }],
    domain: (parameters) => {
      const exponent = numberParameter(parameters, 'exponent');
      if (Number.isInteger(exponent)) return undefined;
      return exponent > 0
        ? { interval: nonNegative, words: 'at least 0 under a power that is not whole' }
        : { interval: nonNegative, words: 'positive under a negative power' };
    },
    range: (t, parameters) => image(t, numberParameter(parameters, 'exponent')),
    monotonicity: (t, parameters) => {
      const exponent = numberParameter(parameters, 'exponent');
      if (exponent === 0) return 'increasing';
      const odd = Number.isInteger(exponent) && Math.abs(exponent) % 2 === 1;
      const even = Number.isInteger(exponent) && exponent % 2 === 0;
      if (exponent > 0) {
        if (odd || !even || t.lower >= 0) return 'increasing';
        return t.upper <= 0 ? 'decreasing' : 'none';
      }
      if (t.lower >= 0) return 'decreasing';
      if (t.upper > 0) return 'none';
      return odd ? 'decreasing' : 'increasing';
    },
    curvature: (t, parameters) => {
      const exponent = numberParameter(parameters, 'exponent');
      if (exponent === 0 || exponent === 1) return 'affine';
      if (Number.isInteger(exponent)) {
        if (exponent > 0 && exponent % 2 === 0) return 'convex';
        if (t.lower >= 0) return 'convex';
        if (t.upper > 0) return 'none';
        return exponent % 2 === 0 ? 'convex' : 'concave';
      }
      return exponent > 0 && exponent < 1 ? 'concave' : 'convex';
    },
    smoothness: Infinity,
    derivativeBound,
    leastCurvature: (lower, upper, parameters) => {
      const exponent = numberParameter(parameters, 'exponent');
      const coefficient = Math.abs(factor(exponent, 2));
      if (exponent === 2 || coefficient === 0) return number(coefficient);
      // |t|^(p-2) is smallest at the near end for p > 2, at the far end for p < 2.
      const whole = Number.isInteger(exponent);
      const near = whole ? nearest(lower, upper) : positivePart(lower);
      const far = whole ? farthest(lower, upper) : positivePart(upper);
      return multiply(
        number(roundedDown(coefficient)),
        powerFormula(exponent > 2 ? near : far, exponent - 2),
      );
    },
    bend: (way, lower, upper, parameters) => {
      const exponent = numberParameter(parameters, 'exponent');
      if (exponent % 2 === 1 && exponent > 2) {
        const end = positivePart(way === 'up' ? upper : negate(lower));
        return multiply(number(roundedUp(factor(exponent, 2))), powerFormula(end, exponent - 2));
      }
      // Below 0 an odd power bends the other way; infinite where 0 is inside.
      const isOdd = Number.isInteger(exponent) && exponent % 2 !== 0;
      const turned = isOdd && knownMost(upper) <= 0;
      if (isOdd && !turned && knownLeast(lower) < 0) return derivativeBound(2, lower, upper, parameters);
      const bendsUp = factor(exponent, 2) > 0 !== turned;
      return bendsUp === (way === 'up') ? derivativeBound(2, lower, upper, parameters) : number(0);
    },
    lower: (graph, t, parameters) => graph.power(t, numberParameter(parameters, 'exponent')),
  }),
  notation: '.^',
};
