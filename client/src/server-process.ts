/**
 * The process of the language server: the bundled server.cjs, run with the editor's own Node and spoken to over
 * Node's IPC. It is started before the library that speaks to it is loaded, so that both get ready at once. What it
 * prints, and how it ends, is in the output channel; nothing outlives the extension.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';

/** A server that was told to end and has not by then is ended by force. */
const graceMilliseconds = 2000;

export class ServerProcess {
  private readonly program: string;
  private readonly channel: vscode.LogOutputChannel;
  private ready: ChildProcess | undefined;
  private taken: ChildProcess | undefined;

  constructor(context: vscode.ExtensionContext, channel: vscode.LogOutputChannel) {
    this.program = join(context.extensionPath, 'dist', 'server.cjs');
    this.channel = channel;
  }

  /** Starts it ahead of need; the next `take` hands it out. */
  prepare(): void {
    this.ready ??= this.start();
  }

  /** A process that nobody has spoken to. */
  take(): ChildProcess {
    const { ready } = this;
    this.ready = undefined;
    // Of one that has ended already no event would tell.
    this.taken = ready !== undefined && isAlive(ready) ? ready : this.start();
    return this.taken;
  }

  /** Resolves once no process is left, and the ends of its connection know; one that was not told to end is killed. */
  async end(wasTold: boolean): Promise<void> {
    this.ready?.kill('SIGKILL');
    this.ready = undefined;
    const { taken } = this;
    if (taken === undefined || !isAlive(taken)) return;
    const closed = new Promise((resolve) => {
      taken.once('close', resolve);
    });
    const timer = setTimeout(() => taken.kill('SIGKILL'), wasTold ? graceMilliseconds : 0);
    await closed;
    clearTimeout(timer);
  }

  private start(): ChildProcess {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const child = fork(this.program, ['--node-ipc', `--clientProcessId=${process.pid}`], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ELECTRON_NO_ASAR: '1' },
      execArgv: isDebugged() ? ['--nolazy', '--inspect=6009'] : [],
      silent: true,
      ...(folder?.scheme === 'file' && isFolder(folder.fsPath) && { cwd: folder.fsPath }),
    });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.channel.info(line));
    if (child.stderr) createInterface(child.stderr).on('line', (line) => this.channel.error(line));
    child.on('error', (error) =>
      this.channel.error(`The language server could not be started: ${error.message}`),
    );
    child.on('exit', (code, signal) => {
      if (code === 0) this.channel.info('The language server has ended.');
      else this.channel.error(`The language server has ended: ${signal ?? `exit code ${String(code)}`}.`);
    });
    return child;
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** The extension's own process is: then its server is too, at the port that .vscode/launch.json attaches to. */
function isDebugged(): boolean {
  return process.execArgv.some((arg) => /^--inspect(-brk)?(=|$)/.test(arg));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
