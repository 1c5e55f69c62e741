/**
 * The solver thread: takes one request at a time, gives it to the pipeline and posts the answer.
 * Progress is thinned out here, before it costs anything: at most twenty messages a second, except that
 * the first of each phase always goes out, so that a long phase is named from its beginning.
 */
import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import type { CancellationToken } from '../base/cancellation.ts';
import type { Progress, SolverMessage, SolverRequest } from '../protocol/solver.ts';
import { answerRequest } from './pipeline.ts';

const leastMillisecondsBetween = 50;

/** `flag[0]` holds the id of the request that is to end; ids start at 1. */
export function serveThread(port: MessagePort, flag: Int32Array): void {
  port.on('message', (request: Exclude<SolverRequest, { kind: 'cancel' }>) => {
    const post = (message: SolverMessage): void => port.postMessage(message);
    const token: CancellationToken = {
      get cancelled() {
        return Atomics.load(flag, 0) === request.id;
      },
    };
    const report = thinOut((progress) => post({ id: request.id, kind: 'progress', progress }));
    post(answerRequest(request, report, token));
  });
}

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
