/**
 * `bilevel check FILE…`: the diagnostics that the editor shows, without running anything. Of data files only
 * the beginnings are read, for their shapes.
 */
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import type { SourceText } from '../terminal/diagnostic-text.ts';
import { formatDiagnostic, summarise } from '../terminal/diagnostic-text.ts';
import { styleFor } from '../terminal/style.ts';
import { ExitCode, readArguments, readNamedFile, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { formatJson, jsonDiagnostics } from './json-text.ts';

export const check: Command = {
  help: `Usage: bilevel check FILE… [--json]

Checks files: names, shapes, curvature, methods. Exit code 1 when one has an error.

  --json               one JSON object on standard output: {"status": "accepted" or "rejected", "diagnostics": […]}
`,
  async run(args) {
    const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
    if (positionals.length === 0) throw new UsageError('a .bilevel file is missing');
    const sources = positionals.map((name): SourceText => ({ name, text: readNamedFile(name) }));
    const { parse } = await import('../syntax/parse.ts');
    const { allDiagnostics } = await import('../check/all-diagnostics.ts');
    const { check: checkTree } = await import('../check/check.ts');
    const { fileEnvironment } = await import('../runner/source-headers.ts');
    const checked = sources.map((source) => {
      const parsed = parse(source.text);
      const found = checkTree(parsed.tree, fileEnvironment(dirname(resolve(source.name))));
      return { source, diagnostics: allDiagnostics(source.text, parsed, found.diagnostics) };
    });
    const all = checked.flatMap(({ diagnostics }) => diagnostics);
    const rejected = all.some(({ severity }) => severity === 'error');
    if (values.json === true) {
      const diagnostics = checked.flatMap(({ source, diagnostics: found }) => jsonDiagnostics(found, source));
      process.stdout.write(`${formatJson({ status: rejected ? 'rejected' : 'accepted', diagnostics })}\n`);
    } else {
      const style = styleFor(process.stdout);
      // Hints are for the editor, where they can be acted on in place; the JSON has them too.
      const texts = checked.flatMap(({ source, diagnostics }) =>
        diagnostics
          .filter(({ severity }) => severity !== 'hint')
          .map((diagnostic) => `${formatDiagnostic(diagnostic, source, style)}\n`),
      );
      const files = `${sources.length} file${sources.length === 1 ? '' : 's'}`;
      const summary = all.length === 0 ? style('green', 'no errors') : summarise(all) || 'no errors';
      process.stdout.write(`${[...texts, `${files}: ${summary}`].join('\n')}\n`);
    }
    return rejected ? ExitCode.rejected : ExitCode.done;
  },
};
