/**
 * Seeded pseudo-random numbers for tests (mulberry32), so that every failure repeats.
 */
export interface Seeded {
  /** Uniform in [0, 1). */
  (): number;
}

export function seeded(seed: number): Seeded {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal by Box and Muller. */
export function normal(random: Seeded): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function normalArray(random: Seeded, length: number, scale = 1): Float64Array {
  return Float64Array.from({ length }, () => scale * normal(random));
}

export function integerBelow(random: Seeded, bound: number): number {
  return Math.floor(random() * bound);
}
