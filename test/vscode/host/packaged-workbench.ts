/**
 * The packaged VS Code as a person sees it: its server, and Chromium showing its workbench. The extension runs
 * in the server's extension host, which is the same program as the desktop's.
 */
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { join } from 'node:path';
import { format } from 'node:util';
import { findBrowser } from './paths.ts';
import { windowSize } from './profile.ts';
import { installVsix, startServer, type PackagedServer } from './packaged-server.ts';
import { developmentFolder, installExtension } from './session.ts';
import type { HostSession, SuiteResult, WorkbenchRequest } from './session.ts';

const browserOptions = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export async function openPackaged(request: WorkbenchRequest): Promise<HostSession> {
  installExtension(request, vsixInstaller(request));
  const { server, context, page } = await startSession(request, false);
  await page.goto(addressOf(server.port, request));
  return {
    page,
    async close() {
      await context.close();
      await server.stop();
    },
  };
}

export async function runSuitePackaged(request: WorkbenchRequest, suite: string): Promise<SuiteResult> {
  const extensionDevelopmentPath = developmentFolder(request, vsixInstaller(request));
  const { server, context, page } = await startSession(request, true);
  const lines: string[] = [];
  try {
    const finished = new Promise<number>((resolve) => {
      void context.exposeFunction('codeAutomationExit', (code: number) => {
        resolve(code);
      });
    });
    await context.exposeFunction('codeAutomationLog', (_type: string, values: unknown[]) => {
      lines.push(format(...values));
    });
    await page.goto(addressOf(server.port, request, { extensionDevelopmentPath, extensionTestsPath: suite }));
    const code = await Promise.race([finished, whenGone(page), afterPatience(request.suitePatience)]);
    return { code, log: lines.join('\n') };
  } finally {
    await context.close();
    await server.stop();
  }
}

interface Session {
  readonly server: PackagedServer;
  readonly context: BrowserContext;
  readonly page: Page;
}

async function startSession(request: WorkbenchRequest, forSuite: boolean): Promise<Session> {
  const { userDataFolder, askForTrust } = request;
  const server = await startServer({ userDataFolder, askForTrust, forSuite });
  try {
    const executablePath = findBrowser();
    if (executablePath === undefined)
      throw new Error('No Chromium to show VS Code in; `npm test` installs it.');
    const context = await chromium.launchPersistentContext(join(request.userDataFolder, 'browser'), {
      executablePath,
      args: browserOptions,
      viewport: windowSize,
      colorScheme: 'light',
      locale: 'en-GB',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    return { server, context, page: context.pages()[0] ?? (await context.newPage()) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function vsixInstaller(request: WorkbenchRequest): () => void {
  return () => {
    installVsix(request.extension.path, request.userDataFolder);
  };
}

/** `paths` are what the workbench takes from its address, all of them on the server's side. */
function addressOf(port: number, request: WorkbenchRequest, paths: Record<string, string> = {}): string {
  const remote = Object.entries(paths).map(([name, path]) => [
    name,
    `vscode-remote://127.0.0.1:${port}${path}`,
  ]);
  const payload = JSON.stringify([['skipWelcome', 'true'], ...remote]);
  const opened = request.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ [opened]: request.folder, payload });
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

function whenGone(page: Page): Promise<never> {
  return new Promise((_resolve, reject) => {
    page.once('crash', () => {
      reject(new Error('The browser page crashed while the suite ran.'));
    });
  });
}

function afterPatience(milliseconds: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The suite did not end within ${milliseconds / 1000} s.`));
    }, milliseconds);
    timer.unref();
  });
}
