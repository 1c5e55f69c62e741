/** Runs the command line from its sources as a program of its own, and keeps all that a caller sees. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

export const projectFolder = join(import.meta.dirname, '..', '..');
export const program = join(projectFolder, 'server', 'src', 'cli.ts');
export const sample = (name: string): string => join(projectFolder, 'samples', `${name}.bilevel`);

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export function bilevel(args: readonly string[], folder: string = projectFolder): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { cwd: folder, maxBuffer: 2 ** 28 },
      (failure, out, error) => {
        const code = failure === null ? 0 : typeof failure.code === 'number' ? failure.code : -1;
        resolve({ code, out, error });
      },
    );
  });
}
