/**
 * A hash over the names and contents of files, by which the set-up knows whether anything changed.
 * Contents and not times: a checkout sets every time anew, and reading a few hundred files takes milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
export const bundleFolder = join(projectRoot, 'dist');
/** Holds the fingerprint of the sources that the bundles were made from. */
export const bundleStamp = join(bundleFolder, '.sources');

/**
 * @param {readonly string[]} paths files and folders, relative to `root`; one that is absent counts as such
 * @param {string} [root]
 * @returns {string}
 */
export function fingerprint(paths, root = projectRoot) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesUnder(join(root, path))) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file).split(sep).join('/')}\0${content.length}\0`);
      hash.update(content);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} sorted, so that the same content gives the same hash on every file system
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
