/**
 * Where the files lie that the command line finds beside itself: in a bundle one folder below the
 * package's root, among the sources three.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const fromSources = import.meta.filename.endsWith('.ts');

const packageRoot = fromSources
  ? join(import.meta.dirname, '..', '..', '..')
  : join(import.meta.dirname, '..');

export const samplesFolder = join(packageRoot, 'samples');

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
