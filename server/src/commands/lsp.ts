/**
 * `bilevel lsp --stdio`: the language server in this process, for any editor. The server is a program of
 * its own, loaded from its own file, so that the other commands do not carry it.
 */
import { readArguments, UsageError } from './command.ts';
import type { Command } from './command.ts';

export const lsp: Command = {
  help: `Usage: bilevel lsp --stdio

Speaks the Language Server Protocol on standard input and output.
`,
  async run(args) {
    const { values } = readArguments(args, {
      stdio: { type: 'boolean' },
      clientProcessId: { type: 'string' },
    });
    if (values.stdio !== true)
      throw new UsageError('the server speaks over standard input and output: say --stdio');
    await import('../main.ts');
    // The server ends the process itself, when the editor says `exit` or closes the stream.
    return new Promise(() => undefined);
  },
};
