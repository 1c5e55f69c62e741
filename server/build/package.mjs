/**
 * Makes the extension's package, bilevel-VERSION.vsix, and checks what is in it: only files that run or that a
 * marketplace shows, and small. The same file serves every platform and every marketplace.
 */
import vsce from '@vscode/vsce';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { programFiles } from './bundle.mjs';
import { projectRoot } from './fingerprint.mjs';

const largestBytes = 3_000_000;
/** Sources, tests, source maps and tools never run at a user's; see .vscodeignore, which this guards. */
const foreign = /\.(ts|mts|mjs|map|tsbuildinfo)$|^(test|server|node_modules|\.)/;

const { name, version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
const packagePath = join(projectRoot, `${name}-${version}.vsix`);

const files = await vsce.listFiles({ cwd: projectRoot, packageManager: vsce.PackageManager.None });
const unwanted = files.filter((file) => foreign.test(file));
const missing = programFiles.map((file) => `dist/${file}`).filter((file) => !files.includes(file));
if (missing.length > 0) stop(`is missing from the package: ${missing.join(', ')}`);
if (unwanted.length > 0) stop(`does not belong into the package: ${unwanted.join(', ')}`);

await vsce.createVSIX({
  cwd: projectRoot,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  // The pictures travel in the package: their links stay as they are.
  rewriteRelativeLinks: false,
});

const bytes = statSync(packagePath).size;
if (bytes > largestBytes) stop(`${packagePath} has ${bytes} bytes; ${largestBytes} is the most it may have`);
process.stdout.write(`${packagePath}: ${files.length} files, ${(bytes / 1e6).toFixed(2)} MB\n`);

/** @param {string} reason @returns {never} */
function stop(reason) {
  process.stderr.write(`bilevel: ${reason}\n`);
  process.exit(1);
}
