/**
 * Installs VS Code from packages alone: code-server from npm carries the server and the web workbench, Debian
 * has the browser that shows them. code-server compiles native modules when installed, for which it wants
 * compilers, a few libraries' headers and Node's own headers; the modules use Node's stable binary interface,
 * so headers of another Node version serve.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ensurePackages } from './debian.ts';
import {
  codeServerFolder,
  codeServerStamp,
  codeServerVersion,
  findBrowser,
  projectRoot,
  serverProgram,
} from './paths.ts';

const compilers = ['python3', 'make', 'g++', 'pkg-config'];
const libraries = ['libkrb5-dev', 'libsecret-1-dev', 'libxkbfile-dev', 'libx11-dev'];
/** The fonts have the mathematical signs that the editor shows; without any font a browser draws boxes. */
const browserPackages = ['chromium', 'fonts-dejavu-core'];

export function installPackaged(): void {
  if (findBrowser() === undefined) ensurePackages(browserPackages, 'show VS Code in a browser');
  if (findBrowser() === undefined) {
    throw new Error('The tests need Chromium. Install it, or name another browser in BILEVEL_CHROMIUM.');
  }
  if (existsSync(codeServerStamp)) return;
  ensurePackages([...compilers, ...libraries], "build VS Code's native modules");
  installCodeServer(findNodeHeaders());
}

function installCodeServer(headers: string): void {
  console.error(
    `bilevel: installing code-server ${codeServerVersion} to test in (once, about three minutes) …`,
  );
  rmSync(codeServerFolder, { recursive: true, force: true });
  mkdirSync(codeServerFolder, { recursive: true });
  const install = ['install', '--global', '--prefix', codeServerFolder, `code-server@${codeServerVersion}`];
  const options = ['--allow-scripts=code-server', '--loglevel=error', '--no-audit', '--no-fund'];
  const npm = process.env['npm_execpath'];
  const [program, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const result = spawnSync(program, [...first, ...install, ...options], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: installationEnvironment(headers),
  });
  if (result.status !== 0 || !existsSync(serverProgram)) {
    throw new Error(`code-server could not be installed:\n${result.stdout}\n${result.stderr}`);
  }
  writeFileSync(codeServerStamp, codeServerVersion);
}

/**
 * code-server's install script asks the path and npm's own variables which Node runs: both must say the project's
 * own, although the npm that started all this may run on the system's.
 */
function installationEnvironment(headers: string): NodeJS.ProcessEnv {
  const ofOuterNpm = new Set(['NODE', 'npm_node_execpath', 'npm_config_user_agent']);
  const inherited = Object.entries(process.env).filter(([name]) => !ofOuterNpm.has(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(projectRoot, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    npm_config_nodedir: headers,
  };
}

/** The prefix under which include/node lies. Fetching headers would need a network that is not there. */
function findNodeHeaders(): string {
  const find = (): string | undefined =>
    headerCandidates().find((prefix) => existsSync(join(prefix, 'include/node/node_api.h')));
  if (find() === undefined) ensurePackages(['libnode-dev'], "build VS Code's native modules");
  const headers = find();
  if (headers === undefined) throw new Error("Node's headers (include/node/node_api.h) are not installed.");
  return headers;
}

function headerCandidates(): string[] {
  const running = process.env['npm_node_execpath'] ?? process.execPath;
  return [dirname(dirname(running)), '/usr/local', '/usr'];
}
