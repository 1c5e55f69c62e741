/**
 * `bilevel gradient FILE`: one hypergradient with its bound, at the start or at a given point; `--verify`
 * compares it with an exact one and with finite differences.
 */
import { ExitCode, onlyFile, readArguments } from './command.ts';
import type { Command } from './command.ts';
import { prepareFolder } from './output-folder.ts';
import { pointHelp, readPoints } from './point.ts';
import { showResult } from './run.ts';
import { adjustmentHelp, adjustmentOptions, readAdjustments, solveAndShow } from './solver-command.ts';

export const gradient: Command = {
  help: `Usage: bilevel gradient FILE [options]

Computes one hypergradient and a bound of its error.

${pointHelp}  --verify             compare with an exact hypergradient and with finite differences
${adjustmentHelp}  --out DIR            write result.json there, and arrays of more than 10000 entries as .npy
`,
  async run(args) {
    const { values, positionals } = readArguments(args, {
      ...adjustmentOptions,
      out: { type: 'string' },
      at: { type: 'string', multiple: true },
      verify: { type: 'boolean' },
    });
    const adjustments = readAdjustments(values);
    if (values.out !== undefined) prepareFolder(values.out);
    const at = values.at === undefined ? {} : { at: readPoints(values.at) };
    return solveAndShow({
      file: onlyFile(positionals),
      json: values.json ?? false,
      quiet: values.quiet ?? false,
      task: (source) => ({ kind: 'gradient', source, adjustments, verify: values.verify ?? false, ...at }),
      show: (answer) =>
        answer.kind === 'finished' ? showResult(answer.result, values) : ExitCode.unfinished,
    });
  },
};
