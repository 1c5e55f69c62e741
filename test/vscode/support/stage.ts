/**
 * What the tests share: a copy of the samples in a folder of its own, a workbench on it with the extension under
 * test and the probe, and the everyday moves in it. One stage serves all tests of a file: opening one takes
 * seconds. A test that fails leaves a picture of the screen.
 */
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { StatusParameters } from '../../../server/src/protocol/editor.ts';
import { projectRoot } from '../host/paths.ts';
import type { Settings } from '../host/profile.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { connectProbe, installProbe, type Probe } from './probe.ts';
import { until } from './until.ts';

/** A diagnostic as the editor holds it; lines and columns count from 1, as on the screen. */
export interface FoundDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly source: string;
  readonly message: string;
}

export interface Stage {
  readonly workbench: Workbench;
  readonly page: Page;
  readonly probe: Probe;
  /** The folder that is open: the samples with their data. */
  readonly folder: string;
  uri(path: string): string;
  /** Opens a file and waits until the server has answered for it. */
  open(path: string): Promise<void>;
  /** Puts the cursor at a line and column, counted from 1. */
  goTo(line: number, column: number): Promise<void>;
  /** The text as the editor has it, saved or not. */
  text(path: string): Promise<string>;
  diagnostics(path: string): Promise<FoundDiagnostic[]>;
  status(path: string): Promise<StatusParameters | undefined>;
  /** Does what starts a run, and waits until that run has ended; answers the state it ended in. */
  run(path: string, start: () => Promise<void>): Promise<StatusParameters>;
  /** Closes every editor, dropping what was not saved. */
  closeEditors(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly extension?: string;
  readonly askForTrust?: boolean;
  readonly settings?: Settings;
  /** Further files for the folder: VS Code finds by name only what is there when it first looks. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { extension = projectRoot, askForTrust = false, settings = {}, files = {} } = options;
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bilevel-stage-')));
  const folder = join(scratch, 'problems');
  const userDataFolder = join(scratch, 'user');
  cpSync(join(projectRoot, 'samples'), folder, {
    recursive: true,
    // The sample that needs a package of data beside it is not for a folder on its own.
    filter: (path) => !path.includes('hyper-cleaning') && !path.endsWith('.md'),
  });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  installProbe(userDataFolder);
  const removeScratch = (): void =>
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  let workbench: Workbench | undefined;
  try {
    workbench = await openWorkbench({
      folder,
      extension,
      userDataFolder,
      askForTrust,
      // A web workbench saves by itself, a desktop one does not.
      settings: { 'files.autoSave': 'off', ...settings },
    });
    const probe = await connectProbe(userDataFolder);
    return stageOn(workbench, probe, folder, removeScratch);
  } catch (error) {
    await workbench?.close();
    removeScratch();
    throw error;
  }
}

function stageOn(workbench: Workbench, probe: Probe, folder: string, removeScratch: () => void): Stage {
  const { page } = workbench;
  const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
  const status = (path: string): Promise<StatusParameters | undefined> =>
    probe.ask(async ({ api }, of) => (await api()).status(of), uri(path));
  /** Counts the status messages seen for a file: an end that was there before is not the end of a new run. */
  const generation = (path: string): Promise<number> =>
    probe.ask(async ({ api, memory }, of) => {
      const now = (await api()).status(of);
      const known = memory.get(of) as { status: unknown; count: number } | undefined;
      if (known !== undefined && known.status === now) return known.count;
      const count = (known?.count ?? 0) + 1;
      memory.set(of, { status: now, count });
      return count;
    }, uri(path));
  return {
    workbench,
    page,
    probe,
    folder,
    uri,
    async open(path) {
      await workbench.openFile(path);
      await until(`the outline of ${path}`, () =>
        probe.ask(async ({ vscode, api }, of) => {
          await api();
          const found = await vscode.commands.executeCommand<unknown[] | undefined>(
            'vscode.executeDocumentSymbolProvider',
            vscode.Uri.parse(of),
          );
          return found !== undefined;
        }, uri(path)),
      );
    },
    async goTo(line, column) {
      await page.keyboard.press('Control+G');
      const input = page.locator('.quick-input-widget input');
      await input.waitFor();
      await input.fill(`:${line}:${column}`);
      await page.keyboard.press('Enter');
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      await page.locator('.statusbar').getByText(`Ln ${line}, Col ${column}`).waitFor();
    },
    text: (path) =>
      probe.ask(
        async ({ vscode }, of) => (await vscode.workspace.openTextDocument(vscode.Uri.parse(of))).getText(),
        uri(path),
      ),
    diagnostics: (path) =>
      probe.ask(({ vscode }, of) => {
        const severities = ['error', 'warning', 'information', 'hint'] as const;
        return vscode.languages.getDiagnostics(vscode.Uri.parse(of)).map((each) => ({
          line: each.range.start.line + 1,
          column: each.range.start.character + 1,
          endColumn: each.range.end.character + 1,
          severity: severities[each.severity] ?? ('hint' as const),
          source: each.source ?? '',
          message: each.message,
        }));
      }, uri(path)),
    status,
    async run(path, start) {
      const before = await generation(path);
      await start();
      return until(`the run of ${path} to end`, async () => {
        if ((await generation(path)) === before) return undefined;
        const now = await status(path);
        return now !== undefined && now.state !== 'idle' && now.state !== 'running' && now;
      });
    },
    async closeEditors() {
      await probe.ask(async ({ vscode }) => {
        while (vscode.window.activeTextEditor !== undefined) {
          await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
        }
      });
    },
    async close() {
      await workbench.close();
      removeScratch();
    },
  };
}

/** Runs a test's steps; when they fail, a picture says what the screen showed. */
export function withPicture(
  stage: () => Stage,
  name: string,
  steps: () => Promise<void>,
): () => Promise<void> {
  return async () => {
    try {
      await steps();
    } catch (error) {
      await stage()
        .workbench.screenshot(`failed-${name.replaceAll(/[^a-z]+/giu, '-').slice(0, 40)}`)
        .catch(() => undefined);
      throw error;
    }
  };
}
