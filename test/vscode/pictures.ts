/**
 * Makes the pictures of the README from the real thing: `npm run pictures` writes client/media/editor.png (a
 * sample in VS Code after a run) and client/media/terminal.png (the end of `npm start` in VS Code's terminal).
 * With `-- editor` or `-- terminal` it makes that one only. Run it when what they show has changed, look at them, and commit them.
 */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './host/paths.ts';
import { windowSize, type Settings } from './host/profile.ts';
import { openWorkbench, type Workbench } from './host/workbench.ts';
import * as screen from './support/screen.ts';
import { openStage } from './support/stage.ts';
import { until } from './support/until.ts';

const media = join(projectRoot, 'client', 'media');

/** A page with two pictures should open quickly on any line. */
const largestBytes = { editor: 250_000, terminal: 200_000 } as const;

const settings: Settings = {
  'editor.fontSize': 13,
  'workbench.activityBar.location': 'hidden',
  // Below, so that it does not cover the results of the run.
  'editor.hover.above': false,
};

/** A shell that shows nothing of the machine on which the picture is taken. */
const plainShell: Settings = {
  'terminal.integrated.shellIntegration.enabled': false,
  // Drawn as text, so that its words can be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.defaultProfile.linux': 'plain',
  'terminal.integrated.profiles.linux': {
    plain: {
      path: '/bin/bash',
      args: ['--norc', '--noprofile'],
      env: { PS1: '$ ', NPM_CONFIG_USERCONFIG: '/dev/null', NPM_CONFIG_UPDATE_NOTIFIER: 'false' },
    },
  },
};

const [wanted] = process.argv.slice(2);
if (wanted === undefined || wanted === 'editor') await takeEditor();
if (wanted === undefined || wanted === 'terminal') await takeTerminal();

async function takeEditor(): Promise<void> {
  const sample = readFileSync(join(projectRoot, 'samples', 'ridge.bilevel'), 'utf8');
  // In two lines, the objective leaves room for its result in a narrow picture.
  const narrow = sample.replace(' + sum(exp', '\n      + sum(exp');
  assert.notEqual(narrow, sample);
  const stage = await openStage({ settings, files: { 'ridge.bilevel': narrow } });
  try {
    const { page, workbench } = stage;
    await stage.open('ridge.bilevel');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    const end = await stage.run('ridge.bilevel', () => screen.lens(page, 'Run').click());
    assert.equal(end.text, 'converged');
    await until('the results', async () => (await screen.shownResults(page)).length >= 4);
    await screen.lens(page, 'Run').waitFor();
    await screen.hoverText(page, 'sumsq(X * w', 'minimize', /mu\s+[\d.]+/);
    await keep(workbench, 'editor');
  } finally {
    await stage.close();
  }
}

async function takeTerminal(): Promise<void> {
  const workbench = await openWorkbench({
    folder: projectRoot,
    extension: projectRoot,
    settings: { ...settings, ...plainShell },
  });
  try {
    const { page } = workbench;
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('Terminal: Create New Terminal in Editor Area');
    const rows = page.locator('.terminal-wrapper .xterm').first();
    await rows.waitFor();
    await rows.click();
    await until('the prompt', async () => (await terminalText(workbench)).trim() === '$');
    await page.keyboard.type('npm start');
    await page.keyboard.press('Enter');
    const ended = /hypergradient[^]*\n\s*\$\s*$/u;
    await until('npm start to end', async () => ended.test(await terminalText(workbench)), 120_000);
    const cursor = await page.locator('.xterm-cursor').boundingBox();
    assert.ok(cursor !== null);
    await keep(workbench, 'terminal', Math.ceil(cursor.y + 2 * cursor.height));
  } finally {
    await workbench.close();
  }
}

async function terminalText(workbench: Workbench): Promise<string> {
  return (await workbench.page.locator('.xterm-rows').first().innerText()).replaceAll('\u00a0', ' ');
}

/** `height`: of the part from the top that has something to show, all of it when left out. */
async function keep(workbench: Workbench, name: keyof typeof largestBytes, height?: number): Promise<void> {
  const path = join(media, `${name}.png`);
  await workbench.page.screenshot({
    path,
    animations: 'disabled',
    caret: 'hide',
    ...(height === undefined ? {} : { clip: { x: 0, y: 0, width: windowSize.width, height } }),
  });
  const { size } = statSync(path);
  assert.ok(size <= largestBytes[name], `${path} has ${size} bytes; ${largestBytes[name]} is the most`);
  console.log(`${path}: ${Math.round(size / 1000)} kB`);
}
