/**
 * What `run`, `gradient` and `describe` share: the options that adjust a problem, a request to the solver
 * process with its progress shown and Ctrl-C obeyed, and the failures put into words. With `--json` standard
 * output gets exactly one object, whatever happens.
 */
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import type { Adjustments, Answer, Source } from '../protocol/solver.ts';
import { SolverHandle } from '../runner/handle.ts';
import type { SolverTask } from '../runner/handle.ts';
import type { SourceText } from '../terminal/diagnostic-text.ts';
import { formatDiagnostic, summarise } from '../terminal/diagnostic-text.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { createProgressLine, silentProgress } from '../terminal/progress-line.ts';
import { styleFor } from '../terminal/style.ts';
import { ExitCode, readNamedFile, UsageError } from './command.ts';
import { formatJson, jsonDiagnostics } from './json-text.ts';

export const adjustmentOptions = {
  set: { type: 'string', multiple: true },
  option: { type: 'string', multiple: true },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const;

export const adjustmentHelp = `  --set NAME=VALUE     a dimension, a scalar \`let\` or the start of an upper unknown; may repeat
  --option PATH=VALUE  an entry of solve, for example lower.tolerance=0.1, or a method as in the file,
                       'lower=fista(tolerance = 0.1)'; may repeat
  --seed N             seed of everything random in the solver
  --json               one JSON object on standard output and nothing else
  --quiet              no progress and no warnings
`;

interface AdjustmentValues {
  readonly set?: readonly string[] | undefined;
  readonly option?: readonly string[] | undefined;
  readonly seed?: string | undefined;
}

export function readAdjustments({ set, option, seed }: AdjustmentValues): Adjustments {
  const numbers = Object.fromEntries(
    (set ?? []).map((assignment) => {
      const [name, text] = splitAssignment('--set', assignment);
      return [name, readNumber(`--set ${name}`, text)];
    }),
  );
  const options = Object.fromEntries(
    (option ?? []).map((assignment) => splitAssignment('--option', assignment)),
  );
  if (seed !== undefined && !/^\d+$/.test(seed))
    throw new UsageError(`--seed takes an integer from 0, not \`${seed}\``);
  return {
    ...(set === undefined ? {} : { set: numbers }),
    ...(option === undefined ? {} : { options }),
    ...(seed === undefined ? {} : { seed: readNumber('--seed', seed) }),
  };
}

function splitAssignment(option: string, assignment: string): [string, string] {
  const sign = assignment.indexOf('=');
  if (sign < 1) throw new UsageError(`${option} takes name=value, not \`${assignment}\``);
  return [assignment.slice(0, sign).trim(), assignment.slice(sign + 1).trim()];
}

function readNumber(option: string, text: string): number {
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw new UsageError(`${option} takes a number, not \`${text}\``);
  return value;
}

export interface Work {
  readonly file: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly task: (source: Source) => SolverTask;
  /** Prints an answer that is neither a rejection nor a failure and returns the exit code. */
  readonly show: (answer: Extract<Answer, { kind: 'finished' | 'described' }>) => number;
}

export async function solveAndShow({ file, json, quiet, task, show }: Work): Promise<number> {
  const text = readNamedFile(file);
  const handle = new SolverHandle();
  const progress =
    quiet || json ? silentProgress : createProgressLine(process.stderr, styleFor(process.stderr));
  let interrupts = 0;
  const run = handle.start(task({ text, path: resolve(file) }), {
    progress: (event) => {
      if (interrupts === 0) progress.update(event);
    },
  });

  const interrupt = (): void => {
    interrupts++;
    if (interrupts > 1) handle.kill();
    else {
      progress.say('cancelling …');
      run.cancel();
    }
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  if (!quiet && !json) await showWarnings({ name: file, text }, progress);
  const answer = await run.answer;
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', interrupt);
  progress.clear();
  const gone = handle.dispose();

  const code = showAnswer(answer, { name: file, text }, json, show);
  await gone;
  return interrupts > 0 ? ExitCode.cancelled : code;
}

/**
 * What `bilevel check` would warn of, while the solver process starts. A file with errors is left to
 * the solver's answer, which shows them all.
 */
async function showWarnings(source: SourceText, progress: ProgressLine): Promise<void> {
  const [{ parse }, { check }, { fileEnvironment }] = await Promise.all([
    import('../syntax/parse.ts'),
    import('../check/check.ts'),
    import('../runner/source-headers.ts'),
  ]);
  const { tree, diagnostics } = parse(source.text);
  if (diagnostics.length > 0) return;
  const found = check(tree, fileEnvironment(dirname(resolve(source.name))));
  if (found.problem === undefined) return;
  const style = styleFor(process.stderr);
  for (const diagnostic of found.diagnostics) {
    if (diagnostic.severity !== 'warning') continue;
    progress.clear();
    process.stderr.write(`${formatDiagnostic(diagnostic, source, style)}\n\n`);
  }
}

function showAnswer(answer: Answer, source: SourceText, json: boolean, show: Work['show']): number {
  const style = styleFor(process.stderr);
  const say = (object: unknown, words: string): void => {
    if (json) process.stdout.write(`${formatJson(object)}\n`);
    else process.stderr.write(`${words}\n`);
  };
  switch (answer.kind) {
    case 'finished':
    case 'described':
      return show(answer);
    case 'rejected': {
      const { diagnostics } = answer;
      // What --set and --option got wrong has no place in the file: it is wrong usage.
      const misused = diagnostics.length > 0 && diagnostics.every(({ code }) => code === 'adjustment');
      const words = misused
        ? diagnostics.map(({ message, remedy }) => `bilevel: ${message}; ${remedy ?? ''}`)
        : [
            ...diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, source, style)}\n`),
            `${source.name}: ${summarise(diagnostics)}; nothing was run`,
          ];
      say({ status: 'rejected', diagnostics: jsonDiagnostics(diagnostics, source) }, words.join('\n'));
      return misused ? ExitCode.usage : ExitCode.rejected;
    }
    case 'cancelled':
      say(
        { status: 'cancelled', ...lastProgress(answer) },
        `${style(['bold', 'yellow'], 'cancelled')}${lastWords(answer)}`,
      );
      return ExitCode.cancelled;
    case 'failed':
      say(
        { status: 'failed', message: answer.message, ...lastProgress(answer) },
        `${source.name}: ${style(['bold', 'red'], 'error[solver]')}: ${answer.message}`,
      );
      return ExitCode.unfinished;
  }
}

function lastProgress({ lastProgress: last }: Answer & { kind: 'cancelled' | 'failed' }): object {
  return last === undefined ? {} : { lastProgress: last };
}

function lastWords({ lastProgress: last }: Answer & { kind: 'cancelled' }): string {
  return last === undefined ? ' before the first step' : `; last heard: ${last.text}`;
}
