/**
 * The desktop VS Code that @vscode/test-electron downloaded, driven by Playwright. Without a display it gets a
 * virtual one for the length of the session.
 */
import { resolveCliArgsFromVSCodeExecutablePath, runTests, TestRunFailedError } from '@vscode/test-electron';
import { _electron as electron } from 'playwright-core';
import { spawn, spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { desktopProgram, needsVirtualDisplay } from './desktop-install.ts';
import { windowSize } from './profile.ts';
import { developmentFolder, extensionsFolder, installExtension } from './session.ts';
import type { HostSession, SuiteResult, WorkbenchRequest } from './session.ts';

export async function openDesktop(request: WorkbenchRequest): Promise<HostSession> {
  installExtension(request, () => {
    installVsix(request);
  });
  const display = await startDisplay();
  try {
    const application = await electron.launch({
      executablePath: desktopProgram(),
      args: [...launchOptions(request), request.folder],
      env: { ...definedEnvironment(), ...display.environment },
    });
    const page = await application.firstWindow();
    await application.evaluate(({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
    }, windowSize);
    return {
      page,
      async close() {
        await application.close();
        display.stop();
      },
    };
  } catch (error) {
    display.stop();
    throw error;
  }
}

export async function runSuiteDesktop(request: WorkbenchRequest, suite: string): Promise<SuiteResult> {
  const extensionDevelopmentPath = developmentFolder(request, () => {
    installVsix(request);
  });
  const display = await startDisplay();
  let log = '';
  const collect = (): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        log += chunk.toString();
        done();
      },
    });
  try {
    const code = await runTests({
      vscodeExecutablePath: desktopProgram(),
      extensionDevelopmentPath,
      extensionTestsPath: suite,
      extensionTestsEnv: display.environment,
      launchArgs: [...launchOptions(request), request.folder],
      stdout: collect(),
      stderr: collect(),
    });
    return { code, log };
  } catch (error) {
    if (error instanceof TestRunFailedError) return { code: error.code ?? 1, log };
    throw error;
  } finally {
    display.stop();
  }
}

function launchOptions(request: WorkbenchRequest): string[] {
  return [
    `--user-data-dir=${request.userDataFolder}`,
    `--extensions-dir=${extensionsFolder(request.userDataFolder)}`,
    ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--disable-telemetry'],
    ...['--skip-welcome', '--skip-release-notes', '--no-cached-data', '--password-store=basic'],
    ...(request.askForTrust ? [] : ['--disable-workspace-trust']),
  ];
}

function installVsix(request: WorkbenchRequest): void {
  const [program, ...first] = resolveCliArgsFromVSCodeExecutablePath(desktopProgram(), {
    reuseMachineInstall: true,
  });
  if (program === undefined) throw new Error('VS Code has no command line.');
  const folders = [
    '--user-data-dir',
    request.userDataFolder,
    '--extensions-dir',
    extensionsFolder(request.userDataFolder),
  ];
  const result = spawnSync(program, [...first, ...folders, '--install-extension', request.extension.path], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    throw new Error(`${request.extension.path} could not be installed:\n${result.stdout}\n${result.stderr}`);
  }
}

interface Display {
  readonly environment: Record<string, string>;
  stop(): void;
}

/** Xvfb chooses a free number itself and writes it to the third pipe once it is ready. */
async function startDisplay(): Promise<Display> {
  if (!needsVirtualDisplay()) return { environment: {}, stop() {} };
  const screen = ['-screen', '0', `${windowSize.width}x${windowSize.height + 100}x24`];
  const server = spawn('Xvfb', ['-displayfd', '3', ...screen, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const stop = (): void => {
    server.kill();
  };
  process.once('exit', stop);
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.stdio[3]?.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
  });
  return { environment: { DISPLAY: `:${number}` }, stop };
}

function definedEnvironment(): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) result[name] = value;
  return result;
}
