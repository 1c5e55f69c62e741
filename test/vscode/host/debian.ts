/**
 * Debian packages that the test host needs: says which are missing and installs them where that is permitted
 * (as root, or with a sudo that asks no password). Anywhere else it stops with the exact command to type.
 */
import { spawnSync } from 'node:child_process';

/** Names of packages, or undefined where this is no Debian-like system and nothing can be said. */
export function missingPackages(names: readonly string[]): string[] | undefined {
  const query = spawnSync('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...names], {
    encoding: 'utf8',
  });
  if (query.error) return undefined;
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
}

/** Installs what is missing of `names`; `purpose` completes the sentence "… needed to …". */
export function ensurePackages(names: readonly string[], purpose: string): void {
  const missing = missingPackages(names);
  if (missing === undefined || missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const prefix = administratorPrefix();
  if (prefix === undefined) {
    throw new Error(`Packages are needed to ${purpose}. Install them and try again:\n  sudo ${command}`);
  }
  console.error(`bilevel: installing ${missing.join(', ')} to ${purpose} …`);
  const words = command.split(' ');
  // A fresh system has no package lists, an old one outdated lists: fetch them only when they turn out to be needed.
  if (apt(prefix, words) || (apt(prefix, ['apt-get', 'update']) && apt(prefix, words))) return;
  throw new Error(
    `Could not install what is needed to ${purpose}. Try:\n  sudo apt-get update\n  sudo ${command}`,
  );
}

function administratorPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

function apt(prefix: readonly string[], words: readonly string[]): boolean {
  const [program, ...parameters] = [...prefix, ...words];
  if (program === undefined) return false;
  const result = spawnSync(program, parameters, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status !== 0) console.error((result.stderr || result.stdout || '').trim());
  return result.status === 0;
}

/** The first of several names that this release knows: some libraries were renamed between releases. */
export function firstKnownPackage(names: readonly string[]): string[] {
  const known = names.find((name) => spawnSync('apt-cache', ['show', name]).status === 0);
  return known === undefined ? [] : [known];
}
