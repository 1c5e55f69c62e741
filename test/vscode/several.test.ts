/**
 * Several files at once, in the real VS Code: two folders in one workspace and a third that is added, files side by
 * side, a file outside of every folder, one that was never saved, and texts with CRLF and letters beyond the basic
 * plane, whose places must be right after every edit.
 */
import assert from 'node:assert/strict';
import type * as VSCode from 'vscode';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

const small = (name: string): string => `problem "${name}"

upper {
  ${name} : vector[2] in [-5, 5] = 3
  minimize sumsq(x) + sum(x)
}

lower {
  x : vector[2] = 0
  minimize sumsq(x - ${name})
}
`;

const withRows = `data {
  X : matrix[n, d] = csv("rows.csv")
}
upper {
  t : vector[d] = 1
  minimize sumsq(X * w - 1) / n
}
lower {
  w : vector[d] = 0
  minimize sumsq(w - t)
}
`;

/** With CRLF; 𝜃 and 😀 are two units each. */
const letters = [
  'problem "😀"',
  'data {',
  '  𝐗 : matrix[n, 2] = normal(0, 1, seed = 1) # 😀😀',
  '}',
  'let n = 4',
  'upper {',
  '  𝜃 : vector[2] in [-1, 1] = 0',
  '  minimize sumsq(𝐗 * 𝑤 - 1) + 𝜃[1]',
  '}',
  'lower {',
  '  𝑤 : vector[2] = 0',
  '  minimize sumsq(𝑤 - 𝜃)',
  '}',
  '',
].join('\r\n');

const { stage, step } = stageForAll({
  otherFolders: ['second'],
  files: {
    'first.bilevel': small('first'),
    'letters.bilevel': letters,
    'rows.csv': 'a,b\n1,2\n3,4\n5,6\n',
    '../second/second.bilevel': small('only_in_second'),
    '../later/later.bilevel': small('only_in_later'),
    '../outside/outside.bilevel': withRows,
    '../outside/rows.csv': 'a,b,c\n1,2,3\n2,1,0\n',
  },
});

async function symbolsNamed(query: string): Promise<string[]> {
  return stage.probe.ask(async ({ vscode }, wanted) => {
    const found = await vscode.commands.executeCommand<VSCode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      wanted,
    );
    return found.map(({ name, location }) => `${name} ${location.uri.path.split('/').at(-1) ?? ''}`);
  }, query);
}

const errorsOf = async (path: string): Promise<string[]> =>
  (await stage.diagnostics(path))
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

step('symbols of every folder are found, also of one that is added', async () => {
  const { page, workbench } = stage;
  await stage.open('first.bilevel');
  assert.deepEqual(await symbolsNamed('only_in_second'), [
    'only_in_second second.bilevel',
    'only_in_second second.bilevel',
  ]);
  assert.deepEqual(await symbolsNamed('only_in_later'), []);
  await stage.probe.ask(
    ({ vscode }, later) => vscode.workspace.updateWorkspaceFolders(2, 0, { uri: vscode.Uri.parse(later) }),
    stage.uri('../later'),
  );
  await until('the added folder', async () => (await symbolsNamed('only_in_later')).length === 2);
  await page.keyboard.press('Control+T');
  await page.keyboard.type('only_in');
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: 'only_in_later' }).first().waitFor();
  await rows.filter({ hasText: 'only_in_second' }).first().waitFor();
  await workbench.screenshot('symbols-of-folders');
  await page.keyboard.press('Escape');
});

step('two files side by side: each has its results, and an edit greys those of its own', async () => {
  const { page, workbench } = stage;
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await stage.run('first.bilevel', () => workbench.runCommand('Bilevel: Run'));
  await workbench.runCommand('View: Split Editor Right');
  await workbench.openFile('second.bilevel');
  await stage.run('../second/second.bilevel', () => screen.titleButton(page, 'Run').click());
  const shown = async (): Promise<Record<string, string[]>> => {
    const found = await screen.shownResults(page, 'all');
    const of = (name: string): string[] =>
      found.filter(({ editor }) => editor.includes(name)).map(({ text }) => text);
    return { first: of('first.bilevel'), second: of('second.bilevel') };
  };
  await until('both results', async () => {
    const { first, second } = await shown();
    return first?.length === 3 && second?.length === 3;
  });
  await workbench.screenshot('side-by-side');
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# changed\n');
  await until('those of the edited file grey', async () => {
    const { first, second } = await shown();
    const isStale = (text: string): boolean => text.endsWith('(stale)');
    return second?.length === 3 && second.every(isStale) && first?.length === 3 && !first.some(isStale);
  });
  await stage.closeEditors();
  await stage.closeEditors();
});

step('a file outside of every folder reads the data beside it, and runs', async () => {
  const { page, workbench } = stage;
  await stage.probe.ask(
    async ({ vscode }, uri) => vscode.window.showTextDocument(vscode.Uri.parse(uri)),
    stage.uri('../outside/outside.bilevel'),
  );
  await until('the shape of its data', async () =>
    (await screen.shownLines(page)).some((line) => /X : matrix\[n, d\]\s*2 × 3/u.test(line)),
  );
  const end = await stage.run('../outside/outside.bilevel', () => screen.lens(page, 'Run').click());
  assert.equal(end.text, 'converged');
  await until('its results', async () => (await screen.shownResults(page)).length >= 3);
  await workbench.screenshot('outside');
  await stage.closeEditors();
});

step('a document that was never saved reads the data of the first folder, and runs', async () => {
  const { page, workbench } = stage;
  const uri = await stage.probe.ask(async ({ vscode }, content) => {
    const document = await vscode.workspace.openTextDocument({ language: 'bilevel', content });
    await vscode.window.showTextDocument(document);
    return document.uri.toString();
  }, withRows);
  await until('the shape of its data', async () =>
    (await screen.shownLines(page)).some((line) => /X : matrix\[n, d\]\s*3 × 2/u.test(line)),
  );
  await screen.lens(page, 'Run').click();
  const status = (): Promise<string | undefined> =>
    stage.probe.ask(async ({ api }, of) => (await api()).status(of)?.text, uri);
  await until('the end of the run', async () => (await status()) === 'converged');
  await until('its results', async () => (await screen.shownResults(page)).length >= 3);
  await workbench.screenshot('never-saved');
  await stage.closeEditors();
});

step(
  'CRLF and letters beyond the basic plane: mistakes, hints, names and results at their places',
  async () => {
    const { page, workbench } = stage;
    await stage.open('letters.bilevel');
    const lineEnd = await stage.probe.ask(({ vscode }) => vscode.window.activeTextEditor?.document.eol);
    assert.equal(lineEnd, 2, 'CRLF');
    await until('the size at its place', async () =>
      (await screen.shownLines(page)).some((line) => /𝐗 : matrix\[n, 2\]\s*4 × 2/u.test(line)),
    );

    // A mistake behind a letter of two units.
    await stage.goToText('letters.bilevel', '𝜃[1]', '𝜃['.length);
    await page.keyboard.press('Delete');
    await page.keyboard.type('3');
    const error = await until('the mistake', async () =>
      (await stage.diagnostics('letters.bilevel')).find(({ severity }) => severity === 'error'),
    );
    const [line, column] = await stage.placeOf('letters.bilevel', '𝜃[3]');
    assert.deepEqual([error.line, error.column, error.endColumn], [line, column, column + '𝜃[3]'.length]);
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+Z');
    await until('the text as it was', async () => (await stage.text('letters.bilevel')) === letters);
    await until('no mistake', async () => (await errorsOf('letters.bilevel')).length === 0);

    // Renamed by a person, everywhere.
    await stage.goToText('letters.bilevel', '𝜃)');
    await page.keyboard.press('F2');
    const input = page.locator('.rename-box input');
    await input.waitFor();
    assert.equal(await input.inputValue(), '𝜃');
    await input.fill('α₁');
    await page.keyboard.press('Enter');
    const renamed = letters.replaceAll('𝜃', 'α₁');
    await until('the new name', async () => (await stage.text('letters.bilevel')) === renamed);
    assert.deepEqual(await errorsOf('letters.bilevel'), []);

    const end = await stage.run('letters.bilevel', () => screen.titleButton(page, 'Run').click());
    assert.equal(end.state, 'finished', end.text);
    const atStatements = (ending: string) => async (): Promise<boolean> => {
      const found = (await screen.shownResults(page)).filter(({ text }) => text.endsWith(ending));
      const lines = found.map((each) => each.line.trim());
      return ['α₁ : vector', 'minimize sumsq(𝐗', 'lower {'].every((start) =>
        lines.some((each) => each.startsWith(start)),
      );
    };
    await until('the results at their lines', atStatements(''));
    // Lines put in above, with two units each, take the results along.
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# 😀 𝐱\n# 😀\n');
    await until('the results, moved', atStatements('(stale)'));
    const typed = '# 😀 𝐱\r\n# 😀\r\nproblem';
    await until('both lines, with CRLF', async () => (await stage.text('letters.bilevel')).startsWith(typed));
    await workbench.screenshot('letters-run');
    await stage.closeEditors();
  },
);
