/**
 * `bilevel format FILE…`: brings files into the standard layout, as the editor does. A file with syntax
 * errors is left as it is; with `--check` nothing is written.
 */
import process from 'node:process';
import { formatDiagnostic } from '../terminal/diagnostic-text.ts';
import { styleFor } from '../terminal/style.ts';
import { ExitCode, readArguments, readNamedFile, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { writeWhole } from './output-folder.ts';

export const format: Command = {
  help: `Usage: bilevel format FILE… [--check]

Rewrites files in the standard layout. Exit code 1 when one has a syntax error.

  --check              write nothing; list the files that would change, with exit code 1 if there are any
`,
  async run(args) {
    const { values, positionals } = readArguments(args, { check: { type: 'boolean' } });
    if (positionals.length === 0) throw new UsageError('a .bilevel file is missing');
    const texts = positionals.map(readNamedFile);
    const { parse } = await import('../syntax/parse.ts');
    const { format: formatText } = await import('../syntax/print.ts');
    let code: number = ExitCode.done;
    positionals.forEach((name, position) => {
      const text = texts[position] ?? '';
      const { diagnostics } = parse(text);
      if (diagnostics.length > 0) {
        const style = styleFor(process.stderr);
        for (const diagnostic of diagnostics) {
          process.stderr.write(`${formatDiagnostic(diagnostic, { name, text }, style)}\n\n`);
        }
        code = ExitCode.rejected;
        return;
      }
      const formatted = formatText(text);
      if (formatted === text) return;
      process.stdout.write(`${name}\n`);
      if (values.check === true) code = ExitCode.rejected;
      else writeWhole(name, formatted);
    });
    return code;
  },
};
