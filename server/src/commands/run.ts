/**
 * `bilevel run FILE`: solves the problem and prints where it ended, how far each number can be trusted and
 * what to do next.
 */
import process from 'node:process';
import type { RunResult } from '../protocol/result.ts';
import { statuses } from '../solve/outcome.ts';
import { formatResult } from '../terminal/result-table.ts';
import type { Ending } from '../terminal/result-table.ts';
import { styleFor } from '../terminal/style.ts';
import { ExitCode, onlyFile, readArguments } from './command.ts';
import type { Command } from './command.ts';
import { formatJson } from './json-text.ts';
import { prepareFolder, writeOutput } from './output-folder.ts';
import { pointHelp, readPoints } from './point.ts';
import { adjustmentHelp, adjustmentOptions, readAdjustments, solveAndShow } from './solver-command.ts';

export const run: Command = {
  help: `Usage: bilevel run FILE [options]

Solves the bilevel problem in FILE.

${pointHelp}${adjustmentHelp}  --out DIR            write result.json there, and arrays of more than 10000 entries as .npy
`,
  async run(args) {
    const { values, positionals } = readArguments(args, {
      ...adjustmentOptions,
      out: { type: 'string' },
      at: { type: 'string', multiple: true },
    });
    const adjustments = readAdjustments(values);
    if (values.out !== undefined) prepareFolder(values.out);
    const at = values.at === undefined ? {} : { at: readPoints(values.at) };
    return solveAndShow({
      file: onlyFile(positionals),
      json: values.json ?? false,
      quiet: values.quiet ?? false,
      task: (source) => ({ kind: 'run', source, adjustments, ...at }),
      show: (answer) =>
        answer.kind === 'finished' ? showResult(answer.result, values) : ExitCode.unfinished,
    });
  },
};

/** Prints and keeps a result, and says by the exit code how it ended. */
export function showResult(
  result: RunResult,
  { json, out }: { readonly json?: boolean | undefined; readonly out?: string | undefined },
): number {
  let shown = result;
  let written = true;
  if (out !== undefined) {
    try {
      shown = writeOutput(out, result);
    } catch (error) {
      // The result is not lost: it is printed with its arrays inside.
      process.stderr.write(`bilevel: cannot write to ${out}: ${(error as Error).message}\n`);
      written = false;
    }
  }
  const ending = (statuses as Readonly<Record<string, Ending>>)[result.status] ?? {
    meaning: '',
    done: false,
  };
  process.stdout.write(
    `${json === true ? formatJson(shown) : formatResult(shown, ending, styleFor(process.stdout))}\n`,
  );
  if (result.status === 'cancelled') return ExitCode.cancelled;
  if (!written) return ExitCode.unfinished;
  if (!ending.done) return ExitCode.unfinished;
  return result.expectations.every(({ holds }) => holds) ? ExitCode.done : ExitCode.rejected;
}
