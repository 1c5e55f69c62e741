/**
 * What a running computation tells whoever watches it, once per iteration. The watcher limits how often
 * it passes this on; building the event costs a few numbers only.
 */
export interface SolveProgress {
  readonly phase: 'lower' | 'hypergradient' | 'polishing' | 'upper' | 'verifying';
  /** Iteration within the phase. */
  readonly iteration: number;
  readonly upperStep: number;
  /** Lower gradients plus Hessian products so far, and their limit. */
  readonly spent: number;
  readonly budget: number;
  readonly objective?: number;
  readonly hypergradientNorm?: number;
  readonly hypergradientBound?: number;
  /** Bound of the distance to the lower solution. */
  readonly lowerBound?: number;
  /** Residual norm of the linear system. */
  readonly residual?: number;
}

export type ProgressListener = (progress: SolveProgress) => void;
