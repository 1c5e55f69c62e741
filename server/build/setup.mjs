/**
 * Brings a checkout into a state that runs: packages installed as the lock file says, bundles as fresh as
 * their sources, and with `--host` also the VS Code that the tests drive. Runs before `npm start` and
 * `npm test`, hence on whatever Node is there (20 or newer) and without any package. Each step compares
 * content hashes with a stamp written after its last success, so that doing nothing takes milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { bundleStamp, fingerprint, projectRoot } from './fingerprint.mjs';

/** As package.json's `engines` says: it brings the Node that everything else runs on. */
const oldestNode = 20;
const packagesStamp = join(projectRoot, 'node_modules', '.bilevel-packages');

/**
 * @param {string} stamp
 * @param {string} hash
 */
function isCurrent(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`bilevel: ${message}\n`);
}

/** @param {string} message @returns {never} */
function giveUp(message) {
  say(message);
  process.exit(1);
}

/** What decides over node_modules: of package.json only these parts, so that a new command installs nothing. */
function packagesHash() {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const { dependencies, devDependencies, optionalDependencies, overrides, allowScripts } = manifest;
  const parts = [dependencies, devDependencies, optionalDependencies, overrides, allowScripts];
  return `${fingerprint(['package-lock.json'])} ${JSON.stringify(parts)}`;
}

function installPackages() {
  const hash = packagesHash();
  if (isCurrent(packagesStamp, hash)) return;
  say('installing packages (npm ci) …');
  // The very npm that runs us: a bare "npm" on the path may be another one, and on Windows it is a script.
  const npm = process.env['npm_execpath'];
  const node = process.env['npm_node_execpath'] ?? process.execPath;
  // The bundler and the sample data are development packages: install them even where NODE_ENV is production.
  const ci = ['ci', '--loglevel=error', '--include=dev', '--include=optional'];
  const result = npm
    ? spawnSync(node, [npm, ...ci], { cwd: projectRoot, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', ci, { cwd: projectRoot, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    giveUp('npm ci failed, see above. Where a file is said to be in use, delete node_modules and try again.');
  }
  writeFileSync(packagesStamp, hash);
}

/** @param {boolean} force */
async function buildBundles(force) {
  const hash = fingerprint(['package.json', 'package-lock.json', 'client', 'server', 'grammar']);
  if (!force && isCurrent(bundleStamp, hash)) return;
  const { bundle } = await import('./bundle.mjs');
  const { built, missing } = await bundle();
  say(`built ${built.join(', ')}`);
  if (missing.length > 0) giveUp(`cannot build without ${missing.join(', ')}`);
  writeFileSync(bundleStamp, hash);
}

/** The rest of the set-up for tests is TypeScript, which the project's own Node runs directly. */
function prepareTestHost() {
  const own = join(
    projectRoot,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const node = existsSync(own) ? own : process.execPath;
  const script = join(projectRoot, 'test', 'vscode', 'host', 'prepare.ts');
  const result = spawnSync(node, [script], { cwd: projectRoot, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  giveUp(`setting up needs Node.js ${oldestNode} or newer; this one is ${process.versions.node}`);
}
installPackages();
await buildBundles(process.argv.includes('--force'));
if (process.argv.includes('--host')) prepareTestHost();
