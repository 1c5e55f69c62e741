/**
 * The solver process: a main thread that only passes messages, and a solver thread that computes.
 * Solving is synchronous, so that it stays a pure function; cancelling reaches it through one word of
 * shared memory that holds the id of the request to end. The main thread therefore answers `cancel`
 * at once however busy the solver thread is, and ends the process when the front disconnects.
 */
import process from 'node:process';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { SolverMessage, SolverRequest } from '../protocol/solver.ts';

if (isMainThread) servePipe();
else void startSolverThread();

async function startSolverThread(): Promise<void> {
  if (parentPort === null) return;
  // Only the solver thread needs the parser, the compiler and the methods.
  const { serveThread } = await import('./solver-thread.ts');
  serveThread(parentPort, (workerData as { flag: Int32Array }).flag);
}

function servePipe(): void {
  if (process.send === undefined) {
    process.stderr.write('This is the solver process of Bilevel; it is started by the command `bilevel`.\n');
    process.exitCode = 2;
    return;
  }
  const send = process.send.bind(process) as (message: SolverMessage, sent?: () => void) => void;
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(import.meta.filename, { workerData: { flag } });
  let running: number | undefined;
  let leaving = false;

  process.on('message', (message) => {
    const request = message as SolverRequest;
    if (request.kind === 'cancel') {
      Atomics.store(flag, 0, request.target);
      send({ id: request.target, kind: 'cancelling' });
    } else {
      running = request.id;
      thread.postMessage(request);
    }
  });
  thread.on('message', (message: SolverMessage) => {
    if (message.kind !== 'progress') running = undefined;
    send(message);
  });
  // The thread catches what the stages throw; what arrives here is an exhausted heap or a defect in loading.
  thread.on('error', (error) => leave(describeThreadError(error as NodeJS.ErrnoException)));
  thread.on('exit', (code) => leave(`the solver thread ended with exit code ${code}`));

  // Ctrl-C in a terminal reaches every process of the group; ending the run is the front's decision.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));

  function leave(message: string): void {
    // An error is followed by the thread's exit; the first words are the better ones.
    if (leaving) return;
    leaving = true;
    if (running === undefined) process.exit(1);
    else send({ id: running, kind: 'failed', message }, () => process.exit(1));
  }
}

function describeThreadError(error: NodeJS.ErrnoException): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'the solver ran out of memory. Take fewer rows, or a smaller problem'
    : `the solver thread stopped: ${error.stack ?? error.message}`;
}
