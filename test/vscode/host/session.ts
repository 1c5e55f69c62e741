/**
 * What the two hosts have in common: what they are asked for, what they hand back, and how the extension gets
 * into VS Code. For looking at, it is installed, as a user has it: the development mode shows another title and,
 * in the packaged workbench, no notifications. A suite, however, runs in the development mode only.
 */
import type { Page } from 'playwright-core';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WorkbenchRequest {
  /** Absolute path of the folder, or the `.code-workspace` file, that the workbench opens. */
  readonly folder: string;
  readonly extension: Extension;
  /** Absolute path; settings are already written below it. */
  readonly userDataFolder: string;
  /** False: every folder is trusted. True: the folder opens in restricted mode, as an unknown one does for a user. */
  readonly askForTrust: boolean;
  /** Milliseconds after which a suite that has not ended counts as hanging. */
  readonly suitePatience: number;
}

/** A folder with a package.json, used as it lies there, or a package, installed as a user would. */
export interface Extension {
  readonly kind: 'folder' | 'vsix';
  readonly path: string;
}

export interface HostSession {
  readonly page: Page;
  close(): Promise<void>;
}

export interface SuiteResult {
  /** 0 when the suite's `run` resolved. */
  readonly code: number;
  /** What the suite and the extension host wrote. */
  readonly log: string;
}

export function extensionsFolder(userDataFolder: string): string {
  const folder = join(userDataFolder, 'extensions');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** `installVsix` is the host's own way; a folder is linked to, under the name that an installation would give it. */
export function installExtension(request: WorkbenchRequest, installVsix: () => void): void {
  const { extension, userDataFolder } = request;
  if (extension.kind === 'vsix') {
    installVsix();
    return;
  }
  const manifest = JSON.parse(readFileSync(join(extension.path, 'package.json'), 'utf8')) as Manifest;
  const name = `${manifest.publisher}.${manifest.name}-${manifest.version}`;
  const link = join(extensionsFolder(userDataFolder), name);
  if (!existsSync(link)) symlinkSync(extension.path, link, 'junction');
}

/** The folder to develop while a suite runs: the extension itself, or, where that is installed, an empty one. */
export function developmentFolder(request: WorkbenchRequest, installVsix: () => void): string {
  const { extension, userDataFolder } = request;
  if (extension.kind === 'folder') return extension.path;
  installVsix();
  const folder = join(userDataFolder, 'suite-extension');
  mkdirSync(folder, { recursive: true });
  const manifest: Manifest = {
    publisher: 'test',
    name: 'suite',
    version: '0.0.1',
    engines: { vscode: '^1.101.0' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly vscode: string };
}
