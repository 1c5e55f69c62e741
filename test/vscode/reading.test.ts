/**
 * Reading and writing a problem in the real VS Code, as a person does: what a freshly opened sample looks like,
 * what happens while it is edited, and what the editor tells about it. Nothing is run here.
 */
import assert from 'node:assert/strict';
import type * as VSCode from 'vscode';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

/** As it stands while somebody types: a bracket and a value are missing. */
const unfinished = `problem "Half typed"
data {
  A : matrix[20, 5] = normal(0, 1, seed = 1)
}
upper {
  theta : vector[5] = 1
  minimize sumsq(A * x
}
lower {
  x : vector[5] = 0
  minimize sumsq(x - theta)
}
solve {
  lower = 
}
`;

const { stage, step } = stageForAll({ files: { 'unfinished.bilevel': unfinished } });

step(
  'a sample opens coloured, without a complaint, with sizes and constants and something to click',
  async () => {
    const { page, workbench } = stage;
    await stage.open('ridge.bilevel');
    await screen.lens(page, 'Run').waitFor();
    await screen.lens(page, 'Check gradient').waitFor();
    const colours = await until('the objective to be coloured', async () => {
      const found = await screen.tokenColours(page, 'minimize sumsq(Xv');
      return found.length >= 4 && found;
    });
    assert.ok(colours.length >= 4, colours.join(' '));
    const hinted = await until('the numbers of the data', async () => {
      const lines = await screen.shownLines(page);
      return lines.some((line) => line.includes('minimizemu = ')) && lines;
    });
    assert.ok(
      hinted.some((line) => /Xv\s*: matrix\[m, d\]142 × 10/u.test(line)),
      hinted.join('\n'),
    );
    assert.match(
      hinted.find((line) => line.includes('minimizemu = ')) ?? '',
      /mu = [\d.e-]+, L = [\d.e-]+, kappa = \d+/,
    );
    assert.deepEqual(await stage.diagnostics('ridge.bilevel'), []);
    assert.equal(await screen.squiggles(page, 'error').count(), 0);
    await workbench.screenshot('sample');
  },
);

step('a broken shape is underlined and listed where it is, and gone after an undo', async () => {
  const { page, workbench } = stage;
  // `y` has n rows, `yv` has m: the lower residual no longer fits.
  const [line, column] = await stage.placeOf('ridge.bilevel', '- y) / n', 2);
  await stage.goTo(line, column + 1);
  await page.keyboard.type('v');
  const error = await until('the error', async () =>
    (await stage.diagnostics('ridge.bilevel')).find(({ severity }) => severity === 'error'),
  );
  assert.equal(error.line, line);
  assert.ok(error.column <= column && error.endColumn >= column, JSON.stringify(error));
  assert.match(error.message, /m|142/);
  assert.match(error.message, /n|300/);
  await screen.squiggles(page, 'error').first().waitFor();
  await workbench.runCommand('Problems: Focus on Problems View');
  await until('the error in the Problems panel', async () => {
    const found = await screen.problemRows(page);
    return found.some((row) => row.includes(`Ln ${line}, Col ${error.column}`));
  });
  await workbench.screenshot('broken-shape');
  await page.locator('.monaco-editor[role="code"] .view-lines').first().click();
  await page.keyboard.press('Control+Z');
  await until('the error to go', async () => (await stage.diagnostics('ridge.bilevel')).length === 0);
  await until('the squiggle to go', async () => (await screen.squiggles(page, 'error').count()) === 0);
  await until('the panel to empty', async () => (await screen.problemRows(page)).length === 0);
  await workbench.runCommand('View: Hide Panel');
});

step('a power of an array offers the elementwise one, and takes it', async () => {
  const { page, workbench } = stage;
  await stage.goToText('ridge.bilevel', 'w .^ 2', 3);
  await page.keyboard.press('Backspace');
  await until('the error', async () =>
    (await stage.diagnostics('ridge.bilevel')).some(({ severity }) => severity === 'error'),
  );
  assert.match(await stage.text('ridge.bilevel'), /w \^ 2/);
  await page.keyboard.press('Control+.');
  const menu = page.locator('.action-widget');
  await menu.getByText('.^').first().waitFor();
  await workbench.screenshot('quick-fix');
  await page.keyboard.press('Enter');
  await until('the fix', async () => /w \.\^ 2/.test(await stage.text('ridge.bilevel')));
  await until('the error to go', async () => (await stage.diagnostics('ridge.bilevel')).length === 0);
});

step(
  'a hover over the objective tells curvature and constants: formulas at once, numbers as they come',
  async () => {
    const { page, workbench } = stage;
    const text = await screen.hoverText(page, '.* w .^ 2', 'minimize', /mu\s+[\d.]+(e-?\d+)? \(certified\)/);
    assert.match(text, /Quadratic in the lower unknowns/);
    assert.match(text, /2·λ_min\(\[X, 1\]ᵀ\[X, 1\]\)\/n/);
    assert.match(text, /strong convexity/);
    await workbench.screenshot('hover-objective');
    await screen.leaveHover(page);
    const ofName = await screen.hoverText(page, 'sumsq(Xv * w', 'sumsq', /sum/i);
    assert.match(ofName, /square/i);
    await workbench.screenshot('hover-atom');
    await screen.leaveHover(page);
  },
);

step('completion knows atoms in an expression and methods in solve', async () => {
  const { page, workbench } = stage;
  await stage.open('unfinished.bilevel');
  const list = page.locator('.suggest-widget.visible .monaco-list-row');
  const offered = async (line: number, column: number, typed: string, wanted: string): Promise<void> => {
    await stage.goTo(line, column);
    await page.keyboard.type(typed);
    await page.keyboard.press('Control+Space');
    await list.filter({ hasText: wanted }).first().waitFor();
  };
  await offered(11, 28, ' + log', 'logistic_loss');
  await workbench.screenshot('completion-atoms');
  await page.keyboard.press('Escape');
  await offered(14, 11, '', 'heavy_ball');
  await workbench.screenshot('completion-methods');
  await page.keyboard.press('Escape');
});

step('a half-typed file keeps its outline', async () => {
  const { page, workbench } = stage;
  const names = await stage.probe.ask(async ({ vscode }, of) => {
    const symbols = await vscode.commands.executeCommand<VSCode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      vscode.Uri.parse(of),
    );
    const walk = (list: readonly VSCode.DocumentSymbol[]): string[] =>
      list.flatMap(({ name, children }) => [name, ...walk(children)]);
    return walk(symbols);
  }, stage.uri('unfinished.bilevel'));
  for (const name of ['data', 'A', 'upper', 'theta', 'lower', 'x']) {
    assert.ok(
      names.some((each) => each.includes(name)),
      `${name} in ${names.join(', ')}`,
    );
  }
  const outline = page.locator('.pane-header').filter({ hasText: 'Outline' });
  await outline.click();
  await page.locator('.outline-tree .monaco-list-row').filter({ hasText: 'theta' }).first().waitFor();
  await workbench.screenshot('outline-half-typed');
  await outline.click();
  await stage.closeEditors();
});

step('rename, definition, references and formatting act as their names say', async () => {
  const { page, workbench } = stage;
  await stage.open('ridge.bilevel');
  await stage.goToText('ridge.bilevel', 'exp(lambda)', 5);
  await page.keyboard.press('F12');
  const [declared] = await stage.placeOf('ridge.bilevel', 'lambda : vector');
  await page.locator('.statusbar').getByText(`Ln ${declared}, Col 3`).waitFor();
  await page.keyboard.press('F2');
  const input = page.locator('.rename-box input');
  await input.waitFor();
  await workbench.screenshot('rename');
  await input.fill('penalty');
  await page.keyboard.press('Enter');
  await until('both places to be renamed', async () => {
    const text = await stage.text('ridge.bilevel');
    return text.includes('penalty : vector') && text.includes('exp(penalty)') && !text.includes('lambda');
  });
  await page.keyboard.press('Control+Z');
  await until('the undo', async () => (await stage.text('ridge.bilevel')).includes('exp(lambda)'));

  const before = await stage.text('ridge.bilevel');
  await stage.goTo(declared, 3);
  await page.keyboard.type('    ');
  await workbench.runCommand('Format Document');
  await until('the spaces to go', async () => {
    const text = await stage.text('ridge.bilevel');
    return !text.includes('      lambda') && text.includes('  lambda : vector');
  });
  assert.equal(await stage.text('ridge.bilevel'), before);
});

step('semantic tokens tell unknowns, data and atoms apart', async () => {
  const kinds = await stage.probe.ask(async ({ vscode }, of) => {
    const document = vscode.Uri.parse(of);
    const legend = await vscode.commands.executeCommand<VSCode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      document,
    );
    const tokens = await vscode.commands.executeCommand<VSCode.SemanticTokens>(
      'vscode.provideDocumentSemanticTokens',
      document,
    );
    const text = await vscode.workspace.openTextDocument(document);
    const found: [string, string][] = [];
    let line = 0;
    let start = 0;
    for (let at = 0; at < tokens.data.length; at += 5) {
      const [lines = 0, columns = 0, length = 0, type = 0] = tokens.data.subarray(at, at + 4);
      start = lines === 0 ? start + columns : columns;
      line += lines;
      const word = text.lineAt(line).text.slice(start, start + length);
      found.push([word, legend.tokenTypes[type] ?? '']);
    }
    return found;
  }, stage.uri('ridge.bilevel'));
  const kindOf = (word: string): string | undefined => kinds.find(([each]) => each === word)?.[1];
  assert.equal(kindOf('sumsq'), 'function');
  const different = new Set([kindOf('sumsq'), kindOf('w'), kindOf('Xall'), kindOf('m')]);
  assert.ok(!different.has(undefined) && different.size >= 3, JSON.stringify(kinds));
});
