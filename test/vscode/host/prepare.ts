/**
 * Installs the VS Code that the tests drive, before a test run and not within it: `npm test` calls this
 * through the project's set-up. Doing nothing, when all is there, takes a tenth of a second.
 */
import { chooseHost } from './choice.ts';
import { installDesktop } from './desktop-install.ts';
import { installPackaged } from './packaged-install.ts';

try {
  if ((await chooseHost()) === 'desktop') await installDesktop();
  else installPackaged();
} catch (error) {
  console.error(`bilevel: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
