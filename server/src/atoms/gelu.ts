/**
 * t Φ(t) with the normal distribution function Φ(t) = (1 + erf(t/√2))/2, in its exact form. With the
 * normal density φ: phi' = Φ + tφ, phi'' = (2 − t²)φ, phi''' = (t³ − 4t)φ. Extremes of phi' lie at ±√2, of
 * phi'' at 0 and ±2, of phi''' where t² = (7 ± √33)/2.
 */
import { erf } from '../graph/error-function.ts';
import { roundedDown, roundedUp } from './ball-bounds.ts';
import type { DerivativeProfile } from './derivative-profile.ts';
import { bendOf, mirrored, profileBound } from './derivative-profile.ts';
import { elementwiseAtom } from './elementwise.ts';
import type { Interval } from './interval.ts';
import { interval } from './interval.ts';

const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
const distribution = (t: number): number => (1 + erf(t * Math.SQRT1_2)) / 2;
/** A polynomial times the density; 0 · infinity is the limit 0. */
const weighted = (t: number, factor: number): number => (Math.abs(t) > 40 ? 0 : factor * density(t));
const inner = Math.sqrt((7 - Math.sqrt(33)) / 2);
const outer = Math.sqrt((7 + Math.sqrt(33)) / 2);

const profiles: Readonly<Record<1 | 2 | 3, DerivativeProfile>> = {
  1: {
    size: (t) => Math.abs(distribution(t) + weighted(t, t)),
    extremes: [
      { at: Math.SQRT2, size: roundedUp(1.1289041451851548) },
      { at: -Math.SQRT2, size: roundedUp(0.1289041451851548) },
    ],
  },
  2: {
    size: (t) => Math.abs(weighted(t, 2 - t * t)),
    extremes: mirrored(
      { at: 0, size: roundedUp(2 * density(0)) },
      { at: 2, size: roundedUp(2 * density(2)) },
    ),
  },
  3: {
    size: (t) => Math.abs(weighted(t, t ** 3 - 4 * t)),
    extremes: mirrored(
      { at: inner, size: roundedUp(0.7787696350557324) },
      { at: outer, size: roundedUp(0.09874165861146964) },
    ),
  },
};

/** Where it is smallest, and its value there. */
const bottom = -0.7517915246935645;
const least = roundedUp(-0.16997120747990366);

function image({ lower, upper }: Interval): Interval {
  const value = (t: number): number => (t === -Infinity ? 0 : t * distribution(t));
  const ends = [value(lower), value(upper)];
  return interval(lower <= bottom && bottom <= upper ? least : Math.min(...ends), Math.max(...ends));
}

export const gelu = elementwiseAtom({
  name: 'gelu',
  documentation: {
    signature: 'gelu(t : any shape) : same shape',
    summary: 'each entry times its normal distribution function, a smooth relu that dips below 0',
    formula: 't Φ(t)',
  },
  range: image,
  monotonicity: (t) =>
    t.lower >= roundedDown(bottom) ? 'increasing' : t.upper <= roundedUp(bottom) ? 'decreasing' : 'none',
  curvature: ({ lower, upper }) => {
    if (-roundedDown(Math.SQRT2) <= lower && upper <= roundedDown(Math.SQRT2)) return 'convex';
    return lower >= roundedUp(Math.SQRT2) || upper <= -roundedUp(Math.SQRT2) ? 'concave' : 'none';
  },
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => profileBound(profiles[order], lower, upper),
  bend: bendOf(profiles[2], (t) => Math.abs(t) < Math.SQRT2),
  lower: (graph, t) => {
    const scaled = graph.multiply(t, graph.unary('sqrt', graph.constant(0.5)));
    return graph.scale(graph.multiply(t, graph.add(graph.constant(1), graph.unary('erf', scaled))), 0.5);
  },
});
