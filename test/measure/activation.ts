/**
 * How long the extension takes to be active in the real VS Code: in fresh windows without a problem open, from the
 * call until its exports are there, from then until the language server has told the outline of a sample. Milliseconds,
 * one line a window.
 *
 *   node server/build/setup.mjs --host && node test/measure/activation.ts [WINDOWS]
 */
import { openStage } from '../vscode/support/stage.ts';

const windows = Number(process.argv[2] ?? 3);
for (let count = 0; count < windows; count++) {
  const stage = await openStage();
  try {
    const [activation, outline] = await stage.probe.ask(async ({ vscode }, uri) => {
      const extension = vscode.extensions.getExtension('bilevel.bilevel');
      if (extension === undefined || extension.isActive) throw new Error('it is active before it is needed');
      const begin = performance.now();
      await extension.activate();
      const active = performance.now();
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
      let outline: unknown;
      while (outline === undefined) {
        outline = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return [active - begin, performance.now() - active] as const;
    }, stage.uri('ridge.bilevel'));
    console.log(`active after ${activation.toFixed(0)}, a sample outlined after ${outline.toFixed(0)} more`);
  } finally {
    await stage.close();
  }
}
