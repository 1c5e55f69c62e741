/**
 * Runs of documents in the solver process: the text of the present version is sent, progress is shown
 * with its real quantity, and however the run ends, the editor is told where and in words. One run a
 * document; a new one ends the old. Descriptions (numbers before any run) give way to runs.
 */
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import { MessageType, ShowMessageNotification } from 'vscode-languageserver';
import { evaluateDimension } from '../base/dimension.ts';
import { statusNotification } from '../protocol/editor.ts';
import type { StatusParameters } from '../protocol/editor.ts';
import type { Answer, Progress } from '../protocol/solver.ts';
import { SolverHandle } from '../runner/handle.ts';
import type { SolverRun, SolverTask } from '../runner/handle.ts';
import { statuses } from '../solve/outcome.ts';
import type { Snapshot } from '../workspace/document.ts';
import type { LineEdit } from '../workspace/line-edits.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { PlacedAnnotation } from './annotations.ts';
import { annotationsOf, problemAnnotation, rejectionAnnotation } from './annotations.ts';
import type { Numbers } from './numbers.ts';
import { numbersOfDescription, numbersOfRun } from './numbers.ts';
import type { Results } from './results.ts';

type Task = 'run' | 'gradient';

interface Active {
  readonly snapshot: Snapshot;
  readonly run: SolverRun;
  readonly task: Task;
  /** Edits of the document since the run began. */
  readonly edits: LineEdit[];
  cancelled: boolean;
}

export interface RunListener {
  /** Lenses, hints, hovers and warnings of this document may have changed. */
  readonly refresh: (uri: string) => void;
}

/** Describing reads all data; a larger problem is described by its first run. */
const mostDescribedEntries = 2_500_000;

export class Runs {
  private readonly handle = new SolverHandle();
  private readonly active = new Map<string, Active>();
  private readonly numbers = new Map<string, { readonly text: string; readonly numbers: Numbers }>();
  private describing: { readonly text: string; readonly run: SolverRun } | undefined;
  private readonly connection: Connection;
  private readonly workspace: Workspace;
  private readonly results: Results;
  private readonly listener: RunListener;

  constructor(connection: Connection, workspace: Workspace, results: Results, listener: RunListener) {
    this.connection = connection;
    this.workspace = workspace;
    this.results = results;
    this.listener = listener;
  }

  isRunning(uri: string): boolean {
    return this.active.has(uri);
  }

  /** Numbers of exactly this text. */
  numbersOf({ uri, text }: Snapshot): Numbers | undefined {
    const known = this.numbers.get(uri);
    return known?.text === text ? known.numbers : undefined;
  }

  /** Starts a run; its end is told by notifications. */
  start(snapshot: Snapshot, task: Task): void {
    const { uri } = snapshot;
    this.cancel(uri);
    this.describing?.run.cancel();
    this.results.clear(uri);
    const errors = snapshot.diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (first !== undefined) {
      const { line } = snapshot.position(first.span.start);
      const text = `nothing was run: line ${line + 1}: ${first.message}`;
      this.status({ uri, state: 'failed', text });
      this.say(MessageType.Warning, text);
      return;
    }
    const source = { text: snapshot.text, path: this.workspace.solverPath(snapshot) };
    const request: SolverTask =
      task === 'run'
        ? { kind: 'run', source, adjustments: {} }
        : { kind: 'gradient', source, adjustments: {}, verify: true };
    const progress = this.showProgress(task);
    const run = this.handle.start(request, {
      progress: (event) => {
        progress.report(event);
        // A run that was cancelled, replaced or closed may still report for a moment.
        if (isCurrent() && !active.cancelled) this.status(this.running(uri, event.text));
      },
    });
    const active: Active = { snapshot, run, task, edits: [], cancelled: false };
    const isCurrent = (): boolean => this.active.get(uri) === active;
    this.active.set(uri, active);
    progress.cancelled(() => {
      if (isCurrent()) this.cancel(uri);
    });
    this.status(this.running(uri, 'starting'));
    this.listener.refresh(uri);
    void run.answer.then((answer) => {
      progress.end();
      // A run that a newer one replaced has nothing to show any more.
      if (!isCurrent()) return;
      this.active.delete(uri);
      this.finish(active, answer);
      this.listener.refresh(uri);
    });
  }

  /** Says at once that it was heard: the solver may take a moment to end. */
  cancel(uri: string): void {
    const active = this.active.get(uri);
    if (active === undefined || active.cancelled) return;
    active.cancelled = true;
    active.run.cancel();
    this.status(this.running(uri, 'cancelling …'));
  }

  /** Lines of a document moved; results of its present run will be shown at the moved lines. */
  edited(uri: string, edits: readonly LineEdit[]): void {
    this.active.get(uri)?.edits.push(...edits);
  }

  /** A run that nobody sees any more is ended, and said to be over: the document may be opened again. */
  closed(uri: string): void {
    const active = this.active.get(uri);
    if (active !== undefined) {
      active.run.cancel();
      this.active.delete(uri);
      this.status({ uri, state: 'idle', text: '' });
    }
    this.numbers.delete(uri);
  }

  /** Asks for the numbers of a text, unless it has errors, is large, or the solver has other work. */
  describe(snapshot: Snapshot): void {
    const { uri, text } = snapshot;
    if (!this.workspace.isTrusted || this.active.size > 0 || this.numbersOf(snapshot) !== undefined) return;
    if (this.describing?.text === text || !isSmall(snapshot)) return;
    if (snapshot.diagnostics.some(({ severity }) => severity === 'error')) return;
    this.describing?.run.cancel();
    const source = { text, path: this.workspace.solverPath(snapshot) };
    const run = this.handle.start({ kind: 'describe', source, adjustments: {} });
    const describing = { text, run };
    this.describing = describing;
    void run.answer.then((answer) => {
      if (this.describing === describing) this.describing = undefined;
      // A failure to describe is nothing that was asked for: the run will tell.
      if (answer.kind !== 'described' || this.workspace.get(uri) === undefined) return;
      this.numbers.set(uri, { text, numbers: numbersOfDescription(answer.description) });
      this.listener.refresh(uri);
    });
  }

  /** The data files changed: numbers of the old ones mean nothing. */
  forgetNumbers(uri: string): void {
    this.numbers.delete(uri);
  }

  async dispose(): Promise<void> {
    await this.handle.dispose();
  }

  private finish({ snapshot, edits, task }: Active, answer: Answer): void {
    const { uri, text } = snapshot;
    const now = this.workspace.get(uri);
    const show = (annotations: readonly PlacedAnnotation[], result?: Parameters<Results['show']>[4]): void =>
      this.results.show(snapshot, annotations, now, edits, result);
    switch (answer.kind) {
      case 'finished': {
        const { result } = answer;
        this.numbers.set(uri, { text, numbers: numbersOfRun(result, this.numbersOf(snapshot)) });
        show(annotationsOf(result, snapshot), result);
        const cancelled = result.status === 'cancelled';
        const failed = result.expectations.some(({ holds }) => !holds);
        const words = `${result.status.replaceAll('_', ' ')}${failed ? ', an expectation failed' : ''}`;
        const isDone = statuses[result.status as keyof typeof statuses]?.done === true;
        this.status({
          uri,
          state: cancelled ? 'cancelled' : 'finished',
          text: words,
          ...(failed || !(isDone || cancelled) ? { attention: true } : {}),
        });
        return;
      }
      case 'rejected': {
        show(answer.diagnostics.map((diagnostic) => rejectionAnnotation(snapshot, diagnostic)));
        this.status({
          uri,
          state: 'failed',
          text: `nothing was run: ${answer.diagnostics[0]?.message ?? 'the file has errors'}`,
        });
        return;
      }
      case 'cancelled': {
        const last = answer.lastProgress === undefined ? '' : `; last heard: ${answer.lastProgress.text}`;
        this.status({ uri, state: 'cancelled', text: `cancelled${last}` });
        return;
      }
      case 'failed': {
        const what = task === 'run' ? 'the run' : 'the check of the gradient';
        const words = `${what} failed: ${answer.message}`;
        show([problemAnnotation(snapshot, words, 'error')]);
        this.status({ uri, state: 'failed', text: words });
        this.say(MessageType.Error, words);
        return;
      }
      case 'described':
        return;
    }
  }

  private running(uri: string, text: string): StatusParameters {
    const { processId } = this.handle;
    return { uri, state: 'running', text, ...(processId === undefined ? {} : { solverProcess: processId }) };
  }

  /** A notification and not a request: nobody waits for an answer. */
  private say(type: MessageType, words: string): void {
    void this.connection.sendNotification(ShowMessageNotification.type, {
      type,
      message: `Bilevel: ${words}`,
    });
  }

  private status(parameters: StatusParameters): void {
    void this.connection.sendNotification(statusNotification, parameters);
  }

  /** Progress in the client's own way, from the moment when the client has made room for it. */
  private showProgress(task: Task): {
    report(event: Progress): void;
    cancelled(action: () => void): void;
    end(): void;
  } {
    let reporter: WorkDoneProgressServerReporter | undefined;
    let ended = false;
    let last = 'starting';
    let onCancel = (): void => undefined;
    const title = task === 'run' ? 'Bilevel run' : 'Bilevel gradient check';
    this.connection.window.createWorkDoneProgress().then(
      (created) => {
        reporter = created;
        created.begin(title, undefined, last, true);
        if (ended) created.done();
        created.token.onCancellationRequested(() => onCancel());
      },
      // The client has no progress; the status notifications tell all the same.
      () => undefined,
    );
    return {
      report: ({ text }) => {
        last = text;
        reporter?.report(text);
      },
      cancelled: (action) => {
        onCancel = action;
      },
      end: () => {
        ended = true;
        reporter?.done();
      },
    };
  }
}

/** By the sizes that are known; a size that is not known may be any. */
function isSmall({ checked }: Snapshot): boolean {
  const { dimensions, data } = checked.partial;
  const sizes = new Map<string, number>();
  for (const { name, value } of dimensions.values()) if (value !== undefined) sizes.set(name, value);
  let entries = 0;
  for (const { symbol } of data) {
    let size = 1;
    for (const dimension of symbol.shape) {
      const value = evaluateDimension(dimension, sizes);
      if (value === undefined) return false;
      size *= value;
    }
    entries += size;
  }
  return entries <= mostDescribedEntries;
}
