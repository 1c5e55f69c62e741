/**
 * What a sub-command is, the exit codes, and how its arguments are read. Exit codes are part of the
 * contract with other programs and mean the same for every sub-command.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { nearNames } from '../base/near-names.ts';

export interface Command {
  /** The text of `bilevel NAME --help`. */
  readonly help: string;
  /** Returns the exit code; throws UsageError. */
  run(args: readonly string[]): Promise<number>;
}

export const ExitCode = {
  done: 0,
  /** The file has errors, or an expectation failed. */
  rejected: 1,
  usage: 2,
  /** The solver could not continue; its last finite iterate is kept. */
  unfinished: 3,
  cancelled: 130,
} as const;

/** Wrong usage: what is wrong in one sentence, and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Strict: an unknown option is a usage error that names it. */
export function readArguments<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-[^' ]*)/.exec(message)?.[1] : undefined;
    if (option === undefined) throw new UsageError(message);
    const known = Object.keys(options);
    const [near] = nearNames(option.replace(/^-+/, ''), known);
    const words =
      near === undefined ? known.map((name) => `--${name}`).join(', ') : `did you mean --${near}?`;
    throw new UsageError(
      `there is no option ${option}; ${near === undefined ? `there are ${words}` : words}`,
    );
  }
}

/** Exactly one FILE. */
export function onlyFile(positionals: readonly string[]): string {
  const [file, second] = positionals;
  if (file === undefined) throw new UsageError('a .bilevel file is missing');
  if (second !== undefined) throw new UsageError(`one file at a time: \`${second}\` is one too many`);
  return file;
}

/** The text of a file named on the command line. */
export function readNamedFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${systemReason(error)}`);
  }
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

/** Why the system refused, in words; the first line of its own where there are none. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return systemReasons[code ?? ''] ?? message.split('\n', 1)[0] ?? '';
}
