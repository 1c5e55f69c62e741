/**
 * Downloads VS Code's desktop build, and makes sure that it can start: on Linux it needs the libraries of a
 * desktop, and a display, real or virtual.
 */
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ensurePackages, firstKnownPackage } from './debian.ts';
import { cacheFolder, desktopStamp, vscodeVersion } from './paths.ts';

export async function installDesktop(): Promise<void> {
  if (!existsSync(desktopStamp)) {
    console.error(`bilevel: downloading VS Code ${vscodeVersion} to test in (once) …`);
    const program = await downloadAndUnzipVSCode({
      version: vscodeVersion,
      cachePath: cacheFolder,
      reporter: new SilentReporter(),
    });
    if (process.platform === 'linux') ensureLibraries(program);
    writeFileSync(desktopStamp, program);
  }
  if (needsVirtualDisplay() && spawnSync('which', ['Xvfb']).status !== 0) {
    ensurePackages(['xvfb'], 'show VS Code without a screen');
  }
}

/** The program that `installDesktop` put in place. */
export function desktopProgram(): string {
  return readFileSync(desktopStamp, 'utf8');
}

export function needsVirtualDisplay(): boolean {
  return process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
}

function ensureLibraries(program: string): void {
  if (unresolvedLibraries(program).length === 0) return;
  const sound = firstKnownPackage(['libasound2t64', 'libasound2']);
  ensurePackages(['libnss3', 'libgtk-3-0', 'libgbm1', 'libxkbfile1', ...sound], 'start VS Code');
  const missing = unresolvedLibraries(program);
  if (missing.length > 0) throw new Error(`VS Code cannot start without ${missing.join(', ')}.`);
}

function unresolvedLibraries(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return (stdout || '')
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0] ?? '');
}
