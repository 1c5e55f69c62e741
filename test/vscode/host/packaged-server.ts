/**
 * One VS Code server on the local machine, from the packaged release, with everything it writes in folders of
 * its own. It lives as long as its handle: `stop` ends it and all it started, and so does the end of the test
 * process.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { serverProgram } from './paths.ts';
import { extensionsFolder } from './session.ts';

export interface PackagedServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A cold start on a busy machine takes a few seconds; ten times that means that it will not come. */
const startMilliseconds = 60_000;
/** After a polite request to end; the extension host gets this long to deactivate. */
const stopMilliseconds = 5_000;

export interface ServerOptions {
  readonly userDataFolder: string;
  readonly askForTrust: boolean;
  /** Lets the page's address name a suite. Not for looking at: VS Code then shows no notifications. */
  readonly forSuite: boolean;
}

export async function startServer(wish: ServerOptions): Promise<PackagedServer> {
  const { userDataFolder } = wish;
  const port = await choosePort(userDataFolder);
  const options = [
    ...['--host', '127.0.0.1', '--port', String(port)],
    ...['--without-connection-token', '--accept-server-license-terms', '--disable-telemetry'],
    ...foldersOf(userDataFolder),
    ...(wish.forSuite ? ['--enable-smoke-test-driver'] : []),
    ...(wish.askForTrust ? [] : ['--disable-workspace-trust']),
  ];
  // A group of its own, so that one signal reaches the extension hosts and terminals that it starts.
  const server = spawn(process.execPath, [serverProgram, ...options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentWithoutNpm(),
  });
  const killGroup = (): void => {
    signalGroup(server, 'SIGKILL');
  };
  process.once('exit', killGroup);
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => {
      resolve();
    });
  });
  try {
    await untilListening(server);
  } catch (error) {
    killGroup();
    throw error;
  }
  return {
    port,
    async stop() {
      signalGroup(server, 'SIGTERM');
      const timer = setTimeout(killGroup, stopMilliseconds);
      await ended;
      clearTimeout(timer);
      killGroup();
      process.removeListener('exit', killGroup);
    },
  };
}

export function installVsix(vsix: string, userDataFolder: string): void {
  const options = [
    '--install-extension',
    vsix,
    '--accept-server-license-terms',
    ...foldersOf(userDataFolder),
  ];
  const result = spawnSync(process.execPath, [serverProgram, ...options], { encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`${vsix} could not be installed:\n${result.stdout}\n${result.stderr}`);
}

function foldersOf(userDataFolder: string): string[] {
  return [
    ...['--user-data-dir', userDataFolder, '--extensions-dir', extensionsFolder(userDataFolder)],
    ...['--server-data-dir', join(userDataFolder, 'server')],
  ];
}

/** The browser keeps a workbench's state per address: the same user data folder must get the same port again. */
async function choosePort(userDataFolder: string): Promise<number> {
  const file = join(userDataFolder, 'port');
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'));
  const port = await freePort();
  writeFileSync(file, String(port));
  return port;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('No port could be found.'));
        else resolve(address.port);
      });
    });
  });
}

function untilListening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string): void => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ${reason}:\n${output}`));
    };
    const timer = setTimeout(fail, startMilliseconds, `did not start in ${startMilliseconds / 1000} s`);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!output.includes('Extension host agent listening on')) return;
      clearTimeout(timer);
      output = '';
      resolve();
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', (error) => {
      fail(error.message);
    });
    server.once('exit', (code) => {
      fail(`ended with code ${String(code)}`);
    });
  });
}

/** What npm and node:test set for their own children would reach the extension host, and change what it does. */
function environmentWithoutNpm(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|NODE_TEST_CONTEXT$|NODE_OPTIONS$|VSCODE_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function signalGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, signal);
  } catch {
    // The group has ended already.
  }
}
