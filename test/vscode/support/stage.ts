/**
 * What the tests share: a copy of the samples in a folder of its own, a workbench on it with the extension under
 * test and the probe, and the everyday moves in it. One stage serves all tests of a file: opening one takes seconds.
 */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { StatusParameters } from '../../../server/src/protocol/editor.ts';
import { projectRoot } from '../host/paths.ts';
import type { Settings } from '../host/profile.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { connectProbe, installIdleExtension, installProbe, type Probe } from './probe.ts';
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
  /** Line and column, counted from 1, of the first occurrence of a text in a file, plus an offset in its line. */
  placeOf(path: string, wanted: string, offset?: number): Promise<[line: number, column: number]>;
  /** Puts the cursor there, in the file that is in front. */
  goToText(path: string, wanted: string, offset?: number): Promise<void>;
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
  /**
   * Further files by their paths in the folder (`../…` lies beside it): VS Code finds by name only what is there when
   * it first looks.
   */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Further folders of the workspace, by their names beside the first. */
  readonly otherFolders?: readonly string[];
  /** With `test.idle` beside it, an extension that does nothing: a measure to compare with. Default false. */
  readonly idleExtension?: boolean;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const {
    extension = projectRoot,
    askForTrust = false,
    settings = {},
    files = {},
    otherFolders = [],
    idleExtension = false,
  } = options;
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bilevel-stage-')));
  const folder = join(scratch, 'problems');
  const userDataFolder = join(scratch, 'user');
  cpSync(join(projectRoot, 'samples'), folder, {
    recursive: true,
    // The sample that needs a package of data beside it is not for a folder on its own.
    filter: (path) => !path.includes('hyper-cleaning') && !path.endsWith('.md'),
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  installProbe(userDataFolder);
  if (idleExtension) installIdleExtension(userDataFolder);
  const removeScratch = (): void =>
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  let workbench: Workbench | undefined;
  try {
    workbench = await openWorkbench({
      folder: otherFolders.length === 0 ? folder : workspaceOf(scratch, ['problems', ...otherFolders]),
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

/** The file that makes several folders one workspace. */
function workspaceOf(scratch: string, folders: readonly string[]): string {
  const path = join(scratch, 'stage.code-workspace');
  writeFileSync(path, JSON.stringify({ folders: folders.map((name) => ({ path: name })) }));
  return path;
}

function stageOn(workbench: Workbench, probe: Probe, folder: string, removeScratch: () => void): Stage {
  const { page } = workbench;
  const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
  const text = (path: string): Promise<string> =>
    probe.ask(
      async ({ vscode }, of) => (await vscode.workspace.openTextDocument(vscode.Uri.parse(of))).getText(),
      uri(path),
    );
  const goTo = async (line: number, column: number): Promise<void> => {
    await page.keyboard.press('Control+G');
    const input = page.locator('.quick-input-widget input');
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.locator('.statusbar').getByText(`Ln ${line}, Col ${column}`).waitFor();
  };
  const placeOf = async (path: string, wanted: string, offset = 0): Promise<[number, number]> => {
    const whole = await text(path);
    const at = whole.indexOf(wanted);
    if (at < 0) throw new Error(`"${wanted}" is not in ${path}:\n${whole}`);
    const lines = whole.slice(0, at).split('\n');
    return [lines.length, (lines.at(-1) ?? '').length + 1 + offset];
  };
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
    goTo,
    placeOf,
    async goToText(path, wanted, offset) {
      const [line, column] = await placeOf(path, wanted, offset);
      // The line that asks for a place counts a letter of two units as one column.
      await probe.ask(
        ({ vscode }, at) => {
          const editor = vscode.window.activeTextEditor;
          if (editor === undefined) throw new Error('no file is in front');
          const place = new vscode.Position(...at);
          editor.selection = new vscode.Selection(place, place);
          editor.revealRange(
            new vscode.Range(place, place),
            vscode.TextEditorRevealType.InCenterIfOutsideViewport,
          );
          // From a panel or a list, back to the text.
          return vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
        },
        [line - 1, column - 1] as [number, number],
      );
    },
    text,
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

/**
 * One stage for all tests of a file, and what declares them. A test that fails leaves a picture of the screen.
 * `options`: a function when they are known only once the tests run.
 */
export function stageForAll(options: StageOptions | (() => StageOptions) = {}): {
  readonly stage: Stage;
  readonly step: (name: string, steps: () => Promise<void>) => void;
} {
  // Filled before the first test.
  const stage = {} as Stage;
  before(async () => {
    Object.assign(stage, await openStage(typeof options === 'function' ? options() : options));
  });
  after(() => stage.close?.());
  const step = (name: string, steps: () => Promise<void>): void => {
    void test(name, () => withPicture(stage, name, steps));
  };
  return { stage, step };
}

async function withPicture(stage: Stage, name: string, steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
  } catch (error) {
    const picture = `failed-${name.replaceAll(/[^a-z]+/giu, '-').slice(0, 40)}`;
    await stage.workbench.screenshot(picture).catch(() => undefined);
    throw error;
  }
}
