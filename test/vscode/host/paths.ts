/**
 * Where the VS Code that the tests drive is kept, and which version it is. Everything large lies in one
 * folder that git ignores, so that deleting it brings back the state of a fresh checkout.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const projectRoot = join(import.meta.dirname, '..', '..', '..');
export const cacheFolder = join(projectRoot, '.vscode-test');
export const screenshotFolder = join(projectRoot, 'test', 'vscode', 'screenshots');

/** The desktop build and the packaged one are the same release, so that both ways test the same editor. */
export const vscodeVersion = '1.139.1';
export const codeServerVersion = '4.139.1';

/** Holds the path of the desktop build's program, once that is complete. */
export const desktopStamp = join(cacheFolder, `desktop-${vscodeVersion}`);

export const codeServerFolder = join(cacheFolder, `code-server-${codeServerVersion}`);
/** Written last: its absence means that an installation was interrupted and starts over. */
export const codeServerStamp = join(codeServerFolder, '.complete');
export const serverProgram = join(
  codeServerFolder,
  'lib/node_modules/code-server/lib/vscode/out/server-main.js',
);

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** The browser that shows the web workbench; `BILEVEL_CHROMIUM` names another one. */
export function findBrowser(): string | undefined {
  const chosen = process.env['BILEVEL_CHROMIUM'];
  return chosen ?? browsers.find((path) => existsSync(path));
}
