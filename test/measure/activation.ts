/**
 * How long the extension takes to be active in the real VS Code: in fresh windows without a problem open, from the
 * call until its exports are there, from then until the language server has told the outline of a sample; beside it
 * what VS Code itself takes for an extension that does nothing. Milliseconds, one line a window. The first windows
 * after a build find no compiled code of an earlier start.
 *
 *   node server/build/setup.mjs --host && node test/measure/activation.ts [WINDOWS]
 */
import { openStage } from '../vscode/support/stage.ts';

const windows = Number(process.argv[2] ?? 3);
/** Long enough for the programs to keep their compiled code for the next window. */
const stayMilliseconds = 4000;

for (let count = 0; count < windows; count++) {
  const stage = await openStage({ idleExtension: true });
  try {
    const [idle, activation, outline] = await stage.probe.ask(async ({ vscode }, uri) => {
      const activate = async (id: string): Promise<number> => {
        const extension = vscode.extensions.getExtension(id);
        if (extension === undefined || extension.isActive)
          throw new Error(`${id} is active before it is needed`);
        const begin = performance.now();
        await extension.activate();
        return performance.now() - begin;
      };
      const ofIdle = await activate('test.idle');
      const ofBilevel = await activate('bilevel.bilevel');
      const active = performance.now();
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
      let symbols: unknown;
      while (symbols === undefined) {
        symbols = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return [ofIdle, ofBilevel, performance.now() - active] as const;
    }, stage.uri('ridge.bilevel'));
    console.log(
      `active after ${activation.toFixed(0)} (an idle extension ${idle.toFixed(0)}), a sample outlined after ${outline.toFixed(0)} more`,
    );
    await new Promise((resolve) => setTimeout(resolve, stayMilliseconds));
  } finally {
    await stage.close();
  }
}
