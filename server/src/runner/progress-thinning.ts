/**
 * Progress comes at every iteration and is thinned out here, before its words cost anything: at most
 * twenty messages a second, except that the first of each phase always goes out, so that a long phase is
 * named from its beginning.
 */
import { performance } from 'node:perf_hooks';
import type { Progress } from '../protocol/solver.ts';

const leastMillisecondsBetween = 50;

/** Tells of progress; the words are made only when somebody will see them. */
export type ProgressReporter = (phase: Progress['phase'], describe: () => Omit<Progress, 'phase'>) => void;

/** Passes at most one progress per interval, and always the first of each phase. */
export function thinOut(
  post: (progress: Progress) => void,
  now: () => number = () => performance.now(),
): ProgressReporter {
  const seen = new Set<Progress['phase']>();
  let last = -Infinity;
  return (phase, describe) => {
    const time = now();
    if (seen.has(phase) && time - last < leastMillisecondsBetween) return;
    seen.add(phase);
    last = time;
    post({ phase, ...describe() });
  };
}
