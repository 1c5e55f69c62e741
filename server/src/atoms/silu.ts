/**
 * t sigmoid(t), a smooth relu (also called swish). With s the logistic function: phi' = s + t s',
 * phi'' = 2s' + t s'', phi''' = 3s'' + t s'''; the extremes below are roots of the next derivative.
 */
import { sigmoid as logistic } from '../graph/scalar-functions.ts';
import { roundedDown, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { bendOf, mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import type { Interval } from './interval.ts';
import { interval } from './interval.ts';

const slope = (t: number): number => logistic(t) * logistic(-t);
const second = (t: number): number => -slope(t) * Math.tanh(t / 2);
const third = (t: number): number => slope(t) * (1 - 6 * slope(t));
/** t times a function that decays like e^-|t|. */
const weighted = (t: number, value: number): number => (Math.abs(t) > 700 ? 0 : t * value);

const profiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: (t) => Math.abs(logistic(t) + weighted(t, slope(t))),
    extremes: [
      { at: 2.3993572805154677, size: roundedUp(1.099839320128867) },
      { at: -2.3993572805154677, size: roundedUp(0.09983932012886692) },
    ],
  },
  2: {
    size: (t) => Math.abs(2 * slope(t) + weighted(t, second(t))),
    extremes: mirrored(
      { at: 0, size: 1 / 2 },
      { at: 3.435840993535111, size: roundedUp(0.036914373199893184) },
    ),
  },
  3: {
    size: (t) => Math.abs(3 * second(t) + weighted(t, third(t))),
    extremes: mirrored(
      { at: 1.0319582417807492, size: roundedUp(0.30818151579647914) },
      { at: 4.429235100557228, size: roundedUp(0.013862297655470339) },
    ),
  },
};

/** Where it is smallest, and its value there. */
const bottom = -1.2784645427610738;
const least = roundedUp(-0.2784645427610738);
/** Convex between −inflection and inflection, rounded inwards. */
const inflection = roundedDown(2.3993572805154677);

function image({ lower, upper }: Interval): Interval {
  const value = (t: number): number => (t === -Infinity ? 0 : t * logistic(t));
  const ends = [value(lower), value(upper)];
  return interval(lower <= bottom && bottom <= upper ? least : Math.min(...ends), Math.max(...ends));
}

export const silu = elementwiseAtom({
  name: 'silu',
  documentation: {
    signature: 'silu(t : any shape) : same shape',
    summary: 'each entry times its logistic function, a smooth relu that dips below 0',
    formula: 't/(1 + e⁻ᵗ)',
  },
  range: image,
  monotonicity: (t) =>
    t.lower >= roundedDown(bottom) ? 'increasing' : t.upper <= roundedUp(bottom) ? 'decreasing' : 'none',
  curvature: ({ lower, upper }) => {
    if (-inflection <= lower && upper <= inflection) return 'convex';
    const outer = roundedUp(2.3993572805154677);
    return lower >= outer || upper <= -outer ? 'concave' : 'none';
  },
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(profiles[order], lower, upper),
  bend: bendOf(profiles[2], (t) => Math.abs(t) < inflection),
  lower: (graph, t) => graph.multiply(t, graph.unary('sigmoid', t)),
});
