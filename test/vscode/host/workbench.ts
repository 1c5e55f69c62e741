/**
 * The one door to a real VS Code for the tests: a workbench to look at and to work in as a person would
 * (`openWorkbench`), or a suite inside its extension host (`runInExtensionHost`). Which VS Code stands behind it
 * is choice.ts's affair; a test cannot tell. Whatever a test opens it closes; folders made here are removed.
 */
import type { Page } from 'playwright-core';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chooseHost } from './choice.ts';
import { openDesktop, runSuiteDesktop } from './desktop-workbench.ts';
import { openPackaged, runSuitePackaged } from './packaged-workbench.ts';
import { screenshotFolder } from './paths.ts';
import { writeSettings, type Settings } from './profile.ts';
import type { SuiteResult, WorkbenchRequest } from './session.ts';

export interface WorkbenchOptions {
  /** The folder that the workbench opens, or a `.code-workspace` file that names several. */
  readonly folder: string;
  /** A folder with a package.json (an extension under development), or the path of a .vsix to install. */
  readonly extension: string;
  /** User settings on top of those of profile.ts. */
  readonly settings?: Settings;
  /** Keeps state (histories, open editors) from one session to the next; without it each session starts anew. */
  readonly userDataFolder?: string;
  /** Opens the folder untrusted, in restricted mode, from where a user can trust it; otherwise every folder is trusted. */
  readonly askForTrust?: boolean;
}

export interface Workbench {
  /** Playwright's page: the whole window, for the keyboard, the mouse and looking. */
  readonly page: Page;
  /** Writes test/vscode/screenshots/NAME.png and returns its path. */
  screenshot(name: string): Promise<string>;
  /** Opens a file of the folder by its path in it, as Ctrl+P does, and waits for its editor. */
  openFile(path: string): Promise<void>;
  /** Runs a command by the title that the command palette shows, for example "Bilevel: Run". */
  runCommand(title: string): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { request, discard } = requestOf(options);
  const open = (await chooseHost()) === 'desktop' ? openDesktop : openPackaged;
  const session = await open(request).catch((error: unknown) => {
    discard();
    throw error;
  });
  const workbench: Workbench = {
    page: session.page,
    screenshot: (name) => takeScreenshot(session.page, name),
    openFile: (path) => openFile(session.page, path),
    runCommand: (title) => runCommand(session.page, title),
    async close() {
      await session.close();
      discard();
    },
  };
  try {
    await untilRestored(session.page);
  } catch (error) {
    await workbench.screenshot('workbench-that-did-not-open').catch(() => undefined);
    await workbench.close();
    throw error;
  }
  return workbench;
}

/**
 * Runs a CommonJS module inside the extension host of a fresh VS Code and returns when it is done. The module
 * exports `run(): Promise<void>`; what it throws makes the code 1. `patience` is in milliseconds.
 */
export async function runInExtensionHost(
  options: WorkbenchOptions,
  suite: string,
  patience = 120_000,
): Promise<SuiteResult> {
  const { request, discard } = requestOf(options, patience);
  const run = (await chooseHost()) === 'desktop' ? runSuiteDesktop : runSuitePackaged;
  try {
    return await run(request, resolve(suite));
  } finally {
    discard();
  }
}

function requestOf(
  options: WorkbenchOptions,
  suitePatience = 0,
): { request: WorkbenchRequest; discard: () => void } {
  const own = options.userDataFolder === undefined;
  const userDataFolder = resolve(options.userDataFolder ?? mkdtempSync(join(tmpdir(), 'bilevel-user-')));
  writeSettings(userDataFolder, options.settings);
  const extension = resolve(options.extension);
  const request: WorkbenchRequest = {
    folder: resolve(options.folder),
    extension: { kind: extension.endsWith('.vsix') ? 'vsix' : 'folder', path: extension },
    userDataFolder,
    askForTrust: options.askForTrust ?? false,
    suitePatience,
  };
  const discard = (): void => {
    if (own) rmSync(userDataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  return { request, discard };
}

/** The workbench marks the stages of its start: it stands, and every extension's contributions are known. */
async function untilRestored(page: Page): Promise<void> {
  for (const mark of ['code/didStartWorkbench', 'code/didLoadExtensions']) {
    await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, mark, {
      timeout: 60_000,
    });
  }
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
}

async function takeScreenshot(page: Page, name: string): Promise<string> {
  mkdirSync(screenshotFolder, { recursive: true });
  const path = join(screenshotFolder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'initial' });
  return path;
}

async function openFile(page: Page, path: string): Promise<void> {
  const name = path.split('/').at(-1) ?? path;
  const tab = page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).first();
  // On a busy machine the list may move between the look and the click, and another file opens.
  for (let tries = 1; ; tries++) {
    await pickFromQuickInput(page, 'Control+P', path, name);
    const opened = await tab.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (opened) break;
    if (tries === 3) throw new Error(`${path} was picked three times, and another file opened`);
  }
  await page.locator('.editor-group-container.active .view-lines').first().waitFor();
}

async function runCommand(page: Page, title: string): Promise<void> {
  await pickFromQuickInput(page, 'F1', `>${title}`, title);
}

/** Takes the line that says exactly `label`: the first line of a list that still fills up may be another one. */
async function pickFromQuickInput(page: Page, key: string, text: string, label: string): Promise<void> {
  await page.keyboard.press(process.platform === 'darwin' ? key.replace('Control', 'Meta') : key);
  const widget = page.locator('.quick-input-widget');
  await widget.waitFor();
  await widget.locator('input').fill(text);
  await widget
    .locator('.monaco-list-row .label-name')
    .filter({ hasText: exactly(label) })
    .first()
    .click();
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
