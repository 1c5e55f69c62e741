/**
 * Everything that the extension offers is used once in the real VS Code: each ability that the server names, each
 * command, setting and menu entry of package.json. What is added there and not here fails these tests.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverCapabilities } from '../../server/src/features/capabilities.ts';
import { projectRoot } from './host/paths.ts';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';
import { slowProblem } from '../runner/slow-problem.ts';

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
};
const { commands, menus, configuration } = manifest.contributes;

const problem = `problem "Everything"

data {
  A : matrix[n, 2] = csv("rows.csv")
}

upper {
  theta : vector[2] in [-5, 5] = 3
  minimize sumsq(A * x) / n + sum(x)
}

lower {
  x : vector[2] = 0
  minimize sumsq(x - theta)
}
`;

const { stage, step } = stageForAll({
  files: {
    'everything.bilevel': problem,
    'wrong.bilevel': problem.replace('A * x', 'A  *  absent'),
    'slow.bilevel': slowProblem,
    'plain.txt': 'no problem\n',
    'rows.csv': 'a,b\n1,2\n3,4\n5,6\n',
    // Makes the folder.
    'copied/empty.txt': '',
  },
});

/** Where in the text: the offset of the first occurrence, and how far behind it. */
type Place = readonly [text: string, offset: number];
interface Question {
  readonly command: string;
  readonly file?: string;
  readonly at?: Place;
  readonly range?: true;
  readonly more?: readonly (string | number | object)[];
}

/** By the ability; the answer must not be empty. */
const questions: Readonly<Record<string, Question>> = {
  hoverProvider: { command: 'vscode.executeHoverProvider', at: ['sumsq', 1] },
  completionProvider: { command: 'vscode.executeCompletionItemProvider', at: ['sumsq', 6] },
  signatureHelpProvider: { command: 'vscode.executeSignatureHelpProvider', at: ['sumsq', 6] },
  documentSymbolProvider: { command: 'vscode.executeDocumentSymbolProvider' },
  semanticTokensProvider: { command: 'vscode.provideDocumentSemanticTokens' },
  foldingRangeProvider: { command: 'vscode.executeFoldingRangeProvider' },
  definitionProvider: { command: 'vscode.executeDefinitionProvider', at: ['theta)', 1] },
  referencesProvider: { command: 'vscode.executeReferenceProvider', at: ['theta)', 1] },
  documentHighlightProvider: { command: 'vscode.executeDocumentHighlights', at: ['theta)', 1] },
  renameProvider: { command: 'vscode.executeDocumentRenameProvider', at: ['theta)', 1], more: ['other'] },
  documentFormattingProvider: {
    command: 'vscode.executeFormatDocumentProvider',
    file: 'wrong.bilevel',
    more: [{ tabSize: 2, insertSpaces: true }],
  },
  documentRangeFormattingProvider: {
    command: 'vscode.executeFormatRangeProvider',
    file: 'wrong.bilevel',
    range: true,
    more: [{ tabSize: 2, insertSpaces: true }],
  },
  documentOnTypeFormattingProvider: {
    command: 'vscode.executeFormatOnTypeProvider',
    file: 'wrong.bilevel',
    at: ['}\n\nlower', 1],
    more: ['}', { tabSize: 2, insertSpaces: true }],
  },
  selectionRangeProvider: { command: 'vscode.executeSelectionRangeProvider' },
  codeActionProvider: { command: 'vscode.executeCodeActionProvider', file: 'wrong.bilevel', range: true },
  inlayHintProvider: { command: 'vscode.executeInlayHintProvider', range: true },
  codeLensProvider: { command: 'vscode.executeCodeLensProvider' },
  documentLinkProvider: { command: 'vscode.executeLinkProvider' },
};

/** Abilities that are no question about a document, and how they show here. */
const shownOtherwise = [
  'positionEncoding', // columns in several.test.ts
  'textDocumentSync', // every edit
  'workspace', // folders in several.test.ts
  'workspaceSymbolProvider', // several.test.ts
  'diagnosticProvider', // below
  'executeCommandProvider', // the commands below
];

step('every ability of the server answers', async () => {
  await stage.open('wrong.bilevel');
  await until('the mistake', async () =>
    (await stage.diagnostics('wrong.bilevel')).some(({ message }) => message.includes('absent')),
  );
  await stage.open('everything.bilevel');
  assert.deepEqual(
    [...Object.keys(questions), ...shownOtherwise].toSorted(),
    Object.keys(serverCapabilities()).toSorted(),
  );
  for (const [ability, { command, file = 'everything.bilevel', at, range, more = [] }] of Object.entries(
    questions,
  )) {
    await until(ability, () =>
      stage.probe.ask(
        async ({ vscode }, title, of, place, whole, others) => {
          const uri = vscode.Uri.parse(of);
          const document = await vscode.workspace.openTextDocument(uri);
          const text = document.getText();
          const offset = place === null ? 0 : text.indexOf(place[0]) + place[1];
          const position = document.positionAt(offset);
          const all = new vscode.Range(0, 0, document.lineCount, 0);
          const selection = title.includes('SelectionRange') ? [[position]] : [];
          const between = whole ? [all] : place === null ? selection : [position];
          // Hints are asked for in what is on the screen.
          const args = [uri, ...between, ...others];
          const answer = await vscode.commands.executeCommand<unknown>(title, ...args);
          if (answer === undefined || answer === null) return false;
          if (Array.isArray(answer)) return answer.length > 0;
          const { items, size, signatures, data } = answer as Record<
            string,
            { length: number } | number | undefined
          >;
          if (typeof size === 'number') return size > 0;
          return [items, signatures, data].some((list) => typeof list === 'object' && list.length > 0);
        },
        command,
        stage.uri(file),
        at ?? null,
        range ?? false,
        more,
      ),
    );
  }
});

/** What each command does, started as its name says; each leaves the file of this test in front. */
const uses: Readonly<Record<string, (title: string) => Promise<void>>> = {
  'bilevel.run': async (title) => {
    const end = await stage.run('everything.bilevel', () => stage.workbench.runCommand(title));
    assert.equal(end.state, 'finished', end.text);
    await until('results', async () => (await screen.shownResults(stage.page)).length >= 3);
  },
  'bilevel.checkGradient': async (title) => {
    const end = await stage.run('everything.bilevel', () => stage.workbench.runCommand(title));
    assert.equal(end.state, 'finished', end.text);
    await until('the verdict', async () =>
      (await screen.shownResults(stage.page)).some(({ text }) => text.includes('the bound holds')),
    );
  },
  'bilevel.cancel': async (title) => {
    await stage.open('slow.bilevel');
    await screen.titleButton(stage.page, 'Run').click();
    await until('the run', async () => (await stage.status('slow.bilevel'))?.solverProcess !== undefined);
    await stage.workbench.runCommand(title);
    await until('its end', async () => (await stage.status('slow.bilevel'))?.state === 'cancelled');
  },
  'bilevel.openSample': async (title) => {
    const { page, workbench, folder } = stage;
    await workbench.runCommand(title);
    const input = page.locator('.quick-input-widget input');
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'quadratic' }).first();
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'elastic-net' }).waitFor();
    await workbench.screenshot('samples');
    await input.fill('quadratic');
    await row.click();
    await page.locator('.quick-input-widget').getByText('Where to copy').waitFor();
    // The dialog walks through folders by clicks.
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'copied' }).click();
    await until('the folder', async () => (await input.inputValue()).endsWith('/copied/'));
    await page.locator('.quick-input-widget').getByText('Copy Here').click();
    await page.locator('.tabs-container .tab.active').filter({ hasText: 'quadratic.bilevel' }).waitFor();
    assert.ok(existsSync(join(folder, 'copied', 'data', 'quadratic', 'A.npy')), 'with its data');
  },
  'bilevel.openReference': async (title) => {
    await stage.workbench.runCommand(title);
    await stage.page.locator('.tabs-container .tab').filter({ hasText: 'Preview README.md' }).waitFor();
  },
  'bilevel.showOutput': async (title) => {
    await stage.workbench.runCommand(title);
    await stage.page.locator('.part.panel .output-view, .part.panel [id*="output"]').first().waitFor();
    await closePanel();
  },
  'bilevel.restartServer': async (title) => {
    await stage.workbench.runCommand(title);
    await stage.open('wrong.bilevel');
    await until('an answer of the new server', async () =>
      (await stage.diagnostics('wrong.bilevel')).some(({ message }) => message.includes('absent')),
    );
  },
};

for (const { command, title } of commands) {
  step(`the command "${title}" does what it says`, async () => {
    const use = uses[command];
    assert.ok(use !== undefined, `${command} is not used here`);
    await stage.probe.ask(({ vscode }) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
    await stage.open('everything.bilevel');
    await use(`Bilevel: ${title}`);
  });
}

/** A change of each setting, and what it changes. */
const changes: Readonly<Record<string, () => Promise<void>>> = {
  'bilevel.results.enabled': async () => {
    const { page } = stage;
    await stage.run('everything.bilevel', () => screen.titleButton(page, 'Run').click());
    const count = async (): Promise<number> => (await screen.shownResults(page)).length;
    await until('results', async () => (await count()) >= 3);
    await set('bilevel.results.enabled', false);
    await until('none', async () => (await count()) === 0);
    await set('bilevel.results.enabled', undefined);
    await until('them again', async () => (await count()) >= 3);
  },
  'bilevel.inlayHints.enabled': async () => {
    const hinted = async (): Promise<boolean> =>
      (await screen.shownLines(stage.page)).some((line) => /A : matrix\[n, 2\]\s*3 × 2/u.test(line));
    await until('a hint', hinted);
    await set('bilevel.inlayHints.enabled', false);
    await until('none', async () => !(await hinted()));
    await set('bilevel.inlayHints.enabled', undefined);
    await until('it again', hinted);
  },
  'bilevel.trace.server': async () => {
    const { page, workbench } = stage;
    await set('bilevel.trace.server', 'messages');
    await stage.goToText('everything.bilevel', 'problem');
    await page.keyboard.type(' ');
    await page.keyboard.press('Control+Z');
    await workbench.runCommand('Bilevel: Show Output');
    await page
      .locator('.part.panel .view-line')
      .filter({ hasText: /textDocument/u })
      .first()
      .waitFor();
    await workbench.screenshot('trace');
    await set('bilevel.trace.server', undefined);
    await closePanel();
  },
};

/** Not by the keyboard, which belongs to the panel while that has the focus. */
const closePanel = (): Promise<unknown> =>
  stage.probe.ask(async ({ vscode }) => {
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  });

const set = (name: string, value: string | boolean | undefined): Promise<unknown> =>
  stage.probe.ask(
    async ({ vscode }, key, to) => {
      await vscode.workspace.getConfiguration().update(key, to ?? undefined, true);
    },
    name,
    value ?? null,
  );

for (const name of Object.keys(configuration.properties)) {
  step(`the setting ${name} changes what it says`, async () => {
    const change = changes[name];
    assert.ok(change !== undefined, `${name} is not changed here`);
    await stage.open('everything.bilevel');
    await change();
  });
}

step('the menus have their entries for problems, and for nothing else', async () => {
  const { page, workbench } = stage;
  assert.deepEqual(Object.keys(menus).toSorted(), ['commandPalette', 'editor/context', 'editor/title']);
  const titleOf = (command: string): string => commands.find((each) => each.command === command)?.title ?? '';
  const titles = (menu: string): string[] => (menus[menu] ?? []).map(({ command }) => titleOf(command));
  await stage.open('everything.bilevel');
  for (const title of titles('editor/title')) await screen.titleButton(page, title).waitFor();
  await page.locator('.monaco-editor[role="code"] .view-line').first().click({ button: 'right' });
  const entry = page.locator('.context-view .action-label, .monaco-menu .action-label');
  for (const title of titles('editor/context'))
    await entry
      .filter({ hasText: new RegExp(`^${title}$`) })
      .first()
      .waitFor();
  await workbench.screenshot('context-menu');
  await page.keyboard.press('Escape');

  const offered = async (): Promise<string[]> => {
    await page.keyboard.press('F1');
    const widget = page.locator('.quick-input-widget');
    await widget.locator('input').fill('>Bilevel: ');
    await widget.locator('.monaco-list-row').filter({ hasText: 'Show Output' }).first().waitFor();
    const rows = await widget.locator('.monaco-list-row .label-name').allInnerTexts();
    await page.keyboard.press('Escape');
    return rows.filter((row) => row.startsWith('Bilevel: ')).map((row) => row.replace('Bilevel: ', ''));
  };
  const all = commands.map(({ title }) => title);
  assert.deepEqual((await offered()).toSorted(), all.toSorted());
  await workbench.openFile('plain.txt');
  const ofProblems = titles('commandPalette');
  assert.deepEqual(
    (await offered()).toSorted(),
    all.filter((title) => !ofProblems.includes(title)).toSorted(),
  );
  assert.equal(await screen.titleButton(page, 'Run').count(), 0);
});
