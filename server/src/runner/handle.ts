/**
 * The front's end of the solver process, used by the language server and the command line alike.
 * It starts the process on first need, hands it one request at a time, and turns its messages into one
 * promise per request that always settles: with the answer, or with words for how the process died.
 * After a death the next request gets a fresh process; nothing outlives the front, because the
 * process ends itself when the channel closes.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Progress, SolverMessage, SolverRequest } from '../protocol/solver.ts';

/** A request without its id, which the handle gives; cancelling goes through `SolverRun.cancel`. */
export type SolverTask = WithoutId<Exclude<SolverRequest, { kind: 'cancel' }>>;
type WithoutId<Request> = Request extends unknown ? Omit<Request, 'id'> : never;

export interface RunListener {
  readonly progress?: (progress: Progress) => void;
  /** The process has seen the request to cancel. */
  readonly cancelling?: () => void;
}

export interface SolverRun {
  /** Never rejects. */
  readonly answer: Promise<Answer>;
  /** Asks the run to end; it ends by itself or is ended by force within one second. */
  cancel(): void;
}

/**
 * How long a cancelled run may take to end by itself. With the time to notice the death of a process this
 * stays below the one second that is promised.
 */
const graceMilliseconds = 800;
/** Enough for the fatal lines of V8; more would only be a stack trace of native frames. */
const keptErrorCharacters = 4000;

interface Pending {
  readonly request: Exclude<SolverRequest, { kind: 'cancel' }>;
  readonly listener: RunListener;
  readonly settle: (answer: Answer) => void;
  lastProgress?: Progress;
  cancelled: boolean;
  timer?: NodeJS.Timeout;
}

export class SolverHandle {
  private readonly program: string;
  private readonly waiting: Pending[] = [];
  private current: Pending | undefined;
  private child: ChildProcess | undefined;
  private errorText = '';
  private nextId = 1;
  private disposed = false;

  /** `program`: the solver's file; by default the bundle beside this one, or main.ts among the sources. */
  constructor(program: string = defaultProgram()) {
    this.program = program;
  }

  /** Of the running process; undefined before the first request and after a death. */
  get processId(): number | undefined {
    return this.child?.pid;
  }

  start(task: SolverTask, listener: RunListener = {}): SolverRun {
    const id = this.nextId++;
    let settle: (answer: Answer) => void = () => undefined;
    const answer = new Promise<Answer>((resolve) => {
      settle = resolve;
    });
    const pending: Pending = { request: { ...task, id }, listener, settle, cancelled: false };
    if (this.disposed) {
      settle({ id, kind: 'failed', message: 'the solver was shut down before this request' });
    } else {
      this.waiting.push(pending);
      this.next();
    }
    return { answer, cancel: () => this.cancel(pending) };
  }

  /** Ends the process at once; a running request is answered as failed, waiting ones go to a fresh process. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  /**
   * Cancels what runs and what waits, ends the process and resolves when it is gone. By force: the process
   * writes nothing, so nothing can be left half done.
   */
  async dispose(): Promise<void> {
    this.disposed = true;
    for (const pending of this.waiting.splice(0))
      pending.settle({ id: pending.request.id, kind: 'cancelled' });
    const child = this.child;
    if (child === undefined) return;
    if (this.current !== undefined) this.current.cancelled = true;
    const gone = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
    });
    child.kill('SIGKILL');
    await gone;
  }

  private next(): void {
    if (this.current !== undefined) return;
    const pending = this.waiting.shift();
    if (pending === undefined) return;
    this.current = pending;
    const child = this.child ?? this.spawn();
    // A send that fails means that the process is dying; its `close` event, which always comes, answers.
    child.send(pending.request, () => undefined);
  }

  private cancel(pending: Pending): void {
    if (pending.cancelled) return;
    const position = this.waiting.indexOf(pending);
    if (position >= 0) {
      this.waiting.splice(position, 1);
      pending.settle({ id: pending.request.id, kind: 'cancelled' });
      return;
    }
    const child = this.child;
    if (pending !== this.current || child === undefined) return;
    pending.cancelled = true;
    pending.timer = setTimeout(() => child.kill('SIGKILL'), graceMilliseconds);
    const { id } = pending.request;
    child.send({ id, kind: 'cancel', target: id } satisfies SolverRequest, () => undefined);
  }

  private spawn(): ChildProcess {
    const child = fork(this.program, [], {
      // Typed arrays and numbers that are not finite travel as they are.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A debugger's port or a loader of the front is not the solver's.
      execArgv: [],
      env: 'electron' in process.versions ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env,
    });
    this.child = child;
    this.errorText = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errorText = (this.errorText + text).slice(-keptErrorCharacters);
    });
    child.on('message', (message) => this.receive(child, message as SolverMessage));
    let startFailure: Error | undefined;
    child.on('error', (error) => {
      startFailure = error;
      // A process that never started has no `close` event.
      if (child.pid === undefined) this.ended(child, null, null, error);
    });
    // `close` and not `exit`: messages sent before the end have then been read.
    child.on('close', (code, signal) => this.ended(child, code, signal, startFailure));
    return child;
  }

  private receive(child: ChildProcess, message: SolverMessage): void {
    const pending = this.current;
    if (child !== this.child || pending === undefined || message.id !== pending.request.id) return;
    switch (message.kind) {
      case 'progress':
        pending.lastProgress = message.progress;
        pending.listener.progress?.(message.progress);
        return;
      case 'cancelling':
        pending.listener.cancelling?.();
        return;
      case 'finished':
      case 'described':
      case 'rejected':
      case 'cancelled':
      case 'failed':
        this.settleCurrent(message);
    }
  }

  private ended(child: ChildProcess, code: number | null, signal: string | null, error?: Error): void {
    if (child !== this.child) return;
    this.child = undefined;
    const pending = this.current;
    if (pending === undefined) return;
    const { id } = pending.request;
    const last = pending.lastProgress === undefined ? {} : { lastProgress: pending.lastProgress };
    this.settleCurrent(
      pending.cancelled
        ? { id, kind: 'cancelled', ...last }
        : {
            id,
            kind: 'failed',
            message: wordsForDeath(code, signal, error, this.errorText, pending),
            ...last,
          },
    );
  }

  private settleCurrent(answer: Answer): void {
    const pending = this.current;
    if (pending === undefined) return;
    this.current = undefined;
    clearTimeout(pending.timer);
    pending.settle(answer);
    this.next();
  }
}

function wordsForDeath(
  code: number | null,
  signal: string | null,
  error: Error | undefined,
  errorText: string,
  pending: Pending,
): string {
  const doing =
    pending.lastProgress === undefined ? 'before its first report' : `during: ${pending.lastProgress.text}`;
  if (code === null && signal === null) {
    return `the solver process could not be started: ${error?.message ?? 'no reason given'}`;
  }
  if (/heap out of memory|Array buffer allocation failed/.test(errorText)) {
    return `the solver process ran out of memory ${doing}. Take fewer rows, or a smaller problem`;
  }
  if (signal !== null) {
    const hint = signal === 'SIGKILL' ? ', by someone or by the system when memory runs out,' : '';
    return `the solver process was killed (${signal})${hint} ${doing}`;
  }
  const lastLine = errorText.trim().split('\n').at(-1);
  return `the solver process ended with exit code ${String(code)} ${doing}${lastLine ? ` (${lastLine})` : ''}`;
}

function defaultProgram(): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, 'main.ts')
    : join(import.meta.dirname, 'solver.cjs');
}
