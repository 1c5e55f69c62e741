/// <reference lib="dom" />
/**
 * Writing a problem in the real VS Code: formulas in hovers in light and dark, completion that knows shapes,
 * rewrites, faded names, links, and texts that are no files, end their lines otherwise or go beyond the basic plane.
 */
import assert from 'node:assert/strict';
import type * as VSCode from 'vscode';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

const weak = `problem "Weak"

data {
  X     : matrix[20, d] = normal(0, 1, seed = 1)
  y     : vector[20]    = zeros()
  spare : vector[20]    = zeros()
}
let d = 5

upper {
  alpha : scalar in [1e-4, 1] = 0.1
  minimize sumsq(X * w - y) + abs(alpha)
}

lower {
  w : vector[d] = 0
  minimize mean(log_cosh(X * w - y)) + 0 * alpha
}

solve {
  lower = fista(tolerance = 1e-6)
}
`;

const letters =
  '# 😀 𝐱\r\nupper {\r\n  𝜃 : scalar = 1 # 😀\r\n  minimize sumsq(x) + 𝜃 ^ 2\r\n}\r\nlower {\r\n  x : vector[2]\r\n  minimize sumsq(x - 𝜃)\r\n}\r\n';

const { stage, step } = stageForAll({ files: { 'weak.bilevel': weak, 'letters.bilevel': letters } });

step('a hover shows the objective as a picture in the colours of the theme', async () => {
  const { page, workbench } = stage;
  await stage.open('ridge.bilevel');
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  for (const [theme, colour] of [
    ['Dark Modern', '#d8d8d8'],
    ['Light Modern', '#303030'],
  ] as const) {
    await stage.probe.ask(
      ({ vscode }, name) => vscode.workspace.getConfiguration().update('workbench.colorTheme', name, true),
      theme,
    );
    await page.locator(`.monaco-workbench.${theme === 'Dark Modern' ? 'vs-dark' : 'vs'}`).waitFor();
    await screen.hoverText(page, '.* w .^ 2', 'minimize', /mu\s+[\d.]+(e-?\d+)? \(certified\)/);
    const pictures = page.locator('.monaco-hover:not(.hidden) img[src^="data:image/svg+xml"]');
    assert.ok((await pictures.count()) >= 5, 'the objective and its constants');
    const [alternative, width, svg] = await pictures.first().evaluate((element) => {
      const { alt, naturalWidth, src } = element as HTMLImageElement;
      return [alt, naturalWidth, atob(src.split(',')[1] ?? '')] as const;
    });
    assert.match(alternative, /^\(w\*, b\*\)\(λ\) = arg min/u);
    assert.ok(width > 200, 'it is drawn');
    assert.ok(svg.includes(colour), `${theme} has its colour`);
    await workbench.screenshot(`formula-${theme.startsWith('Dark') ? 'dark' : 'light'}`);
    await screen.leaveHover(page);
  }
});

step('the reference opens at the heading that the hover names', async () => {
  const { page } = stage;
  await screen.hoverText(page, 'data/diabetes.csv", columns = "target", rows = 1..300', 'csv', /text table/);
  await page.locator('.monaco-hover:not(.hidden) a').filter({ hasText: 'Language reference' }).click();
  await page.locator('.tabs-container .tab').filter({ hasText: 'Preview README.md' }).waitFor();
  await screen.leaveHover(page);
  await stage.closeEditors();
  await stage.probe.ask(({ vscode }) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
});

step('completion begins with what fits, and documents it with its formula', async () => {
  const { page, workbench } = stage;
  await stage.open('weak.bilevel');
  await stage.goToText('weak.bilevel', 'X * w - y) + abs', 4);
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Space');
  const rows = page.locator('.suggest-widget.visible .monaco-list-row');
  await rows.first().waitFor();
  assert.match(await rows.first().innerText(), /^w/u);
  await page.keyboard.press('Escape');
  await page.keyboard.type('soft');
  await page.keyboard.press('Control+Space');
  await rows.filter({ hasText: 'softplus' }).first().waitFor();
  if (!(await page.locator('.suggest-details').isVisible())) await page.keyboard.press('Control+Space');
  await page.locator('.suggest-details img[src^="data:image/svg+xml"]').waitFor();
  await workbench.screenshot('completion-formula');
  await page.keyboard.press('Escape');
  await stage.probe.ask(({ vscode }) => vscode.commands.executeCommand('workbench.action.files.revert'));
  await until('the text as it was', async () => (await stage.text('weak.bilevel')) === weak);
});

step('a weak level is made strongly convex, a kink smooth, an expression gets a name', async () => {
  const { page, workbench } = stage;
  const act = async (at: string, offset: number, title: string, picture?: string): Promise<void> => {
    await stage.goToText('weak.bilevel', at, offset);
    const item = await screen.action(page, title);
    if (picture !== undefined) await workbench.screenshot(picture);
    await item.click();
  };
  await act('log_cosh', 3, 'Add `0.001 * sumsq(w)`', 'action-convex');
  await until('the term', async () => (await stage.text('weak.bilevel')).includes('+ 0.001 * sumsq(w)'));
  await act('abs(alpha)', 1, 'Replace abs by smooth_abs');
  await until('the smooth function', async () =>
    (await stage.text('weak.bilevel')).includes('smooth_abs(alpha, 0.01)'),
  );
  const extract = await screen.action(page, 'Extract to a let', async () => {
    await stage.goToText('weak.bilevel', 'X * w - y) + smooth');
    for (let at = 0; at < 'X * w - y'.length; at++) await page.keyboard.press('Shift+ArrowRight');
    // Keys may still be on their way when the last one has been sent.
    await page.getByText(`(${'X * w - y'.length} selected)`).waitFor();
  });
  await workbench.screenshot('action-extract');
  await extract.click();
  // The author is asked for a name at once.
  const input = page.locator('.rename-box input');
  await input.waitFor();
  await input.fill('residual');
  await page.keyboard.press('Enter');
  await until('the name in both places', async () => {
    const text = await stage.text('weak.bilevel');
    return text.includes('let residual = X * w - y') && text.includes('sumsq(residual)');
  });
  const left = await until('no error', async () => {
    const found = await stage.diagnostics('weak.bilevel');
    return found.every(({ severity }) => severity !== 'error') && found;
  });
  // What nothing uses is a hint, which the editor fades.
  assert.ok(left.some(({ severity, message }) => severity === 'hint' && message.includes('`spare`')));
  await page
    .locator('.monaco-editor .squiggly-unnecessary, .monaco-editor .squiggly-inline-unnecessary')
    .first()
    .waitFor();
  await workbench.screenshot('rewritten');
});

step('the lower method tells its step; signatures show the argument at the cursor', async () => {
  const { page, workbench } = stage;
  await until('the step', async () =>
    (await screen.shownLines(page)).some((line) => /lower = fista\(.*\)\s*step 1\/L = /u.test(line)),
  );
  await stage.goToText('weak.bilevel', '0.01)');
  await workbench.runCommand('Trigger Parameter Hints');
  const active = page.locator('.parameter-hints-widget .parameter.active');
  await active.waitFor();
  assert.match(await active.innerText(), /width/u);
  await workbench.screenshot('signature');
  await page.keyboard.press('Escape');
});

step('selections grow, and symbols of files that are not open are found', async () => {
  const { page } = stage;
  await stage.goToText('weak.bilevel', 'log_cosh(X', 9);
  for (const expected of ['X', 'X * w', 'X * w - y', 'log_cosh(X * w - y)']) {
    await page.keyboard.press('Shift+Alt+ArrowRight');
    await until(`the selection ${expected}`, () =>
      stage.probe.ask(({ vscode }, wanted) => {
        const shown = vscode.window.activeTextEditor;
        return shown?.document.getText(shown.selection) === wanted;
      }, expected),
    );
  }
  const found = await stage.probe.ask(async ({ vscode }) => {
    const symbols = await vscode.commands.executeCommand<VSCode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'theta',
    );
    return symbols.map(({ name, location }) => `${name} ${location.uri.path.split('/').at(-1) ?? ''}`);
  });
  assert.ok(found.includes('theta quadratic.bilevel'), found.join(', '));
});

step('CRLF, emoji and mathematical letters: every edit lands where it belongs', async () => {
  await stage.open('letters.bilevel');
  const renamed = await stage.probe.ask(async ({ vscode }, of) => {
    const uri = vscode.Uri.parse(of);
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf('𝜃 ^ 2'));
    const edit = await vscode.commands.executeCommand<VSCode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      uri,
      at,
      'λ₁',
    );
    await vscode.workspace.applyEdit(edit);
    return document.getText();
  }, stage.uri('letters.bilevel'));
  assert.equal(renamed, letters.replaceAll('𝜃', 'λ₁'));
  await stage.workbench.screenshot('letters');
});

step('a rename between letters that begin with the same unit leaves whole letters', async () => {
  const { page } = stage;
  await stage.closeEditors();
  await stage.open('letters.bilevel');
  let before = letters;
  for (const [from, to] of [
    ['𝜃', '𝛼'],
    ['𝛼', '𝛼_𝛽𝛼'],
    ['𝛼_𝛽𝛼', '𝜃'],
  ] as const) {
    await stage.goToText('letters.bilevel', `${from} ^ 2`);
    await page.keyboard.press('F2');
    const input = page.locator('.rename-box input');
    await input.waitFor();
    await input.fill(to);
    await page.keyboard.press('Enter');
    const after = before.replaceAll(from, to);
    await until('the new name', async () => (await stage.text('letters.bilevel')) !== before);
    assert.equal(await stage.text('letters.bilevel'), after);
    assert.equal(await page.locator('.refactor-preview').count(), 0, 'nothing is asked');
    before = after;
  }
  // One step of undo takes back one rename.
  await page.keyboard.press('Control+Z');
  await until('the rename to be undone', async () =>
    (await stage.text('letters.bilevel')).includes('𝛼_𝛽𝛼 ^ 2'),
  );
});

step('an untitled document is as good as a file', async () => {
  const { page } = stage;
  await stage.probe.ask(async ({ vscode }) => {
    const document = await vscode.workspace.openTextDocument({
      language: 'bilevel',
      content:
        'upper {\n  t : scalar = 0\n  minimize sumsq(xx)\n}\nlower {\n  x : vector[2]\n  minimize sumsq(x - t)\n}\n',
    });
    await vscode.window.showTextDocument(document);
  });
  const message = await until('its error', () =>
    stage.probe.ask(({ vscode }) => {
      const { document } = vscode.window.activeTextEditor ?? {};
      const [found] = document === undefined ? [] : vscode.languages.getDiagnostics(document.uri);
      return document?.isUntitled === true ? found?.message : undefined;
    }),
  );
  assert.match(message, /nothing is called `xx`/u);
  await screen.hoverText(page, 'sumsq(x - t)', 'minimize', /Convex in the lower unknowns/);
  await screen.leaveHover(page);
});
