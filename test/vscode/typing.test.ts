/**
 * What helps while typing, in the real VS Code: templates by completion with every place of theirs visited, brackets,
 * indentation, comments and words as the language configuration says, and formatting as one types.
 */
import assert from 'node:assert/strict';
import { encodeNpy } from '../../server/src/data/formats/npy-writer.ts';
import { filled, templates } from '../../server/src/features/completion/templates.ts';
import type { Template } from '../../server/src/features/completion/templates.ts';
import * as screen from './support/screen.ts';
import { stageForAll } from './support/stage.ts';
import { until } from './support/until.ts';

const names = [...Array(10).keys()].map((column) => `x${column + 1}`);
const table = [
  [...names, 'y'].join(','),
  ...[0, 1, 2, 3].map((row) => [...names.map((_, column) => (row * column) % 3), row % 2].join(',')),
].join('\n');

/** What a template needs around it; without an entry, nothing. */
const around: Readonly<Record<string, string>> = {
  'fixed point': `data {
  X : matrix[n, 2] = normal(0, 1, seed = 1)
  B : matrix[h, 2] = normal(0, 1, seed = 2)
}
let n = 4
let h = 3

upper {
  A : matrix[h, h] in spectral_ball(0.5) = 0
  minimize sumsq(z)
}
`,
  'lower each': `data {
  noisy : matrix[s, d] = normal(0, 1, seed = 1)
}
let s = 4
let d = 8

upper {
  alpha : scalar in [1e-4, 1] = 0.1
  minimize sumsq(u)
}
`,
  'learned regulariser': `data {
  clean : matrix[s, 64] = normal(0, 1, seed = 1)
  noisy : matrix[s, 64] = normal(0, 1, seed = 2)
}
let s = 4

`,
};

/** Something for the outline, which tells that the server knows the file. */
const heading = 'let scale = 1\n\n';

const fileOf = ({ label }: Template): string => `${label.replaceAll(/\W/gu, '-')}.bilevel`;

const labels = encodeNpy([4], Float64Array.of(0, 1, 2, 3));
const features = encodeNpy([4, 3], Float64Array.from(Array(12).keys()));

const { stage, step } = stageForAll({
  settings: { 'editor.formatOnType': true, 'editor.wordBasedSuggestions': 'off' },
  files: {
    'train.csv': table,
    'validation.csv': table,
    'X.npy': features,
    'X-validation.npy': features,
    'y.npy': labels,
    'y-validation.npy': labels,
    'typed.bilevel': heading,
    ...Object.fromEntries(templates.map((template) => [fileOf(template), around[template.label] ?? heading])),
  },
});

/** The texts that are selected, of the first cursor on. */
const selected = (): Promise<string[]> =>
  stage.probe.ask(({ vscode }) => {
    const editor = vscode.window.activeTextEditor;
    return (editor?.selections ?? []).map((each) => editor?.document.getText(each) ?? '');
  });

for (const template of templates) {
  step(`the template "${template.label}": every place is visited, and the text is right`, async () => {
    const { page, workbench } = stage;
    const path = fileOf(template);
    const before_ = around[template.label] ?? heading;
    await stage.open(path);
    await page.keyboard.press('Control+End');
    await page.keyboard.type(template.label.slice(0, 3));
    const row = screen.suggestions(page).filter({ hasText: template.label }).first();
    await row.waitFor();
    if (template === templates[0]) await workbench.screenshot('completion-templates');
    await row.click();
    const body = template.body.join('\n');
    await until('the text', async () => (await stage.text(path)) === before_ + filled(body));
    const places = [...new Set([...body.matchAll(/\$\{?(\d)/gu)].map(([, number = '']) => number))].sort();
    assert.ok(places.length > 0);
    for (const number of places) {
      const proposed = new RegExp(String.raw`\$\{${number}:((?:[^{}$]|\$\d)*)\}`, 'u').exec(body)?.[1] ?? '';
      const copies = [...body.matchAll(new RegExp(String.raw`\$\{?${number}`, 'gu'))].length;
      const found = await until(`the place ${number}`, async () => {
        const texts = await selected();
        // What is proposed may hold another place.
        return texts.length === copies && (proposed.includes('$') || texts[0] === proposed) && texts;
      });
      assert.equal(new Set(found).size, 1);
      await page.keyboard.press('Tab');
    }
    await until('the end', async () => {
      const [text] = await selected();
      return text === '';
    });
    await until('the check of it', async () => (await screen.lens(page, 'Run').count()) > 0);
    const wrong = (await stage.diagnostics(path)).filter(({ severity }) => severity === 'error');
    assert.deepEqual(wrong, []);
    if (template.label === 'lower each') await workbench.screenshot('template-filled');
    await stage.closeEditors();
  });
}

step('a place that occurs twice is written twice', async () => {
  const { page } = stage;
  await stage.open('typed.bilevel');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('ridge');
  await screen.suggestions(page).filter({ hasText: 'ridge regression' }).first().click();
  await until('the first place', async () => (await selected())[0] === 'title');
  await page.keyboard.type('Mine');
  await page.keyboard.press('Tab');
  await until('the second place', async () => (await selected())[0] === 'train.csv');
  await page.keyboard.press('Tab');
  await page.keyboard.type('9');
  await until('both', async () => {
    const text = await stage.text('typed.bilevel');
    return text.startsWith(`${heading}problem "Mine"`) && text.match(/columns = 1\.\.9\)/gu)?.length === 2;
  });
  await stage.closeEditors();
});

step('brackets close, blocks are indented, comments go on, words are whole', async () => {
  const { page, workbench } = stage;
  await stage.open('typed.bilevel');
  await page.keyboard.press('Control+End');
  const type = async (text: string): Promise<void> => {
    await page.keyboard.type(text);
    await page.keyboard.press('Escape');
  };
  const isText = (what: string, wanted: string): Promise<unknown> =>
    until(what, async () => (await stage.text('typed.bilevel')) === heading + wanted);
  await type('lower {');
  await isText('the closing brace', 'lower {}');
  await page.keyboard.press('Enter');
  await isText('an indented line between them', 'lower {\n  \n}');
  await type('λ₁ : vector[3');
  await isText('the closing bracket', 'lower {\n  λ₁ : vector[3]\n}');
  // The bracket that is there is written over.
  await type('] = 0 # one "two" three');
  await isText('no second quote in a comment', 'lower {\n  λ₁ : vector[3] = 0 # one "two" three\n}');
  for (let at = 0; at < ' three'.length; at++) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await isText('the comment to go on', 'lower {\n  λ₁ : vector[3] = 0 # one "two"\n  # three\n}');
  await page.keyboard.press('Control+/');
  await isText('it uncommented', 'lower {\n  λ₁ : vector[3] = 0 # one "two"\n  three\n}');
  await page.keyboard.press('Control+/');
  await isText('it commented again', 'lower {\n  λ₁ : vector[3] = 0 # one "two"\n  # three\n}');
  const word = await stage.probe.ask(({ vscode }) => {
    const document = vscode.window.activeTextEditor?.document;
    const range = document?.getWordRangeAtPosition(new vscode.Position(3, 3));
    return range === undefined ? '' : document?.getText(range);
  });
  assert.equal(word, 'λ₁');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await type('minimize sumsq(λ₁');
  await isText('the sum', 'lower {\n  λ₁ : vector[3] = 0 # one "two"\n  # three\n  minimize sumsq(λ₁)\n}');
  // What is selected is put in brackets.
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await type('(');
  await isText('brackets', 'lower {\n  λ₁ : vector[3] = 0 # one "two"\n  # three\n  minimize sumsq((λ₁))\n}');
  await workbench.runCommand('Go to Bracket');
  const column = await stage.probe.ask(
    ({ vscode }) => vscode.window.activeTextEditor?.selection.active.character,
  );
  assert.ok(column !== undefined && column > 16, String(column));
  await workbench.screenshot('typed');
  await workbench.runCommand('Fold All');
  await until('four lines left', async () => (await screen.shownLines(page)).length === 4);
  await workbench.runCommand('Unfold All');
});

step('a closing brace that is typed puts its block in order', async () => {
  const { page } = stage;
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await until('an empty file', async () => (await stage.text('typed.bilevel')) === '');
  const text = 'upper {\n      t:scalar=0\n   minimize   t ^ 2\n';
  await stage.probe.ask(({ vscode }, all) => {
    const editor = vscode.window.activeTextEditor;
    return editor?.edit((change) => change.insert(new vscode.Position(0, 0), all));
  }, text);
  await page.keyboard.press('Control+End');
  await page.keyboard.type('}');
  await until(
    'the block in order',
    async () => (await stage.text('typed.bilevel')) === 'upper {\n  t : scalar = 0\n  minimize t ^ 2\n}',
  );
  await stage.closeEditors();
});
