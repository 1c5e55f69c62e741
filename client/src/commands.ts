/**
 * The commands of the palette, the editor title and the code lenses. Each acts on the document whose
 * uri it is given, else on the active `.bilevel` editor; running saves nothing and needs no save.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { clientCommands, serverCommands } from '../../server/src/protocol/editor.ts';
import { openReferenceCommand } from './rich-text.ts';
import type { ServerConnection } from './server-connection.ts';

const execute = promisify(execFile);

export function registerCommands(
  server: ServerConnection,
  channel: vscode.OutputChannel,
  context: vscode.ExtensionContext,
): vscode.Disposable[] {
  const onDocument = (name: string, serverCommand: string): vscode.Disposable =>
    vscode.commands.registerCommand(name, async (given?: unknown) => {
      const uri = uriOf(given);
      if (uri === undefined) {
        await vscode.window.showWarningMessage('Open a .bilevel file first: this command acts on it.');
        return;
      }
      if (!vscode.workspace.isTrusted && serverCommand !== serverCommands.cancel) {
        await askForTrust();
        return;
      }
      await server.request('workspace/executeCommand', { command: serverCommand, arguments: [uri] });
    });
  return [
    onDocument(clientCommands.run, serverCommands.run),
    onDocument(clientCommands.checkGradient, serverCommands.checkGradient),
    onDocument(clientCommands.cancel, serverCommands.cancel),
    vscode.commands.registerCommand(clientCommands.renameAt, renameAt),
    vscode.commands.registerCommand('bilevel.openSample', () => openSample(context)),
    vscode.commands.registerCommand('bilevel.restartServer', () => server.restart()),
    vscode.commands.registerCommand('bilevel.showOutput', () => channel.show()),
    vscode.commands.registerCommand(openReferenceCommand, (heading?: unknown) =>
      openReference(context, heading),
    ),
  ];
}

/** A code lens gives the uri as text, the editor title a Uri, the palette nothing. */
function uriOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (given instanceof vscode.Uri) return given.toString();
  const active = vscode.window.activeTextEditor?.document;
  return active?.languageId === 'bilevel' ? active.uri.toString() : undefined;
}

/** After an action that made up a name: the author is asked for a better one. */
async function renameAt(uri: string, position: { line: number; character: number }): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.uri.toString() !== vscode.Uri.parse(uri).toString()) return;
  const place = new vscode.Position(position.line, position.character);
  // By the place and not by the selection, which the window may set only after it was asked to rename.
  await vscode.commands.executeCommand('editor.action.rename', [editor.document.uri, place]);
}

/** The reference that belongs to this version, as a page beside the problem; `heading`: where to begin. */
async function openReference(context: vscode.ExtensionContext, heading: unknown): Promise<void> {
  const page = vscode.Uri.joinPath(context.extensionUri, 'grammar', 'README.md');
  const place = typeof heading === 'string' ? page.with({ fragment: heading }) : page;
  await vscode.commands.executeCommand('markdown.showPreviewToSide', place);
}

async function askForTrust(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const answer = await vscode.window.showWarningMessage(
    'This workspace is not trusted: its files are checked, but nothing is run and no data is read.',
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

/** Lists the samples and copies the chosen one, with its data, where it can be changed. */
async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const listed = await commandLine(context, ['samples', 'list']);
  const items = listed
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', ...title] = line.split(/\s{2,}/);
      return { label: name, detail: title.join(' ') };
    });
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Bilevel samples',
    placeHolder: 'A problem to copy, with its data, and open',
    matchOnDetail: true,
  });
  if (chosen === undefined) return;
  const folders = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Copy Here',
    title: `Where to copy ${chosen.label} and its data`,
    ...(vscode.workspace.workspaceFolders?.[0] && { defaultUri: vscode.workspace.workspaceFolders[0].uri }),
  });
  const folder = folders?.[0];
  if (folder === undefined) return;
  try {
    await commandLine(context, ['samples', 'copy', chosen.label, folder.fsPath]);
  } catch (error) {
    await vscode.window.showErrorMessage(reasonOf(error));
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, `${chosen.label}.bilevel`));
}

/** Runs the bundled command line with the editor's own Node; returns what it prints. */
async function commandLine(context: vscode.ExtensionContext, args: readonly string[]): Promise<string> {
  const program = join(context.extensionPath, 'dist', 'cli.cjs');
  const { stdout } = await execute(process.execPath, [program, ...args], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return stdout;
}

function reasonOf(error: unknown): string {
  const said = (error as { stderr?: string }).stderr?.trim();
  return said || (error instanceof Error ? error.message : String(error));
}
