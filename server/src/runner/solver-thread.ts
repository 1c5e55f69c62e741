/** The solver thread: takes one request at a time, gives it to the pipeline and posts the answer. */
import type { MessagePort } from 'node:worker_threads';
import type { CancellationToken } from '../base/cancellation.ts';
import type { SolverMessage, SolverRequest } from '../protocol/solver.ts';
import { answerRequest } from './pipeline.ts';
import { thinOut } from './progress-thinning.ts';

/** Given by start.ts; among the sources there is none. */
declare const keepCompiledCode: (() => void) | undefined;

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
    const answer = answerRequest(request, report, token);
    // Before: once the front has its answer, it may end the process by force.
    if (typeof keepCompiledCode !== 'undefined') keepCompiledCode();
    post(answer);
  });
}
