/**
 * The status bar item: what the solver does for the document in front, with the real quantity it has
 * reached. A click runs the problem, or cancels it while it runs.
 */
import * as vscode from 'vscode';
import { clientCommands, type StatusParameters } from '../../server/src/protocol/editor.ts';

const icons: Readonly<Record<StatusParameters['state'], string>> = {
  idle: '$(play)',
  running: '$(sync~spin)',
  finished: '$(check)',
  failed: '$(error)',
  cancelled: '$(circle-slash)',
};

/** Longer texts push other items out of the bar; the tooltip has the whole. */
const longest = 90;

export class SolverStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'bilevel.status',
    vscode.StatusBarAlignment.Left,
    10,
  );
  private readonly byDocument = new Map<string, StatusParameters>();
  private readonly subscriptions = [
    vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.byDocument.delete(uri.toString())),
  ];

  constructor() {
    this.item.name = 'Bilevel solver';
    this.draw();
  }

  of(uri: string): StatusParameters | undefined {
    return this.byDocument.get(vscode.Uri.parse(uri).toString());
  }

  show(status: StatusParameters): void {
    const uri = vscode.Uri.parse(status.uri).toString();
    // As after closing: there is nothing to say.
    if (status.state === 'idle') this.byDocument.delete(uri);
    else this.byDocument.set(uri, status);
    this.draw();
  }

  /** Of all documents. */
  clear(): void {
    this.byDocument.clear();
    this.draw();
  }

  dispose(): void {
    this.item.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private draw(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'bilevel') {
      this.item.hide();
      return;
    }
    const status = this.byDocument.get(document.uri.toString());
    const state = status?.state ?? 'idle';
    const text = status === undefined || status.text === '' ? 'Bilevel' : status.text;
    this.item.text = `${status?.attention === true ? '$(warning)' : icons[state]} ${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}`;
    this.item.tooltip = state === 'running' ? `${text}\n\nClick to cancel.` : `${text}\n\nClick to run.`;
    this.item.command = state === 'running' ? clientCommands.cancel : clientCommands.run;
    this.item.show();
  }
}
