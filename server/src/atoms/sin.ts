/**
 * Sine of each entry. All derivatives are sines and cosines: their largest size over an interval is 1
 * where it holds a peak (an odd multiple of π/2 of the argument of a sine) and that at an end otherwise.
 */
import { elementwiseAtom } from './elementwise.ts';
import type { Formula } from './formula.ts';
import { number } from './formula.ts';
import type { Interval } from './interval.ts';
import { interval } from './interval.ts';
import { knownLeast, knownMost } from './derivative-profile.ts';
import type { AtomCurvature, Bend, Monotonicity } from './atom.ts';

/** Beyond this the position within a period is lost in rounding; nothing is claimed there. */
const farAway = 1e6;
/** What rounding may do to a phase up to there. */
const slack = 1e-9;

/** The phase t/(π/2), where a sine has its zeros at even and its peaks at odd whole numbers. */
function phases({ lower, upper }: Interval, quarters: number): readonly [number, number] | undefined {
  if (!(lower >= -farAway && upper <= farAway)) return undefined;
  const [a, b] = [lower, upper].map((t) => t / (Math.PI / 2) + quarters) as [number, number];
  return b - a >= 4 ? undefined : [a, b];
}

/** Is there a whole number k ≡ residue (mod period) between the phases? */
function holds([a, b]: readonly [number, number], residue: number, period: number): boolean {
  return Math.floor((b + slack - residue) / period) * period + residue >= a - slack;
}

/** Range of sin(t + quarters · π/2). */
export function sineRange(t: Interval, quarters: number): Interval {
  const phase = phases(t, quarters);
  if (phase === undefined) return interval(-1, 1);
  const ends = [t.lower, t.upper].map((end) => (quarters === 0 ? Math.sin(end) : Math.cos(end)));
  return interval(holds(phase, 3, 4) ? -1 : Math.min(...ends), holds(phase, 1, 4) ? 1 : Math.max(...ends));
}

/** sin is increasing from phase −1 to 1, modulo 4. */
export function sineMonotonicity(t: Interval, quarters: number): Monotonicity {
  const phase = phases(t, quarters);
  if (phase === undefined || strictlyHolds(phase, 1, 2)) return 'none';
  return Math.cos(((phase[0] + phase[1]) / 2) * (Math.PI / 2)) > 0 ? 'increasing' : 'decreasing';
}

/** sin is concave from phase 0 to 2, modulo 4. */
export function sineCurvature(t: Interval, quarters: number): AtomCurvature {
  const phase = phases(t, quarters);
  if (phase === undefined || strictlyHolds(phase, 0, 2)) return 'none';
  return Math.sin(((phase[0] + phase[1]) / 2) * (Math.PI / 2)) > 0 ? 'concave' : 'convex';
}

/** As `holds`, but not at the ends: a peak at an end does no harm to what is claimed in between. */
function strictlyHolds([a, b]: readonly [number, number], residue: number, period: number): boolean {
  return holds([a + 2 * slack, b - 2 * slack], residue, period);
}

/** max |sin(t + quarters · π/2)| over the interval. */
export function sineBound(lower: Formula, upper: Formula, quarters: number): Formula {
  const t = interval(knownLeast(lower), knownMost(upper));
  const range = sineRange(t, quarters % 2);
  const most = Math.max(-range.lower, range.upper);
  // The sine or cosine of V8 is off by less than 2 ulp, and t itself by a rounding.
  return number(Math.min(1, most + 1e-9 * 2 ** -20));
}

/** Of sin(t + quarters · π/2), whose second derivative is its negative. */
export function sineBend(way: Bend, lower: Formula, upper: Formula, quarters: number): Formula {
  const range = sineRange(interval(knownLeast(lower), knownMost(upper)), quarters);
  const most = way === 'up' ? -range.lower : range.upper;
  return number(Math.min(1, Math.max(0, most + 1e-9 * 2 ** -20)));
}

export const sin = elementwiseAtom({
  name: 'sin',
  documentation: {
    signature: 'sin(t : any shape) : same shape',
    summary: 'sine of each entry, in radians',
    formula: 'sin t',
  },
  range: (t) => sineRange(t, 0),
  monotonicity: (t) => sineMonotonicity(t, 0),
  curvature: (t) => sineCurvature(t, 0),
  smoothness: Infinity,
  derivativeBound: (order, lower, upper) => sineBound(lower, upper, order),
  bend: (way, lower, upper) => sineBend(way, lower, upper, 0),
  lower: (graph, t) => graph.unary('sin', t),
});
