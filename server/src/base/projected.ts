/** A Euclidean projection onto a set as it was computed, and how far it may be off. */
export interface Projected {
  readonly point: Float64Array;
  /** The 2-norm distance of `point` to the exact projection is at most this. */
  readonly error: number;
  /** Whether `error` is proved, rounding counted in, or what an iteration leaves by its own measure. */
  readonly kind: 'certified' | 'estimated';
  /** Beside an estimate: a distance that is proved, which may be far larger. */
  readonly proved?: number;
}
