/**
 * The settings under which the tests see VS Code: a light theme that prints well, and nothing on the screen
 * that does not belong to the subject (no chat, no welcome, no tips, no suggestions to install something).
 * A test's own settings come on top.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Settings = Readonly<Record<string, unknown>>;

/** What the pictures show: wide enough for side bar, editor and a panel, small enough for a page. */
export const windowSize = { width: 1280, height: 800 } as const;

const testSettings: Settings = {
  'workbench.colorTheme': 'Light Modern',
  'window.autoDetectColorScheme': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'files.simpleDialog.enable': true,
  'terminal.integrated.initialHint': false,
};

/** Writes the user's settings where both hosts look for them below a user data folder. */
export function writeSettings(userDataFolder: string, settings: Settings = {}): void {
  const folder = join(userDataFolder, 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...testSettings, ...settings }, null, 2));
}
