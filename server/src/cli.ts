/**
 * The command line, `bilevel`: finds the sub-command and turns its answer into an exit code.
 * Nothing is loaded before it is needed, so that help and usage errors come at once.
 */
import process from 'node:process';
import type { Command } from './commands/command.ts';
import { ExitCode, UsageError } from './commands/command.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const entries: readonly Entry[] = [
  {
    name: 'run',
    summary: 'solve the problem in a file',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'gradient',
    summary: 'one hypergradient with its error bound',
    load: async () => (await import('./commands/gradient.ts')).gradient,
  },
  {
    name: 'check',
    summary: 'errors and warnings, without running anything',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'describe',
    summary: 'dimensions, curvature, constants and methods',
    load: async () => (await import('./commands/describe.ts')).describe,
  },
  {
    name: 'format',
    summary: 'bring files into the standard layout',
    load: async () => (await import('./commands/format.ts')).format,
  },
  {
    name: 'samples',
    summary: 'list and copy the problems that come along',
    load: async () => (await import('./commands/samples.ts')).samples,
  },
  {
    name: 'lsp',
    summary: 'the language server, for any editor',
    load: async () => (await import('./commands/lsp.ts')).lsp,
  },
];

const help = `bilevel: bilevel optimisation with hypergradients of known error

Usage: bilevel COMMAND [arguments]

${entries.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

  bilevel COMMAND --help   what a command takes
  bilevel --version        the version

Exit codes: 0 done; 1 the file has errors or an expectation failed; 2 wrong usage;
3 the solver could not continue; 130 cancelled.
`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help);
    return ExitCode.done;
  }
  if (name === '--version' || name === '-V') {
    const { packageVersion } = await import('./commands/installation.ts');
    process.stdout.write(`bilevel ${packageVersion()}\n`);
    return ExitCode.done;
  }
  if (name === undefined) {
    process.stderr.write(help);
    return ExitCode.usage;
  }
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    process.stderr.write(
      `bilevel: there is no command \`${name}\`; the commands are ${entries.map((each) => each.name).join(', ')}\n`,
    );
    return ExitCode.usage;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help);
    return ExitCode.done;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`bilevel ${name}: ${error.message}\nTry \`bilevel ${name} --help\`.\n`);
    return ExitCode.usage;
  }
}

// A reader that has seen enough (`bilevel … | head`) closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`bilevel: a defect of this program: ${details}\n`);
    process.exitCode = ExitCode.unfinished;
  },
);
