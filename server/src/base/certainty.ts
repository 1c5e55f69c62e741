/**
 * How far a number can be trusted. Every bound and constant that leaves the solver carries one.
 * certified: a theorem with all its assumptions checked and rounding counted in;
 * probabilistic: certified but for a stated failure probability; estimated: no guarantee;
 * given: the author of the file said so (`heavy_ball(mu = …)`).
 */
export type Certainty = 'certified' | 'probabilistic' | 'estimated' | 'given';

/** A number with its trust. `failureProbability` is present exactly when `kind` is probabilistic. */
export interface Qualified {
  readonly value: number;
  readonly kind: Certainty;
  readonly failureProbability?: number;
}

/** The least trust of several, with failure probabilities added (union bound). */
export function weakest(parts: readonly { kind: Certainty; failureProbability?: number }[]): {
  kind: Certainty;
  failureProbability?: number;
} {
  const order: readonly Certainty[] = ['certified', 'probabilistic', 'given', 'estimated'];
  let rank = 0;
  let probability = 0;
  for (const part of parts) {
    rank = Math.max(rank, order.indexOf(part.kind));
    probability += part.failureProbability ?? 0;
  }
  const kind = order[rank] ?? 'estimated';
  return kind === 'probabilistic' ? { kind, failureProbability: Math.min(1, probability) } : { kind };
}
