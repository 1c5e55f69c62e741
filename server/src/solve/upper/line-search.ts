/**
 * The certified line search (MAID, Salehi, Mukherjee, Roberts & Ehrhardt 2023, Algorithm 3.1, with sets):
 * theta_new = P(theta − a h) is accepted when
 *   f_new + error_new − (f_old − error_old) + 0.1 |<h, d>| <= 0,  d = theta_new − theta,
 * so F really decreases, whatever the error of h. When the values are too inexact to tell, they are
 * refined rather than the step shortened; only a decrease that is truly absent shortens the step.
 */
import { projectedStep } from '../bounds/descent.ts';
import type { Projection } from '../bounds/descent.ts';
import type { Evaluation } from '../evaluation.ts';
import { dot } from '../vector.ts';
import { certifyValue, refineValue } from './certified-value.ts';
import type { CertifiedValue } from './certified-value.ts';

/** The part of the linear decrease that is demanded; MAID's lambda. */
const demanded = 0.1;
/** 2^-40 of the first step: shorter ones vanish in the rounding of theta. */
const mostHalvings = 40;

export type SearchEnd = 'accepted' | 'floor' | 'limited' | 'absent' | 'budget' | 'cancelled';

export interface SearchResult {
  readonly end: SearchEnd;
  /** The new point; present when accepted. */
  readonly value?: CertifiedValue;
  readonly step: number;
  readonly direction?: Float64Array;
  readonly halvings: number;
}

/** Searches along P(theta − a h) from a = `firstStep` downwards. */
export function certifiedLineSearch(
  evaluation: Evaluation,
  project: Projection,
  from: CertifiedValue,
  h: Float64Array,
  firstStep: number,
  lowerTolerance: number,
): SearchResult {
  let old = from;
  let step = firstStep;
  let undecided: 'floor' | 'limited' | undefined;
  for (let halvings = 0; halvings <= mostHalvings; halvings++, step /= 2) {
    const stopped = interruption(evaluation);
    if (stopped !== undefined) return { end: stopped, step, halvings };
    const candidate = projectedStep(project, from.theta, h, step);
    if (!(candidate.length > 0)) break;
    const required = demanded * Math.abs(dot(h, candidate.direction));
    const start = evaluation.options.warmStart ? old.lower.x : startAt(evaluation, candidate.theta);
    const lower = evaluation.lower(candidate.theta, start, lowerTolerance);
    if (lower.stop === 'not_finite' || !Number.isFinite(lower.objective)) continue;
    let value = certifyValue(evaluation, candidate.theta, lower);
    if (!Number.isFinite(value.upper.objective)) continue;
    for (let round = 0; ; round++) {
      const change = value.upper.objective - old.upper.objective;
      // The sum of few terms of about the same size is off by a few units in its last place.
      const slack = 2 ** -50 * (Math.abs(value.upper.objective) + Math.abs(old.upper.objective) + required);
      const gap = value.error.value + old.error.value + slack;
      if (change + required + gap <= 0) {
        return { end: 'accepted', value, step, direction: candidate.direction, halvings };
      }
      // Refine while the answer is open: when the errors are a good part of what is to be decided.
      const scale = Math.max(required, Math.abs(change + required));
      const surelyAbsent = change + required - gap > 0;
      if (surelyAbsent || gap <= 0.25 * required) break;
      const interrupted = interruption(evaluation);
      if (interrupted !== undefined) return { end: interrupted, step, halvings };
      const wanted = 0.1 * scale;
      const before = gap;
      if (old.error.value > wanted) old = refineValue(evaluation, old, wanted);
      if (value.error.value > wanted) value = refineValue(evaluation, value, wanted);
      const after = value.error.value + old.error.value + slack;
      if (round >= 8 || after > 0.9 * before) {
        undecided ??= evaluation.lowerIsFixed ? 'limited' : 'floor';
        break;
      }
    }
  }
  return { end: undecided ?? 'absent', step, halvings: mostHalvings };
}

function interruption(evaluation: Evaluation): 'cancelled' | 'budget' | undefined {
  if (evaluation.cancellation.cancelled) return 'cancelled';
  return evaluation.problem.exhausted ? 'budget' : undefined;
}

function startAt(evaluation: Evaluation, theta: Float64Array): Float64Array {
  evaluation.enter(theta);
  return evaluation.problem.lowerStart();
}
